/** Server-side apply between several managers, and patches that some kinds do not take. */
import { CONFIG_MAP, MESH_CHANGE, VIRTUAL_SERVICE } from '../kinds.ts';
import { apply, get, merge, type Probe, post, probe, put, quiet, strategic, versionOf } from '../probe.ts';

const map = `${CONFIG_MAP.path}/one`;
const service = `${VIRTUAL_SERVICE.path}/one`;
const configMap = (data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'one' },
  data,
});
const hosts = (...names: string[]) => ({ ...VIRTUAL_SERVICE.object('one'), spec: { hosts: names } });

export default [
  probe(
    'two managers apply different fields',
    quiet(apply(`${map}?fieldManager=first`, configMap({ a: '1' }))),
    apply(`${map}?fieldManager=second`, configMap({ b: '2' })),
  ),
  probe(
    'two managers apply the same value',
    quiet(apply(`${map}?fieldManager=first`, configMap({ a: '1' }))),
    apply(`${map}?fieldManager=second`, configMap({ a: '1' })),
  ),
  probe(
    'another manager’s field is a conflict',
    quiet(apply(`${map}?fieldManager=first`, configMap({ a: '1' }))),
    apply(`${map}?fieldManager=second`, configMap({ a: '2' })),
  ),
  probe(
    'another manager’s field is taken by force',
    quiet(apply(`${map}?fieldManager=first`, configMap({ a: '1' }))),
    apply(`${map}?fieldManager=second&force=true`, configMap({ a: '2' })),
  ),
  probe(
    'a field that is applied no more is taken away',
    quiet(apply(`${map}?fieldManager=first`, configMap({ a: '1', b: '2' }))),
    apply(`${map}?fieldManager=first`, configMap({ a: '1' })),
  ),
  probe(
    'a field that another manager has too stays',
    quiet(apply(`${map}?fieldManager=first`, configMap({ a: '1', b: '2' }))),
    quiet(apply(`${map}?fieldManager=second`, configMap({ b: '2' }))),
    apply(`${map}?fieldManager=first`, configMap({ a: '1' })),
  ),
  probe(
    'apply with a stale version is a conflict',
    quiet(apply(`${map}?fieldManager=first`, configMap({ a: '1' }))),
    apply(`${map}?fieldManager=first`, { ...configMap({ a: '2' }), metadata: { name: 'one', resourceVersion: '1' } }),
  ),
  probe('apply takes YAML', {
    ...apply(`${map}?fieldManager=first`, {}),
    body: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: one }\ndata: { a: "1" }\n',
  }),
  probe(
    'a list of Istio’s is applied whole',
    quiet(apply(`${service}?fieldManager=first`, hosts('a', 'b'))),
    apply(`${service}?fieldManager=second`, hosts('c')),
  ),
  probe(
    'a list of Istio’s is taken whole by force',
    quiet(apply(`${service}?fieldManager=first`, hosts('a', 'b'))),
    apply(`${service}?fieldManager=second&force=true`, hosts('c')),
  ),
  probe(
    'a field written by a merge patch is a conflict for apply',
    quiet(post(`${CONFIG_MAP.path}?fieldManager=hand`, configMap({ a: '1' }))),
    apply(`${map}?fieldManager=first`, configMap({ a: '2' })),
  ),
  probe(
    'force without apply is refused',
    quiet(post(CONFIG_MAP.path, configMap({ a: '1' }))),
    merge(`${map}?force=true`, { data: { a: '2' } }),
  ),
  probe(
    'a strategic merge patch changes a ConfigMap',
    quiet(post(CONFIG_MAP.path, configMap({ a: '1' }))),
    strategic(map, { data: { b: '2' } }),
  ),
  probe(
    'a strategic merge patch of a VirtualService is refused',
    quiet(post(VIRTUAL_SERVICE.path, VIRTUAL_SERVICE.object('one'))),
    strategic(service, VIRTUAL_SERVICE.change),
  ),
  probe(
    'a strategic merge patch of a MeshChange is refused',
    quiet(post(MESH_CHANGE.path, MESH_CHANGE.object('one'))),
    strategic(`${MESH_CHANGE.path}/one`, MESH_CHANGE.change),
  ),
  probe('a merge patch that is no object is refused', quiet(post(CONFIG_MAP.path, configMap({}))), {
    ...merge(map, {}),
    body: '7',
  }),
  probe('a JSON patch that is no list is refused', quiet(post(CONFIG_MAP.path, configMap({}))), {
    ...merge(map, {}),
    body: '{}',
    type: 'application/json-patch+json',
  }),
  probe(
    'an older version of Istio’s API reads the same object',
    quiet(post(VIRTUAL_SERVICE.path, VIRTUAL_SERVICE.object('one'))),
    get(service.replace('/v1/', '/v1beta1/')),
  ),
  probe(
    'an older version of Istio’s API writes the same object',
    quiet(post(VIRTUAL_SERVICE.path, VIRTUAL_SERVICE.object('one'))),
    answers =>
      put(service.replace('/v1/', '/v1alpha3/'), {
        ...VIRTUAL_SERVICE.object('one', { resourceVersion: versionOf(answers, 0) }),
        apiVersion: 'networking.istio.io/v1alpha3',
      }),
    get(service),
  ),
] satisfies Probe[];
