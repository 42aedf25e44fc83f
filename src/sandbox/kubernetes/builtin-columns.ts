/** What `kubectl get` shows of Kubernetes' own kinds, as kube-apiserver's printers make it. */
import type { Json, JsonObject, KubeObject } from '../../object.ts';
import { age } from './json-path.ts';
import type { Column, Printer } from './resources.ts';
import { isObject } from './schema.ts';

type Cell = string | number;

interface Printing {
  columns: string[];
  /** Shown only with `-o wide`. */
  wide?: string[];
  /** Cells after the name, the wide ones last. */
  cells(object: KubeObject, now: number): Cell[];
}

const created = (object: KubeObject, now: number) => age(object.metadata.creationTimestamp, now);
const at = (value: unknown, ...path: string[]): Json | undefined =>
  path.reduce<Json | undefined>((found, field) => (isObject(found) ? found[field] : undefined), value as Json);
const text = (value: Json | undefined, otherwise = '<none>') =>
  value === undefined || value === null || value === '' ? otherwise : String(value);
const list = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
const count = (value: Json | undefined) => (typeof value === 'number' ? value : 0);
const size = (value: unknown) => Object.keys((value ?? {}) as object).length;
const pairs = (value: Json | undefined) =>
  isObject(value) && size(value) > 0
    ? Object.entries(value)
        .map(([key, inner]) => `${key}=${inner}`)
        .join(',')
    : '<none>';

const PRINTINGS: Record<string, Printing> = {
  Namespace: { columns: ['Status', 'Age'], cells: (ns, now) => [text(at(ns.status, 'phase'), ''), created(ns, now)] },
  Pod: {
    columns: ['Ready', 'Status', 'Restarts', 'Age'],
    wide: ['IP', 'Node', 'Nominated Node', 'Readiness Gates'],
    cells: podCells,
  },
  Service: {
    columns: ['Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age'],
    wide: ['Selector'],
    cells: (service, now) => [
      text(at(service.spec, 'type'), 'ClusterIP'),
      text(at(service.spec, 'clusterIP')),
      externalIp(service),
      list(at(service.spec, 'ports')).map(servicePort).join(',') || '<none>',
      created(service, now),
      pairs(at(service.spec, 'selector')),
    ],
  },
  Endpoints: {
    columns: ['Endpoints', 'Age'],
    cells: (endpoints, now) => [
      some(
        list(endpoints.subsets).flatMap(subset =>
          list(subset.addresses).flatMap(address =>
            list(subset.ports).map(port => `${text(address.ip)}:${text(port.port)}`),
          ),
        ),
      ),
      created(endpoints, now),
    ],
  },
  EndpointSlice: {
    columns: ['AddressType', 'Ports', 'Endpoints', 'Age'],
    cells: (slice, now) => [
      text(slice.addressType as Json),
      some(
        list(slice.ports).map(port => text(port.port)),
        '<unset>',
      ),
      some(
        list(slice.endpoints).flatMap(endpoint =>
          Array.isArray(endpoint.addresses) ? endpoint.addresses.map(String) : [],
        ),
        '<unset>',
      ),
      created(slice, now),
    ],
  },
  ConfigMap: {
    columns: ['Data', 'Age'],
    cells: (map, now) => [size(map.data) + size(map.binaryData), created(map, now)],
  },
  Secret: {
    columns: ['Type', 'Data', 'Age'],
    cells: (secret, now) => [text(secret.type as Json, ''), size(secret.data), created(secret, now)],
  },
  ServiceAccount: {
    columns: ['Secrets', 'Age'],
    cells: (account, now) => [list(account.secrets).length, created(account, now)],
  },
  Event: {
    columns: ['Last Seen', 'Type', 'Reason', 'Object', 'Message'],
    cells: (event, now) => [
      age(text((event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp) as Json, ''), now),
      text(event.type as Json, ''),
      text(event.reason as Json, ''),
      `${text(at(event.involvedObject, 'kind'), '').toLowerCase()}/${text(at(event.involvedObject, 'name'), '')}`,
      text(event.message as Json, '').trim(),
    ],
  },
  Node: {
    columns: ['Status', 'Roles', 'Age', 'Version'],
    cells: (node, now) => [
      list(at(node.status, 'conditions')).some(({ type, status }) => type === 'Ready' && status === 'True')
        ? 'Ready'
        : 'NotReady',
      some(
        Object.keys(node.metadata.labels ?? {})
          .filter(label => label.startsWith('node-role.kubernetes.io/'))
          .map(label => label.slice('node-role.kubernetes.io/'.length)),
      ),
      created(node, now),
      text(at(node.status, 'nodeInfo', 'kubeletVersion'), ''),
    ],
  },
  Deployment: {
    columns: ['Ready', 'Up-to-date', 'Available', 'Age'],
    wide: ['Containers', 'Images', 'Selector'],
    cells: (deployment, now) => [
      `${count(at(deployment.status, 'readyReplicas'))}/${count(at(deployment.spec, 'replicas'))}`,
      count(at(deployment.status, 'updatedReplicas')),
      count(at(deployment.status, 'availableReplicas')),
      created(deployment, now),
      ...containersAndSelector(deployment),
    ],
  },
  ReplicaSet: {
    columns: ['Desired', 'Current', 'Ready', 'Age'],
    wide: ['Containers', 'Images', 'Selector'],
    cells: (set, now) => [
      count(at(set.spec, 'replicas')),
      count(at(set.status, 'replicas')),
      count(at(set.status, 'readyReplicas')),
      created(set, now),
      ...containersAndSelector(set),
    ],
  },
  Lease: {
    columns: ['Holder', 'Age'],
    cells: (lease, now) => [text(at(lease.spec, 'holderIdentity'), ''), created(lease, now)],
  },
  CustomResourceDefinition: { columns: ['Created At'], cells: crd => [crd.metadata.creationTimestamp ?? ''] },
  Role: { columns: ['Created At'], cells: role => [role.metadata.creationTimestamp ?? ''] },
  ClusterRole: { columns: ['Created At'], cells: role => [role.metadata.creationTimestamp ?? ''] },
  RoleBinding: { columns: ['Role', 'Age'], cells: binding },
  ClusterRoleBinding: { columns: ['Role', 'Age'], cells: binding },
};

const PLAIN: Printing = { columns: ['Age'], cells: (object, now) => [created(object, now)] };

export function builtinPrinter(kind: string): Printer {
  const { columns, wide = [], cells } = PRINTINGS[kind] ?? PLAIN;
  const column = (name: string, priority: number): Column => ({
    name,
    type: 'string',
    format: '',
    description: '',
    priority,
  });
  return {
    columns: [
      { ...column('Name', 0), format: 'name' },
      ...columns.map(name => column(name, 0)),
      ...wide.map(name => column(name, 1)),
    ],
    cells: (object, now) => [object.metadata.name, ...cells(object, now)],
  };
}

function podCells(pod: KubeObject, now: number): Cell[] {
  const containers = list(at(pod.spec, 'containers'));
  const statuses = list(at(pod.status, 'containerStatuses'));
  const waiting = statuses
    .map(status => at(status.state, 'waiting', 'reason') ?? at(status.state, 'terminated', 'reason'))
    .find(reason => reason !== undefined);
  const phase = text(at(pod.status, 'reason') ?? waiting ?? at(pod.status, 'phase'), 'Unknown');
  return [
    `${statuses.filter(status => status.ready === true).length}/${containers.length}`,
    pod.metadata.deletionTimestamp ? 'Terminating' : phase,
    statuses.reduce((sum, status) => sum + count(status.restartCount), 0),
    created(pod, now),
    text(at(pod.status, 'podIP')),
    text(at(pod.spec, 'nodeName')),
    text(at(pod.status, 'nominatedNodeName')),
    '<none>',
  ];
}

function externalIp(service: KubeObject): string {
  const own = at(service.spec, 'externalIPs');
  const fixed = Array.isArray(own) ? own.map(String) : [];
  switch (at(service.spec, 'type')) {
    case 'ExternalName':
      return text(at(service.spec, 'externalName'));
    case 'LoadBalancer': {
      const given = list(at(service.status, 'loadBalancer', 'ingress')).map(each => text(each.ip ?? each.hostname));
      return some([...given, ...fixed], '<pending>');
    }
    default:
      return some(fixed);
  }
}

function servicePort(port: JsonObject): string {
  const node = port.nodePort ? `:${port.nodePort}` : '';
  return `${text(port.port)}${node}/${text(port.protocol, 'TCP')}`;
}

function containersAndSelector(object: KubeObject): Cell[] {
  const containers = list(at(object.spec, 'template', 'spec', 'containers'));
  return [
    containers.map(container => text(container.name)).join(','),
    containers.map(container => text(container.image)).join(','),
    pairs(at(object.spec, 'selector', 'matchLabels')),
  ];
}

function binding(object: KubeObject, now: number): Cell[] {
  return [`${text(at(object.roleRef, 'kind'), '')}/${text(at(object.roleRef, 'name'), '')}`, created(object, now)];
}

/** Three are named, the rest counted. */
function some(names: string[], none = '<none>'): string {
  if (names.length === 0) return none;
  return names.length > 3 ? `${names.slice(0, 3).join(',')} + ${names.length - 3} more...` : names.join(',');
}
