import { describe, expect, it } from 'vitest';
import type { ChangeStatus, MeshChange } from '../../../src/change/meshchange.ts';
import { CHANGE_ANNOTATION } from '../../../src/change/meshchange.ts';
import { explain, type Origin } from '../../../src/change/why/explaining.ts';
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import { refOf } from '../../../src/object.ts';
import type { Write } from '../../../src/ports.ts';
import { rule, virtualService } from '../../istio/edit/mesh.ts';

const KUBECTL = 'kubectl-client-side-apply';
const NOON = Date.parse('2026-05-05T12:00:00Z');
const minute = (count: number) => NOON + count * 60_000;

const to = (subset: string, weight?: number): JsonObject => ({
  destination: { host: 'reviews', subset },
  ...(weight !== undefined && { weight }),
});
const jason = (subset = 'v2'): JsonObject => ({
  match: [{ headers: { 'end-user': { exact: 'jason' } } }],
  route: [to(subset)],
});
const mina: JsonObject = { match: [{ headers: { 'end-user': { exact: 'mina' } } }], route: [to('v3')] };
const rest = (...route: JsonObject[]): JsonObject => ({ route });
const routing = (...http: JsonObject[]) => virtualService('reviews', { hosts: ['reviews'], http });

type Entry = [manager: string, at: number, ...fields: string[]];

/** As the API server has it: who owns what, and the mark of the last change. */
function live(object: KubeObject, entries: Entry[], mark?: string): KubeObject {
  const managedFields = entries.map(([manager, at, ...fields]) => ({
    manager,
    operation: manager === 'flux' ? 'Apply' : 'Update',
    time: new Date(at).toISOString(),
    fieldsV1: { 'f:spec': Object.fromEntries(fields.map(field => [`f:${field}`, {}])) },
  }));
  const annotations = mark === undefined ? {} : { [CHANGE_ANNOTATION]: mark };
  return { ...object, metadata: { ...object.metadata, managedFields, annotations } };
}

function change(
  name: string,
  at: number,
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  more: Partial<ChangeStatus> & { undoes?: string } = {},
): MeshChange {
  const { undoes, ...status } = more;
  const ref = refOf((after ?? before)!);
  const write: Write = { ref, ...(before && { before }), ...(after && { after }) };
  return {
    apiVersion: 'meshbot.dev/v1alpha1',
    kind: 'MeshChange',
    metadata: { name, namespace: 'meshbot' },
    spec: {
      verb: 'shift',
      arguments: {},
      text: name,
      requester: { team: 'T1', user: 'U1' },
      origin: { channel: 'C1' },
      ...(undoes && { undoes }),
    },
    status: {
      phase: 'Verified',
      plan: { writes: [write] } as unknown as NonNullable<ChangeStatus['plan']>,
      decisions: [],
      approvals: [],
      written: [{ ref, resourceVersion: '9', at, warnings: [] }],
      messages: {},
      history: [],
      ...status,
    },
  };
}

/** One line a piece: what is live, and whose doing it is. */
function told(object: KubeObject, ...changes: MeshChange[]): string[] {
  return explain([object], changes).map(({ says, origin }) => `${says}: ${inWords(origin)}`);
}

function inWords(origin: Origin): string {
  if (origin.by === 'change')
    return origin.change.metadata.name + (origin.restores ? ` back to ${inWords(origin.restores)}` : '');
  if (origin.by === 'forgotten') return `forgotten ${origin.change}`;
  const who = origin.hands.map(({ manager }) => manager).join(' or ') || 'nobody known';
  const since = origin.since ? ` after ${origin.since.change}` : '';
  const until = origin.until ? ` before ${origin.until.change}` : '';
  return `${origin.sure ? '' : 'perhaps '}${who}${since}${until}`;
}

const start = routing(jason(), rest(to('v1')));
const shifted = routing(jason(), rest(to('v1', 50), to('v3', 50)));

describe('why a routing is as it is', () => {
  it('lays what a change brought to it, and what it only carried along to who was there before', () => {
    const now = live(
      shifted,
      [
        [KUBECTL, minute(0), 'hosts'],
        ['meshbot', minute(10), 'http'],
      ],
      'shift-1',
    );
    expect(told(now, change('shift-1', minute(10), start, shifted))).toEqual([
      `Requests where end-user = jason go to reviews v2: perhaps ${KUBECTL} before shift-1`,
      'All other requests go 50 % to reviews v1, 50 % to reviews v3: shift-1',
    ]);
  });

  it('lays all to field managers where meshbot never wrote', () => {
    const now = live(start, [[KUBECTL, minute(0), 'hosts', 'http']]);
    expect(told(now)).toEqual([
      `Requests where end-user = jason go to reviews v2: ${KUBECTL}`,
      `All other requests go to reviews v1: ${KUBECTL}`,
    ]);
    expect(told(start)[0]).toContain('nobody known');
  });

  it('knows several changes apart, and the one that was overwritten', () => {
    const routed = routing(mina, jason(), rest(to('v1', 50), to('v3', 50)));
    const later = routing(mina, jason(), rest(to('v1', 80), to('v3', 20)));
    const changes = [
      change('shift-1', minute(10), start, shifted),
      change('route-2', minute(20), shifted, routed),
      change('shift-3', minute(30), routed, later),
    ];
    const now = live(
      later,
      [
        [KUBECTL, minute(0), 'hosts'],
        ['meshbot', minute(30), 'http'],
      ],
      'shift-3',
    );
    expect(told(now, ...changes)).toEqual([
      'Requests where end-user = mina go to reviews v3: route-2',
      `Requests where end-user = jason go to reviews v2: perhaps ${KUBECTL} before shift-1`,
      'All other requests go 80 % to reviews v1, 20 % to reviews v3: shift-3',
    ]);
  });

  it('tells who changed one route after a change, and leaves the change the others', () => {
    const routed = routing(mina, jason(), rest(to('v1')));
    const edited = routing(mina, jason('v1'), rest(to('v1')));
    const now = live(
      edited,
      [
        ['meshbot', minute(10), 'hosts'],
        ['kubectl-edit', minute(40), 'http'],
      ],
      'route-2',
    );
    expect(told(now, change('route-2', minute(10), start, routed))).toEqual([
      'Requests where end-user = mina go to reviews v3: route-2',
      'Requests where end-user = jason go to reviews v1: kubectl-edit after route-2',
      'All other requests go to reviews v1: perhaps nobody known before route-2',
    ]);
  });

  it('tells of somebody between two changes', () => {
    const edited = routing(jason('v1'), rest(to('v1', 50), to('v3', 50)));
    const last = routing(jason('v1'), rest(to('v1', 10), to('v3', 90)));
    const changes = [change('shift-1', minute(10), start, shifted), change('shift-2', minute(30), edited, last)];
    const now = live(
      last,
      [
        ['kubectl-edit', minute(20), 'hosts'],
        ['meshbot', minute(30), 'http'],
      ],
      'shift-2',
    );
    expect(told(now, ...changes)[0]).toBe(
      'Requests where end-user = jason go to reviews v1: perhaps kubectl-edit after shift-1 before shift-2',
    );
  });

  it('lays what was undone to the undo, and says what made it first', () => {
    const again = routing(jason(), rest(to('v1', 10), to('v3', 90)));
    const changes = [
      change('shift-1', minute(10), start, shifted),
      change('shift-2', minute(20), shifted, again, { phase: 'Undone', undoneBy: 'undo-3' }),
      change('undo-3', minute(30), again, shifted, { undoes: 'shift-2' }),
    ];
    const now = live(
      shifted,
      [
        [KUBECTL, minute(0), 'hosts'],
        ['meshbot', minute(30), 'http'],
      ],
      'undo-3',
    );
    expect(told(now, ...changes)[1]).toBe(
      'All other requests go 50 % to reviews v1, 50 % to reviews v3: undo-3 back to shift-1',
    );
  });

  it('passes over what went back by itself', () => {
    const now = live(start, [
      [KUBECTL, minute(0), 'hosts'],
      ['meshbot', minute(20), 'http'],
    ]);
    const back = change('shift-1', minute(10), start, shifted, { phase: 'Reverted' });
    expect(told(now, back)[1]).toBe(`All other requests go to reviews v1: perhaps ${KUBECTL}`);
  });

  it('names a change that is kept no more by the mark on the object', () => {
    const now = live(shifted, [['meshbot', minute(10), 'http']], 'shift-old');
    expect(told(now)).toEqual([
      'Requests where end-user = jason go to reviews v2: forgotten shift-old',
      'All other requests go 50 % to reviews v1, 50 % to reviews v3: forgotten shift-old',
    ]);
    // An older change that is still kept, and whose work is still live, is not lost by that.
    expect(told(now, change('shift-0', minute(1), start, shifted))[1]).toContain(': shift-0');
  });

  it('does not take an object of the same name for the one that a change wrote', () => {
    const anew = live({ ...shifted, metadata: { ...shifted.metadata, uid: 'another' } }, [
      [KUBECTL, minute(50), 'http'],
    ]);
    expect(told(anew, change('shift-1', minute(10), start, shifted))[1]).toContain(`: ${KUBECTL}`);
  });

  it('finds the change whose step is in the mesh', () => {
    const half = routing(jason(), rest(to('v1', 75), to('v3', 25)));
    const rollout = {
      version: 'v3',
      counted: { host: 'reviews.default.svc.cluster.local', version: 'v3' },
      every: 0,
      gates: [],
      steps: [
        { percent: 25, objects: [half] },
        { percent: 50, objects: [shifted] },
      ],
    };
    const stepped = change('shift-1', minute(10), start, shifted, { phase: 'Progressing' });
    stepped.status!.plan = { ...stepped.status!.plan!, rollout };
    expect(told(live(half, [['meshbot', minute(10), 'http']], 'shift-1'), stepped)[1]).toContain(': shift-1');
  });

  it('tells of mirrors, timeouts, subsets and servers as well', () => {
    const more = routing({
      ...rest(to('v1')),
      timeout: '5s',
      mirror: { host: 'reviews', subset: 'v3' },
      mirrorPercentage: { value: 10 },
    });
    expect(told(live(more, []))).toEqual([
      'All requests go to reviews v1: perhaps nobody known',
      'All requests are copied 10 % to reviews v3: perhaps nobody known',
      'All requests have timeout 5s: perhaps nobody known',
    ]);
    const [old, now] = [rule('reviews', ['v1']), rule('reviews', ['v1', 'v3'])];
    const subsets = live(
      now,
      [
        ['flux', minute(0), 'host', 'subsets'],
        ['meshbot', minute(10), 'subsets'],
      ],
      'shift-1',
    );
    expect(told(subsets, change('shift-1', minute(10), old, now))).toEqual([
      'Subset v1 of reviews is the pods with version = v1: flux before shift-1',
      'Subset v3 of reviews is the pods with version = v3: shift-1',
    ]);
  });

  it('does not care how the same destination is written', () => {
    const plainly = routing(
      jason(),
      rest({ destination: { host: 'reviews.default.svc.cluster.local', subset: 'v1' }, weight: 100 }),
    );
    const now = live(plainly, [['meshbot', minute(10), 'http']], 'shift-1');
    expect(told(now, change('shift-1', minute(10), shifted, start))[1]).toContain(': shift-1');
  });
});
