/** A cluster with many VirtualServices, some of them of services that can really be shifted. */
import type { KubeObject } from '../src/object.ts';
import { bookinfoManifests } from '../src/sandbox/bookinfo/manifests.ts';
import { meshbotManifests, OWN_NAMESPACE } from '../src/sandbox/cluster.ts';
import { type LocalKubernetes, startKubernetes } from '../src/sandbox/kubernetes/kubernetes.ts';

export interface Crowd {
  /** VirtualServices in all. */
  virtualServices: number;
  /** Of these, so many belong to services with two versions: `svc-0`, `svc-1`, … in namespace default. */
  services: number;
}

export async function startCrowd(size: Crowd): Promise<LocalKubernetes> {
  const kubernetes = await startKubernetes();
  kubernetes.requests.record(false);
  for (const object of [...meshbotManifests(), ...bookinfoManifests(), ...crowd(size)]) kubernetes.apply(object);
  kubernetes.requests.record(true);
  return kubernetes;
}

/** Its objects, as people would write them. */
export function crowd({ virtualServices, services }: Crowd): KubeObject[] {
  const objects: KubeObject[] = [];
  for (let index = 0; index < services; index++) objects.push(...shiftable(`svc-${index}`));
  for (let index = services; index < virtualServices; index++) objects.push(routing(`other-${index}`));
  return objects;
}

export const OWN = OWN_NAMESPACE;

function routing(name: string): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'default', labels: { app: name, team: `team-${name.length}` } },
    spec: {
      hosts: [name],
      http: [
        {
          match: [{ headers: { 'end-user': { exact: 'jason' } } }],
          route: [{ destination: { host: name, subset: 'v2' } }],
        },
        { route: [{ destination: { host: name, subset: 'v1' }, weight: 100 }], timeout: '5s' },
      ],
    },
  };
}

function shiftable(name: string): KubeObject[] {
  const subsets = ['v1', 'v2'].map(version => ({ name: version, labels: { version } }));
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'default' },
      spec: { selector: { app: name }, ports: [{ name: 'http', port: 9080 }] },
    },
    ...subsets.map(
      ({ name: version }): KubeObject => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: `${name}-${version}`, namespace: 'default', labels: { app: name, version } },
        spec: { containers: [{ name: 'app', image: 'app' }] },
        status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
      }),
    ),
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name, namespace: 'default' },
      spec: { host: name, subsets },
    },
    routing(name),
  ];
}
