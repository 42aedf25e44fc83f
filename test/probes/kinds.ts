/** Three kinds that most behaviours are asked of: a built-in one, one of Istio's, one with a status of its own. */
import type { JsonObject } from '../../src/object.ts';
import { NAMESPACE } from './probe.ts';

export interface Kind {
  name: string;
  path: string;
  apiVersion: string;
  kind: string;
  /** A sound object. */
  object(name: string, more?: JsonObject): JsonObject;
  /** A merge patch that changes it, and one that changes nothing. */
  change: JsonObject;
  /** JSON pointer of what `change` changes, and its values before and after. */
  field: { pointer: string; before: string; after: string };
}

const inNamespace = (group: string, plural: string) => `${group}/namespaces/${NAMESPACE}/${plural}`;

function meta(name: string, more: JsonObject = {}): JsonObject {
  return { name, namespace: NAMESPACE, ...more };
}

export const CONFIG_MAP: Kind = {
  name: 'ConfigMap',
  path: inNamespace('/api/v1', 'configmaps'),
  apiVersion: 'v1',
  kind: 'ConfigMap',
  object: (name, more) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: meta(name, more), data: { color: 'red' } }),
  change: { data: { color: 'blue' } },
  field: { pointer: '/data/color', before: 'red', after: 'blue' },
};

export const VIRTUAL_SERVICE: Kind = {
  name: 'VirtualService',
  path: inNamespace('/apis/networking.istio.io/v1', 'virtualservices'),
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  object: (name, more) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: meta(name, more),
    spec: { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'reviews', subset: 'v1' } }] }] },
  }),
  change: { spec: { http: [{ route: [{ destination: { host: 'reviews', subset: 'v2' } }] }] } },
  field: { pointer: '/spec/http/0/route/0/destination/subset', before: 'v1', after: 'v2' },
};

export const MESH_CHANGE: Kind = {
  name: 'MeshChange',
  path: inNamespace('/apis/meshbot.dev/v1alpha1', 'meshchanges'),
  apiVersion: 'meshbot.dev/v1alpha1',
  kind: 'MeshChange',
  object: (name, more) => ({
    apiVersion: 'meshbot.dev/v1alpha1',
    kind: 'MeshChange',
    metadata: meta(name, more),
    spec: {
      verb: 'shift',
      text: 'shift reviews v3 50',
      arguments: { service: 'reviews' },
      requester: { team: 'T1', user: 'U1' },
      origin: { channel: 'C1' },
    },
  }),
  change: { metadata: { labels: { color: 'blue' } } },
  field: { pointer: '/metadata/labels/color', before: 'red', after: 'blue' },
};

export const KINDS: readonly Kind[] = [CONFIG_MAP, VIRTUAL_SERVICE, MESH_CHANGE];
