/** A small mesh in few words: a service with pods in versions, its rule, and the VirtualServices of a fixture. */

import { World } from '../../../src/istio/world.ts';
import type { JsonObject, KubeObject } from '../../../src/object.ts';

const CREATED = '2026-01-01T00:00:00Z';

export function service(name: string, selector: Record<string, string> = { app: name }, port = 'http'): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: { selector, ports: [{ name: port, port: 9080 }] },
  };
}

export function pod(app: string, version: string | undefined, index = 0, ready = true): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${app}-${version ?? 'bare'}-${index}`,
      namespace: 'default',
      labels: { app, ...(version !== undefined && { version }) },
    },
    status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}

export function rule(host: string, versions: string[], more: JsonObject = {}, namespace = 'default'): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: {
      name: host.split('.')[0]!,
      namespace,
      uid: `dr-${host}`,
      resourceVersion: '1',
      creationTimestamp: CREATED,
    },
    spec: { host, subsets: versions.map(name => ({ name, labels: { version: name } })), ...more },
  };
}

export function virtualService(
  name: string,
  spec: JsonObject,
  metadata: Partial<KubeObject['metadata']> = {},
): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name,
      namespace: 'default',
      uid: `vs-${name}`,
      resourceVersion: '1',
      creationTimestamp: CREATED,
      ...metadata,
    },
    spec,
  };
}

/** reviews in v1, v2 and v3, one Ready pod each. */
export function reviews(...objects: KubeObject[]): World {
  return new World([
    service('reviews'),
    ...['v1', 'v2', 'v3'].map(version => pod('reviews', version)),
    rule('reviews', ['v1', 'v2', 'v3']),
    ...objects,
  ]);
}

export const REVIEWS = 'reviews.default.svc.cluster.local';
