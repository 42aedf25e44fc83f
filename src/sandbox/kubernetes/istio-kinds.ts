/** Istio's CRDs as Istio installs them: names, versions and columns here, schemas from the npm package. */
import type { Json, JsonObject, KubeObject } from '../../object.ts';
import { completeSchema } from './istio-rules.ts';
import { istioSpecSchema } from './istio-schemas.ts';
import type { Schema } from './schema.ts';

interface IstioKind {
  group: 'networking' | 'security' | 'telemetry' | 'extensions';
  kind: string;
  plural: string;
  short?: string;
  /** The storage version first. */
  versions: string[];
  columns: [name: string, jsonPath: string][];
}

const AGE: [string, string] = ['Age', '.metadata.creationTimestamp'];
const ALL = ['v1', 'v1beta1', 'v1alpha3'];

const KINDS: IstioKind[] = [
  {
    group: 'networking',
    kind: 'VirtualService',
    plural: 'virtualservices',
    short: 'vs',
    versions: ALL,
    columns: [['Gateways', '.spec.gateways'], ['Hosts', '.spec.hosts'], AGE],
  },
  {
    group: 'networking',
    kind: 'DestinationRule',
    plural: 'destinationrules',
    short: 'dr',
    versions: ALL,
    columns: [['Host', '.spec.host'], AGE],
  },
  { group: 'networking', kind: 'Gateway', plural: 'gateways', short: 'gw', versions: ALL, columns: [] },
  {
    group: 'networking',
    kind: 'ServiceEntry',
    plural: 'serviceentries',
    short: 'se',
    versions: ALL,
    columns: [['Hosts', '.spec.hosts'], ['Location', '.spec.location'], ['Resolution', '.spec.resolution'], AGE],
  },
  { group: 'networking', kind: 'Sidecar', plural: 'sidecars', versions: ALL, columns: [] },
  {
    group: 'networking',
    kind: 'WorkloadEntry',
    plural: 'workloadentries',
    short: 'we',
    versions: ALL,
    columns: [AGE, ['Address', '.spec.address']],
  },
  { group: 'networking', kind: 'WorkloadGroup', plural: 'workloadgroups', short: 'wg', versions: ALL, columns: [AGE] },
  { group: 'networking', kind: 'EnvoyFilter', plural: 'envoyfilters', versions: ['v1alpha3'], columns: [] },
  { group: 'networking', kind: 'ProxyConfig', plural: 'proxyconfigs', versions: ['v1beta1'], columns: [] },
  {
    group: 'security',
    kind: 'AuthorizationPolicy',
    plural: 'authorizationpolicies',
    short: 'ap',
    versions: ['v1', 'v1beta1'],
    columns: [['Action', '.spec.action'], AGE],
  },
  {
    group: 'security',
    kind: 'PeerAuthentication',
    plural: 'peerauthentications',
    short: 'pa',
    versions: ['v1', 'v1beta1'],
    columns: [['Mode', '.spec.mtls.mode'], AGE],
  },
  {
    group: 'security',
    kind: 'RequestAuthentication',
    plural: 'requestauthentications',
    short: 'ra',
    versions: ['v1', 'v1beta1'],
    columns: [],
  },
  {
    group: 'telemetry',
    kind: 'Telemetry',
    plural: 'telemetries',
    short: 'telemetry',
    versions: ['v1', 'v1alpha1'],
    columns: [AGE],
  },
  { group: 'extensions', kind: 'WasmPlugin', plural: 'wasmplugins', versions: ['v1alpha1'], columns: [AGE] },
];

/** Whose CRD demands that there is a spec. */
const NEED_SPEC = new Set(['ServiceEntry', 'WorkloadEntry', 'WorkloadGroup', 'WasmPlugin']);

let made: KubeObject[] | undefined;

/** CustomResourceDefinitions of all of them, made once. */
export function istioCrds(): KubeObject[] {
  made ??= KINDS.map(crd);
  return structuredClone(made);
}

function crd({ group, kind, plural, short, versions, columns }: IstioKind): KubeObject {
  const [storage = 'v1'] = versions;
  const spec = completeSchema(kind, istioSpecSchema(`${title(group)}IstioIo${title(storage)}${kind}`));
  const schema: Schema = {
    type: 'object',
    properties: { spec, status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    ...(NEED_SPEC.has(kind) ? { required: ['spec'] } : {}),
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}.istio.io`,
      labels: { app: 'istio-pilot', chart: 'istio', heritage: 'Tiller', release: 'istio' },
    },
    spec: {
      group: `${group}.istio.io`,
      scope: 'Namespaced',
      names: {
        kind,
        plural,
        singular: kind.toLowerCase(),
        listKind: `${kind}List`,
        categories: ['istio-io', `${group}-istio-io`],
        ...(short ? { shortNames: [short] } : {}),
      },
      versions: versions.map(
        (name): JsonObject => ({
          name,
          served: true,
          storage: name === storage,
          schema: { openAPIV3Schema: schema as unknown as Json },
          subresources: { status: {} },
          ...(columns.length > 0 ? { additionalPrinterColumns: columns.map(column) } : {}),
        }),
      ),
    },
  };
}

function column([name, jsonPath]: [string, string]): JsonObject {
  return { name, jsonPath, type: name === 'Age' ? 'date' : 'string' };
}

function title(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}
