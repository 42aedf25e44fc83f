/** The status of a MeshChange, written by itself alone. */
import { MESH_CHANGE } from '../kinds.ts';
import { get, merge, type Probe, post, probe, put, quiet, versionOf } from '../probe.ts';

const { path, object } = MESH_CHANGE;
const one = `${path}/one`;
const given = quiet(post(path, object('one')));
const STATUS = { phase: 'Planned', decisions: [], approvals: [], written: [], messages: {}, history: [] };

export default [
  probe('a status is not taken when it is created', post(path, { ...object('one'), status: STATUS })),
  probe('a status is not taken by the object', given, merge(one, { status: STATUS })),
  probe(
    'a status is taken by its own path, and the generation stays',
    given,
    merge(`${one}/status`, { status: STATUS }),
  ),
  probe('its own path takes nothing but the status', given, merge(`${one}/status`, { spec: { verb: 'other' } })),
  probe(
    'labels are taken by the status too, or not',
    given,
    merge(`${one}/status`, { metadata: { labels: { a: 'b' } } }),
  ),
  probe('a status is replaced', given, answers =>
    put(`${one}/status`, { ...object('one', { resourceVersion: versionOf(answers, 0) }), status: STATUS }),
  ),
  probe(
    'a status is not replaced without a version',
    given,
    put(`${one}/status`, { ...object('one'), status: STATUS }),
  ),
  probe('a status that moved is not replaced', given, quiet(merge(`${one}/status`, { status: STATUS })), answers =>
    put(`${one}/status`, { ...object('one', { resourceVersion: versionOf(answers, 0) }), status: STATUS }),
  ),
  probe('a status is read', given, get(`${one}/status`)),
  probe('a status of what is not there is refused', merge(`${one}/status`, { status: STATUS })),
  probe('a bad status is refused', given, merge(`${one}/status`, { status: { ...STATUS, expiresAt: 'soon' } })),
  probe('a change of the spec grows the generation', given, merge(one, { spec: { text: 'other' } })),
  probe('a kind without a status has no path for it', get('/api/v1/namespaces/probes/configmaps/one/status')),
] satisfies Probe[];
