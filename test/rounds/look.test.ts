/** What a look at Bookinfo tells, and what the next one tells after something happened. */
import { describe, expect, it } from 'vitest';
import type { MeshChange, Receipt } from '../../src/change/meshchange.ts';
import type { World } from '../../src/istio/world.ts';
import { type KubeObject, refOf } from '../../src/object.ts';
import type { Plan } from '../../src/plan.ts';
import { type Behaviour, type Cluster, ClusterError, type Metrics } from '../../src/ports.ts';
import type { MeshFreeze } from '../../src/records/mesh-freeze.ts';
import { linksOf } from '../../src/rounds/links.ts';
import { look } from '../../src/rounds/look.ts';
import { type Memory, memoryOf } from '../../src/rounds/memory.ts';
import { type Shown, viewOf } from '../../src/rounds/view.ts';
import type { View } from '../../src/view.ts';
import { change, said } from '../commands/setup.ts';
import { bookinfo } from '../fixtures/load.ts';

const NOW = Date.UTC(2026, 10, 21, 9);
const HOUR = 3_600_000;

interface Given {
  world?: World;
  changes?: MeshChange[];
  metrics?: Metrics;
  before?: Memory | undefined;
  at?: number;
  age?: number;
  freezes?: MeshFreeze[];
  read?: Cluster['read'];
}

function lookAt({
  world = bookinfo(),
  changes = [],
  metrics,
  before,
  at = NOW,
  age = 0,
  freezes = [],
  read = async () => undefined,
}: Given = {}) {
  const context = {
    cluster: { world: () => ({ world, age }), read },
    changes: { list: () => [...changes] },
    freezes: { list: () => freezes },
    metrics: metrics ?? { rateByVersion: async () => undefined },
    clock: { now: () => at, sleep: async () => {} },
    namespace: 'default',
  };
  // As it comes out of the cluster.
  return look(context, memoryOf(before && JSON.stringify(before)));
}

const shown: Shown = { reader: 'default', links: [], missed: 0, asked: false };
const lines = (view: View) => said(view).split('\n').slice(1);

const put = (world: World, ...objects: KubeObject[]) =>
  world.with(objects.map(after => ({ ref: refOf(after), after })));

const routes = (name: string, http: object[]): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name, namespace: 'default' },
  spec: { hosts: [name], http: http as never },
});
const to = (subset: string, weight = 100) => ({ destination: { host: 'reviews', subset }, weight });

const plan = (title: string, services: string[]): Plan => ({
  title,
  namespace: 'default',
  services,
  writes: [],
  traffic: [],
  findings: [],
  notes: [],
  risk: 'low',
  expectation: { host: 'reviews.default.svc.cluster.local', headers: {}, shares: {} } as Plan['expectation'],
});

const unready = (world: World, name: string): KubeObject => ({
  ...world.all('Pod').find(({ metadata }) => metadata.name === name)!,
  status: { conditions: [{ type: 'Ready', status: 'False' }], startTime: new Date(NOW - HOUR).toISOString() },
});

describe('a post', () => {
  it('is one line while nothing is wrong and nothing happened', async () => {
    const first = await lookAt();
    expect(first.problems).toEqual([]);
    expect(lines(viewOf(first, shown))).toEqual(['All is well with the 5 services of the mesh.']);
    const next = await lookAt({ before: first.memory, at: NOW + HOUR });
    const view = viewOf(next, shown);
    expect(view.parts).toHaveLength(1);
    expect(view.text).toBe(
      'All is well with the 5 services of the mesh, and nothing changed since 2026-11-21 09:00 UTC.',
    );
  });

  it('names what is wrong as new once, then as still there since when, then as healed', async () => {
    const fine = bookinfo();
    const broken = put(fine, routes('reviews', [{ route: [to('v9')] }]), unready(fine, 'details-v1-a'));
    const before = (await lookAt({ world: fine })).memory;
    const first = await lookAt({ world: broken, before, at: NOW + HOUR });
    const told = said(viewOf(first, shown));
    expect(told).toMatch(/^2 things are wrong with the mesh, all of them new\./);
    expect(told).toContain(
      'New\nThe only pod of details is not Ready: its requests get 503. Service/default/details kubectl -n default get pods -l app=details',
    );
    expect(told).toContain('reviews has no subset v9');
    expect(told).not.toContain('Still there');

    const second = await lookAt({ world: broken, before: first.memory, at: NOW + 2 * HOUR });
    const again = said(viewOf(second, shown));
    expect(again).toMatch(/^2 things are wrong with the mesh, all as before\./);
    expect(again).toContain(`Since ${NOW + HOUR}.`);
    expect(again).not.toContain('New\n');

    const third = await lookAt({ world: fine, before: second.memory, at: NOW + 3 * HOUR });
    const healed = said(viewOf(third, shown));
    expect(healed).toContain('All is well with the 5 services of the mesh: what was wrong is healed.');
    expect(healed).toContain('Healed\n');
    expect(healed).toContain('The only pod of details is not Ready');
  });

  it('knows a thing again though routes were put before it', async () => {
    const one = put(bookinfo(), routes('reviews', [{ route: [to('v9')] }]));
    const before = (await lookAt({ world: one })).memory;
    const match = [{ headers: { 'end-user': { exact: 'jason' } } }];
    const two = put(bookinfo(), routes('reviews', [{ match, route: [to('v2')] }, { route: [to('v9')] }]));
    const report = await lookAt({ world: two, before });
    expect(report.fresh).toEqual([]);
    expect(report.healed).toEqual([]);
    expect(report.standing).toHaveLength(1);
  });

  it('says what goes another way, and by which change or by none', async () => {
    const one = put(
      bookinfo(),
      routes('reviews', [{ route: [to('v1')] }]),
      routes('ratings', [{ route: [{ destination: { host: 'ratings' } }] }]),
    );
    const before = (await lookAt({ world: one })).memory;
    const two = put(bookinfo(), routes('reviews', [{ route: [to('v1', 50), to('v3', 50)] }]));
    const shift = change('shift-1a2b3c', plan('Send 50 % of reviews to v3', ['reviews']), { at: NOW + 1 });
    const told = said(viewOf(await lookAt({ world: two, before, changes: [shift] }), shown));
    expect(told).toContain('reviews, all requests: to v1 50 %, v3 50 %, before to v1. By shift-1a2b3c.');
    expect(told).toMatch(/ratings: went to .*, no route any more\. Not by meshbot\./);
    expect(told).toContain(
      `Send 50 % of reviews to v3: verified, asked by U1, approved by U2, ${NOW + 1} (shift-1a2b3c)`,
    );
  });

  it('names who else did it, as far as the API server remembers', async () => {
    const before = (await lookAt({ world: put(bookinfo(), routes('reviews', [{ route: [to('v1')] }])) })).memory;
    const two = put(bookinfo(), routes('reviews', [{ route: [to('v1', 50), to('v3', 50)] }]));
    const by = (manager: string, at: number) => ({ manager, operation: 'Update', time: new Date(at).toISOString() });
    const managedFields = [by('argocd', NOW - 24 * HOUR), by('kubectl-edit', NOW + HOUR), by('meshbot', NOW + HOUR)];
    const read = async ({ kind, name }: { kind: string; name: string }) =>
      kind === 'VirtualService' ? { ...two.get(kind, 'default', name)!, metadata: { name, managedFields } } : undefined;
    const told = said(viewOf(await lookAt({ world: two, before, read, at: NOW + 2 * HOUR }), shown));
    expect(told).toContain(`before to v1. By kubectl-edit, ${NOW + HOUR}, not by meshbot.`);
    const away = () => Promise.reject(new ClusterError('unavailable', 'no answer'));
    const silent = await lookAt({ world: two, before, read: away, at: NOW + 2 * HOUR });
    expect(said(viewOf(silent, shown))).toContain('before to v1. Not by meshbot.');
  });

  it('tells of each change once, also of one that could not be proven, and of what waits', async () => {
    const at = NOW + HOUR;
    const changes = [
      change('shift-old', plan('Old', []), { at: NOW - 1 }),
      change('shift-new', plan('New one', []), { at: NOW + 1 }),
      change('shift-bad', plan('Bad one', []), { phase: 'Planned', at: NOW + 2 }),
    ];
    const failed = change('shift-failed', plan('Failed one', []), { at: NOW + 3 });
    failed.status!.phase = 'Failed';
    failed.status!.history.at(-1)!.phase = 'Failed';
    const stopped = structuredClone(failed);
    stopped.metadata.name = 'shift-stopped';
    failed.status!.receipt = { verdict: 'not-proven' } as Receipt;
    const before = (await lookAt()).memory;
    const report = await lookAt({ before, at, changes: [...changes, failed, stopped] });
    expect(report.events.map(({ change, outcome }) => [change, outcome])).toEqual([
      ['shift-new', 'verified'],
      ['shift-failed', 'not proven'],
      ['shift-stopped', 'written in part'],
    ]);
    expect(report.waiting.map(({ change, phase, since }) => [change, phase, since])).toEqual([
      ['shift-bad', 'Planned', NOW + 2],
    ]);
    const next = await lookAt({ before: report.memory, at: at + HOUR, changes: [...changes, failed] });
    expect(next.events).toEqual([]);
    expect(viewOf(next, shown).text).toContain('One change waits.');
  });

  it('leaves what happens while it looks to the next post', async () => {
    const listed: MeshChange[] = [];
    const metrics: Metrics = {
      rateByVersion: async () => undefined,
      services: async () => {
        if (listed.length === 0) listed.push(change('shift-new', plan('New one', []), { at: NOW + 1 }));
        return {};
      },
    };
    const first = await lookAt({ changes: listed, metrics });
    expect(first.events).toEqual([]);
    const next = await lookAt({ changes: listed, metrics, before: first.memory, at: NOW + HOUR });
    expect(next.events.map(event => event.change)).toEqual(['shift-new']);
  });

  it('lays what a change in steps moves to it, though it is not over', async () => {
    const before = (await lookAt({ world: put(bookinfo(), routes('reviews', [{ route: [to('v1')] }])) })).memory;
    const two = put(bookinfo(), routes('reviews', [{ route: [to('v1', 75), to('v3', 25)] }]));
    const steps = change('shift-steps', plan('Send all of reviews to v3 in steps', ['reviews']), { at: NOW - HOUR });
    steps.status!.phase = 'Progressing';
    steps.status!.history = [{ phase: 'Progressing', at: NOW - HOUR }];
    const report = await lookAt({ world: two, before, changes: [steps] });
    const told = said(viewOf(report, shown));
    expect(told).toContain('reviews, all requests: to v1 75 %, v3 25 %, before to v1. By shift-steps.');
    expect(told).toContain('Send all of reviews to v3 in steps: going by steps');
    expect(report.waiting).toEqual([]);
    const back = structuredClone(steps);
    back.status!.phase = 'Reverted';
    back.status!.history.push({ phase: 'Reverted', at: NOW + 1 });
    const next = await lookAt({ world: two, before: report.memory, at: NOW + HOUR, changes: [back] });
    expect(said(viewOf(next, shown))).toContain('in steps: went back');
  });

  it('names what is frozen, where something is told or somebody asks', async () => {
    const freeze = (until?: string): MeshFreeze => ({
      apiVersion: 'meshbot.dev/v1alpha1',
      kind: 'MeshFreeze',
      metadata: { name: 'freeze-1', namespace: 'meshbot' },
      spec: {
        namespace: 'default',
        host: 'reviews.default.svc.cluster.local',
        by: { team: 'T1', user: 'U7' },
        reason: 'release day',
        ...(until && { until }),
      },
    });
    const over = freeze(new Date(NOW - 1).toISOString());
    const report = await lookAt({ freezes: [freeze(new Date(NOW + HOUR).toISOString()), over] });
    expect(viewOf(report, shown).parts).toHaveLength(1);
    expect(said(viewOf(report, { ...shown, asked: true }))).toContain(
      `Frozen\nreviews until ${NOW + HOUR}, by U7: release day`,
    );
  });

  it('says that posts were missed, that the cluster is silent, and where to look further', async () => {
    const links = linksOf(
      { kiali: 'https://kiali.example.com' },
      put(bookinfo(), {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'grafana', namespace: 'istio-system' },
        spec: {},
      }),
    );
    const world = put(bookinfo(), routes('reviews', [{ route: [to('v9')] }]));
    const told = said(viewOf(await lookAt({ world, age: 240_000 }), { ...shown, links, missed: 2 }));
    expect(told).toContain('2 posts that were due before this one were never sent.');
    expect(told).toContain('The cluster was last heard 4 min ago');
    expect(told).toContain('No Prometheus is known, so nothing is said of errors and latencies.');
    expect(told).toContain('Look further: https://kiali.example.com · Grafana (istioctl dashboard grafana)');
  });
});

describe('the figures of a post', () => {
  const host = (name: string) => `${name}.default.svc.cluster.local`;
  const usual: Behaviour = { rate: 100, errors: 0.001, p50: 10, p95: 80 };
  const metrics = (now: Record<string, Behaviour>, week: Record<string, Behaviour> = {}): Metrics => ({
    rateByVersion: async () => undefined,
    services: async (_, at) => (at === undefined ? now : at === NOW - 7 * 24 * HOUR ? week : {}),
  });

  it('are quiet where a week ago was no better', async () => {
    const noisy = { ...usual, errors: 0.03, p95: 900 };
    const report = await lookAt({ metrics: metrics({ [host('reviews')]: noisy }, { [host('reviews')]: noisy }) });
    expect(report.problems).toEqual([]);
    expect(viewOf(report, shown).text).toBe(
      'All is well with the 5 services of the mesh. 100 requests/s, 3 % answered with 5xx.',
    );
  });

  it('name who fails more and who is slower than a week ago, with small charts of both', async () => {
    const now = {
      [host('reviews')]: { ...usual, errors: 0.04 },
      [host('ratings')]: { ...usual, p95: 400 },
      [host('details')]: { ...usual, rate: 500 },
    };
    const week = Object.fromEntries(Object.keys(now).map(each => [each, usual]));
    const view = viewOf(await lookAt({ metrics: metrics(now, week) }), shown);
    const told = said(view);
    expect(told).toContain(
      '4 % of the requests to reviews were answered with 5xx in the last ten minutes, a week ago 0.1 %.',
    );
    expect(told).toContain(
      'ratings is slower: 95 % of its requests took up to 400 ms in the last ten minutes, a week ago 80 ms.',
    );
    const charts = view.parts.filter(part => part.kind === 'bars');
    expect(charts.map(({ title, unit }) => [title, unit])).toEqual([
      ['Answered with 5xx', '%'],
      ['95 % are answered within', 'ms'],
    ]);
    for (const { series } of charts) {
      expect(series.map(({ name }) => name)).toEqual(['now', 'a week ago']);
      for (const { bars } of series) expect(bars.map(({ label }) => label)).toEqual(['reviews', 'ratings', 'details']);
    }
    expect(charts[0]!.series[0]!.bars[0]!.value).toBe(4);
  });

  it('are of now alone where nothing of a week ago is known, and only gross failures are told then', async () => {
    const now = {
      [host('reviews')]: { ...usual, errors: 0.04 },
      [host('ratings')]: { ...usual, errors: 0.2, p95: 5_000 },
    };
    const view = viewOf(await lookAt({ metrics: metrics(now) }), shown);
    expect(view.text).toMatch(/^One thing is wrong with the mesh\./);
    expect(said(view)).toContain('Prometheus has nothing of a week ago to compare with.');
    const [chart] = view.parts.filter(part => part.kind === 'bars');
    expect(chart!.series.map(({ name }) => name)).toEqual(['now']);
  });

  it('tell of requests that reach no service', async () => {
    const report = await lookAt({ metrics: metrics({ unknown: { rate: 2, errors: 1 } }) });
    expect(report.problems.map(({ says }) => says)).toEqual([
      '2 requests/s reached no service in the last ten minutes, and were answered with 5xx.',
    ]);
  });

  it('that cannot be read heal nothing, and what they told is not told as new when they are back', async () => {
    const bad = metrics({ [host('reviews')]: { ...usual, errors: 0.5 } });
    const away: Metrics = {
      rateByVersion: async () => undefined,
      services: () => Promise.reject(new Error('Prometheus at http://prometheus cannot be asked')),
    };
    const first = await lookAt({ metrics: bad });
    const second = await lookAt({ metrics: away, before: first.memory, at: NOW + HOUR });
    expect([second.healed, second.problems]).toEqual([[], []]);
    expect(second.pace).toBe('The metrics could not be read, so nothing is said of errors and latencies.');
    const third = await lookAt({ metrics: bad, before: second.memory });
    expect(third.fresh).toEqual([]);
    expect(third.standing.map(({ since }) => since)).toEqual([NOW]);
  });
});

describe('what is remembered', () => {
  it('is nothing where it cannot be read, and then nothing is compared', async () => {
    for (const json of [undefined, '', '{', '{"at":"yesterday"}', '[]']) expect(memoryOf(json)).toBeUndefined();
    const report = await lookAt({ world: put(bookinfo(), routes('reviews', [{ route: [to('v9')] }])) });
    expect([report.isFirst, report.moved, report.healed]).toEqual([true, [], []]);
  });

  it('knows hundreds of things again, so that none of them is told as new twice', async () => {
    const many = Array.from(
      { length: 700 },
      (_, index): KubeObject => ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: `empty-${index}`, namespace: 'default' },
        spec: { selector: { app: `empty-${index}` }, ports: [{ port: 80, name: 'http' }] },
      }),
    );
    const first = await lookAt({ world: put(bookinfo(), ...many) });
    expect([first.problems.length, first.fresh.length]).toEqual([700, 700]);
    expect(said(viewOf(first, shown))).toMatch(/Wrong\n[\s\S]*… and 690 more/);
    const next = await lookAt({
      world: put(bookinfo(), ...many, { ...many[0]!, metadata: { name: 'late', namespace: 'default' } }),
      before: first.memory,
    });
    expect(next.fresh.map(({ says }) => says)).toEqual(['late has no pods: its requests get 503.']);
    expect(next.standing).toHaveLength(700);
  });

  it('fits into an object of the cluster, however large the mesh is, and then compares what it has', async () => {
    const many = Array.from({ length: 4_000 }, (_, index): KubeObject[] => {
      const name = `a-service-with-a-long-name-${String(index).padStart(5, '0')}`;
      return [
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name, namespace: 'default' },
          spec: { ports: [{ port: 80, name: 'http' }] },
        },
        routes(name, [{ route: [{ destination: { host: name } }] }]),
      ];
    });
    const world = put(bookinfo(), ...many.flat());
    const { memory, ...report } = await lookAt({ world });
    expect(report.isFirst).toBe(true);
    expect(memory.partial).toBe(true);
    expect(JSON.stringify(memory).length).toBeLessThan(400_000);
    expect((await lookAt({ world, before: memory })).moved).toEqual([]);
  }, 60_000);
});
