/** Kubernetes' own kinds that are served: names, scope and how each behaves, as kube-apiserver has them. */
import { builtinPrinter } from './builtin-columns.ts';
import { DEFAULTS } from './builtin-defaults.ts';
import { modelSchema } from './builtin-schemas.ts';
import { crdFaults } from './crd.ts';
import type { Resource } from './resources.ts';

interface Builtin {
  group?: string;
  kind: string;
  plural: string;
  short?: string[];
  /** `all` is what `kubectl get all` shows. */
  categories?: string[];
  /** client-node's model; without one nothing is checked of its fields. */
  model?: string;
  version?: string;
  cluster?: true;
  status?: true;
  generation?: true;
  /** PUT creates what is not there. */
  puts?: true;
  /** PUT demands a resourceVersion. */
  strictUpdate?: true;
  returnsDeleted?: true;
  virtual?: true;
}

const RBAC = 'rbac.authorization.k8s.io';
const AUTHORIZATION = 'authorization.k8s.io';

const BUILTINS: Builtin[] = [
  { kind: 'Namespace', plural: 'namespaces', short: ['ns'], model: 'V1Namespace', cluster: true, status: true },
  {
    kind: 'Pod',
    plural: 'pods',
    short: ['po'],
    categories: ['all'],
    model: 'V1Pod',
    status: true,
    returnsDeleted: true,
  },
  {
    kind: 'Service',
    plural: 'services',
    short: ['svc'],
    categories: ['all'],
    model: 'V1Service',
    status: true,
    returnsDeleted: true,
  },
  { kind: 'Endpoints', plural: 'endpoints', short: ['ep'], model: 'V1Endpoints', puts: true },
  { kind: 'ConfigMap', plural: 'configmaps', short: ['cm'], model: 'V1ConfigMap' },
  { kind: 'Secret', plural: 'secrets', model: 'V1Secret' },
  {
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    short: ['sa'],
    model: 'V1ServiceAccount',
    returnsDeleted: true,
  },
  { kind: 'Event', plural: 'events', short: ['ev'], model: 'CoreV1Event', puts: true },
  { kind: 'Node', plural: 'nodes', short: ['no'], model: 'V1Node', cluster: true, status: true },
  {
    group: 'apps',
    kind: 'Deployment',
    plural: 'deployments',
    short: ['deploy'],
    categories: ['all'],
    model: 'V1Deployment',
    status: true,
    generation: true,
  },
  {
    group: 'apps',
    kind: 'ReplicaSet',
    plural: 'replicasets',
    short: ['rs'],
    categories: ['all'],
    model: 'V1ReplicaSet',
    status: true,
    generation: true,
  },
  { group: 'discovery.k8s.io', kind: 'EndpointSlice', plural: 'endpointslices', model: 'V1EndpointSlice' },
  {
    group: 'coordination.k8s.io',
    kind: 'Lease',
    plural: 'leases',
    model: 'V1Lease',
    puts: true,
    strictUpdate: true,
  },
  {
    group: 'apiextensions.k8s.io',
    kind: 'CustomResourceDefinition',
    plural: 'customresourcedefinitions',
    short: ['crd', 'crds'],
    categories: ['api-extensions'],
    cluster: true,
    status: true,
    generation: true,
    strictUpdate: true,
  },
  { group: RBAC, kind: 'Role', plural: 'roles', model: 'V1Role', puts: true },
  { group: RBAC, kind: 'RoleBinding', plural: 'rolebindings', model: 'V1RoleBinding', puts: true },
  { group: RBAC, kind: 'ClusterRole', plural: 'clusterroles', model: 'V1ClusterRole', cluster: true, puts: true },
  {
    group: RBAC,
    kind: 'ClusterRoleBinding',
    plural: 'clusterrolebindings',
    model: 'V1ClusterRoleBinding',
    cluster: true,
    puts: true,
  },
  {
    group: AUTHORIZATION,
    kind: 'SelfSubjectAccessReview',
    plural: 'selfsubjectaccessreviews',
    cluster: true,
    virtual: true,
  },
  {
    group: AUTHORIZATION,
    kind: 'SelfSubjectRulesReview',
    plural: 'selfsubjectrulesreviews',
    cluster: true,
    virtual: true,
  },
  { group: AUTHORIZATION, kind: 'SubjectAccessReview', plural: 'subjectaccessreviews', cluster: true, virtual: true },
  { group: AUTHORIZATION, kind: 'LocalSubjectAccessReview', plural: 'localsubjectaccessreviews', virtual: true },
  {
    group: 'authentication.k8s.io',
    kind: 'SelfSubjectReview',
    plural: 'selfsubjectreviews',
    cluster: true,
    virtual: true,
  },
];

/** All of them, ready for the catalog. */
export function builtinResources(): Resource[] {
  return BUILTINS.map(builtin => {
    const schema = builtin.model ? modelSchema(builtin.model) : undefined;
    const defaults = DEFAULTS[builtin.kind];
    return {
      group: builtin.group ?? '',
      versions: [builtin.version ?? 'v1'],
      storage: builtin.version ?? 'v1',
      kind: builtin.kind,
      plural: builtin.plural,
      singular: builtin.kind.toLowerCase(),
      shortNames: builtin.short ?? [],
      categories: builtin.categories ?? [],
      namespaced: !builtin.cluster,
      status: builtin.status ?? false,
      custom: false,
      ...(builtin.virtual ? { virtual: true } : {}),
      unconditionalUpdate: !builtin.strictUpdate,
      createOnUpdate: builtin.puts ?? false,
      generation: builtin.generation ?? false,
      returnsDeleted: builtin.returnsDeleted ?? false,
      schema: () => schema,
      printer: () => builtinPrinter(builtin.kind),
      ...(builtin.kind === 'CustomResourceDefinition' ? { rules: crdFaults } : {}),
      ...(defaults ? { defaults } : {}),
    };
  });
}
