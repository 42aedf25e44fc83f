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

export async function startCrowd({ virtualServices, services }: Crowd): Promise<LocalKubernetes> {
  const kubernetes = await startKubernetes();
  kubernetes.requests.record(false);
  for (const object of [...meshbotManifests(), ...bookinfoManifests()]) kubernetes.apply(object);
  for (let index = 0; index < services; index++)
    for (const object of shiftable(`svc-${index}`)) kubernetes.apply(object);
  for (let index = services; index < virtualServices; index++) kubernetes.apply(routing(`other-${index}`));
  kubernetes.requests.record(true);
  return kubernetes;
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
