/** The mesh of a schedule: four services, each routed in another way so far. */
import type { JsonObject, KubeObject, ObjectRef } from '../../../../src/object.ts';

const NETWORKING = 'networking.istio.io/v1';
const VERSIONS = ['v1', 'v3'];

/** `routed` by a VirtualService; `split` into subsets only; `bare` of both; `forked` over two routes of equal right. */
const SERVICES = ['routed', 'split', 'bare', 'forked'];

/** What the name of each says, as objects of one namespace. */
export function meshOf(namespace: string): KubeObject[] {
  const at = (name: string, labels?: Record<string, string>) => ({ name, namespace, ...(labels && { labels }) });
  const workloads = SERVICES.flatMap((name): KubeObject[] => [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: at(name),
      spec: { selector: { app: name }, ports: [{ name: 'http', port: 9080, targetPort: 9080 }] },
    },
    ...VERSIONS.map(version => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: at(`${name}-${version}`, { app: name, version }),
      spec: { containers: [{ name: 'app', image: 'example.com/app:1' }] },
      status: { phase: 'Running', podIP: '192.0.2.9', conditions: [{ type: 'Ready', status: 'True' }] },
    })),
  ]);
  const subsets = VERSIONS.map(name => ({ name, labels: { version: name } }));
  const rules = ['routed', 'split', 'forked'].map(name => ({
    apiVersion: NETWORKING,
    kind: 'DestinationRule',
    metadata: at(name),
    spec: { host: name, subsets },
  }));
  return [...workloads, ...rules, virtualService('routed', namespace, 0), forked(namespace)];
}

export function virtualServiceRef(name: string, namespace: string): ObjectRef {
  return { apiVersion: NETWORKING, kind: 'VirtualService', namespace, name };
}

/** Sends `v3` percent to v3 and the rest to v1. `base`: all else stays as it is there. */
export function virtualService(name: string, namespace: string, v3: number, base?: KubeObject): KubeObject {
  return {
    ...virtualServiceOf(name, namespace, [{ route: [to(name, 'v1', 100 - v3), to(name, 'v3', v3)] }]),
    ...(base && { metadata: base.metadata }),
  };
}

function forked(namespace: string): KubeObject {
  const route = (name: string, header: string): JsonObject => ({
    name,
    match: [{ headers: { [header]: { exact: '1' } } }],
    route: [to('forked', 'v1', 100)],
  });
  return virtualServiceOf('forked', namespace, [route('one', 'x-one'), route('two', 'x-two')]);
}

function virtualServiceOf(name: string, namespace: string, http: JsonObject[]): KubeObject {
  return {
    apiVersion: NETWORKING,
    kind: 'VirtualService',
    metadata: { name, namespace },
    spec: { hosts: [name], http },
  };
}

function to(host: string, subset: string, weight: number): JsonObject {
  return { destination: { host, subset }, weight };
}
