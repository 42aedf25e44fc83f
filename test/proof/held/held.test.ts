/** What an Envoy tells of its routes, against what was written. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { World } from '../../../src/istio/world.ts';
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import { ProbeError } from '../../../src/ports.ts';
import { liveEverywhere, stuckProxies } from '../../../src/proof/causes.ts';
import { heldLines } from '../../../src/proof/held/envoy.ts';
import { intendedLines, isReadable } from '../../../src/proof/held/intended.ts';
import { configDump } from '../../../src/sandbox/mesh/admin/config-dump.ts';
import { workloadOf } from '../../../src/sandbox/mesh/proxy/workload.ts';
import { AFTER, BEFORE, NAME, Town, to, virtualService, WRITE } from './town.ts';

const CLIENT = { kind: 'sidecar', namespace: 'default', labels: { app: 'productpage' } } as const;
/** As istiod writes it for an Envoy: a route configuration of a port, with the object's name on each route. */
const ENVOY: JsonObject = {
  '@type': 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
  name: '9080',
  virtual_hosts: [
    {
      name: 'allow_any',
      domains: ['*'],
      routes: [{ match: { prefix: '/' }, route: { cluster: 'PassthroughCluster' } }],
    },
    {
      name: 'reviews.default.svc.cluster.local:9080',
      domains: ['reviews.default.svc.cluster.local', 'reviews', 'reviews.default.svc', 'reviews.default', '10.96.3.7'],
      routes: [
        {
          match: {
            prefix: '/',
            headers: [{ name: 'end-user', string_match: { exact: 'jason' } }],
            case_sensitive: true,
          },
          route: {
            cluster: 'outbound|9080|v2|reviews.default.svc.cluster.local',
            timeout: '0s',
            retry_policy: { retry_on: 'connect-failure,refused-stream,unavailable,cancelled', num_retries: 2 },
            max_grpc_timeout: '0s',
          },
          metadata: {
            filter_metadata: {
              istio: { config: '/apis/networking.istio.io/v1/namespaces/default/virtual-service/reviews' },
            },
          },
          decorator: { operation: 'reviews.default.svc.cluster.local:9080/*' },
        },
        {
          match: { prefix: '/' },
          route: {
            weighted_clusters: {
              clusters: [
                { name: 'outbound|9080|v1|reviews.default.svc.cluster.local', weight: 50 },
                { name: 'outbound|9080|v3|reviews.default.svc.cluster.local', weight: 50 },
              ],
              total_weight: 100,
            },
            timeout: '0s',
          },
          metadata: {
            filter_metadata: {
              istio: { config: '/apis/networking.istio.io/v1/namespaces/default/virtual-service/reviews' },
            },
          },
        },
      ],
      include_request_attempt_count: true,
    },
  ],
  validate_clusters: false,
};

describe('the routes of a proxy', () => {
  it('are read from Envoy as the object means them', () => {
    const [held, ...more] = heldLines([ENVOY], NAME);
    expect(more).toEqual([]);
    expect(held).toEqual({ port: 9080, lines: intendedLines(AFTER, CLIENT, 9080) });
    expect(held!.lines).not.toEqual(intendedLines(BEFORE, CLIENT, 9080));
    expect(held!.lines[0]).toBe('header end-user=jason → v2@reviews.default.svc.cluster.local 100 %');
  });

  it('are read from what a real Envoy told, configured by Istio 1.31 for Bookinfo', () => {
    const recorded = readFileSync(join(import.meta.dirname, 'recorded-envoy.json'), 'utf8');
    const { configs } = JSON.parse(recorded) as { configs: { route_config: JsonObject }[] };
    const held = heldLines(
      configs.map(each => each.route_config),
      NAME,
    );
    expect(held).toEqual([{ port: 9080, lines: intendedLines(BEFORE, CLIENT, 9080) }]);
  });

  it('are those of that object alone', () => {
    expect(heldLines([ENVOY], { namespace: 'default', name: 'review' })).toEqual([]);
    expect(heldLines([ENVOY], { namespace: 'shop', name: 'reviews' })).toEqual([]);
  });

  it('are the same as the local mesh tells them, for every way to match and to send', () => {
    const shapes = [
      BEFORE,
      AFTER,
      virtualService([
        { match: [{ uri: { prefix: '/a' } }, { uri: { exact: '/b' }, ignoreUriCase: true }], route: [to('v1')] },
        { match: [{ uri: { regex: '/c.*' }, method: { exact: 'GET' } }], route: [to('v1', 90), to('v2', 10)] },
        { match: [{ withoutHeaders: { 'x-a': {} }, queryParams: { q: { prefix: 'z' } } }], route: [to('v2')] },
        { match: [{ headers: { 'X-B': { regex: 'a|b' } }, sourceLabels: { app: 'nobody' } }], route: [to('v3')] },
        { match: [{ uri: { exact: '/old' } }], redirect: { uri: '/new' } },
        { match: [{ uri: { exact: '/gone' } }], directResponse: { status: 410 } },
        {
          route: [to('v1', 100), to('v3', 0)],
          mirror: { host: 'reviews', subset: 'v3' },
          mirrorPercentage: { value: 12.5 },
        },
        { match: [{ uri: { prefix: '/never' } }], route: [to('v2')] },
      ]),
    ];
    const service: KubeObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...NAME },
      spec: { ports: [{ name: 'http', port: 9080 }] },
    };
    const pod: KubeObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'default', name: 'productpage-v1-x', labels: CLIENT.labels },
      spec: { containers: [{ name: 'app' }, { name: 'istio-proxy' }] },
    };
    for (const shape of shapes) {
      const { configs } = configDump(new World([service, shape]), workloadOf(pod)) as {
        configs: { route_config: JsonObject }[];
      };
      const [held] = heldLines(
        configs.map(each => each.route_config),
        NAME,
      );
      expect(held!.lines).toEqual(intendedLines(shape, CLIENT, 9080));
    }
  });

  it('are not judged where they cannot be told: delegates, TCP, TLS', () => {
    expect(isReadable(AFTER)).toBe(true);
    expect(isReadable(virtualService([{ delegate: { name: 'child' } }]))).toBe(false);
    expect(isReadable(virtualService([], { tcp: [{ route: [to('v1')] }] }))).toBe(false);
  });
});

describe('convergence', () => {
  it('is when every proxy has said so, and not before', async () => {
    const town = new Town(['a', 'b', 'c'], (pod, now) => (pod === 'c' && now < 3_000 ? BEFORE : AFTER));
    const found = await town.ask();
    expect(found).toMatchObject({ known: 3, asked: 3, hold: 3, behind: 0, names: [] });
    expect(found!.took).toBeGreaterThanOrEqual(3_000);
    // Who holds it is not asked again.
    expect(town.asked.filter(pod => pod === 'a')).toHaveLength(1);
  });

  it('is asked of one proxy for all until that has it, and of no other twice where they get it together', async () => {
    const pods = Array.from({ length: 40 }, (_, at) => `p${at}`);
    const town = new Town(pods, (_pod, now) => (now < 900 ? BEFORE : AFTER));
    expect(await town.ask()).toMatchObject({ hold: 40, behind: 0 });
    const [scout, ...others] = pods.map(pod => town.asked.filter(each => each === pod).length);
    expect(others).toEqual(others.map(() => 1));
    expect(scout).toBeGreaterThan(1);
    expect(scout).toBeLessThan(9);
    // One that has no route of it is no scout.
    const odd = new Town(pods, (pod, now) => (pod === 'p0' ? undefined : now < 900 ? BEFORE : AFTER));
    expect(await odd.ask()).toMatchObject({ hold: 39, without: 1 });
    expect(odd.now).toBeLessThan(2_000);
  });

  it('names the proxies that are stuck when time is up', async () => {
    const found = await new Town(['a', 'b', 'c'], pod => (pod === 'b' ? BEFORE : AFTER)).ask();
    expect(found).toMatchObject({ hold: 2, behind: 1, names: ['b.default'] });
  });

  it('tells a route that is neither the new one nor the one before from both', async () => {
    const theirs = virtualService([{ route: [to('v2')] }]);
    expect(await new Town(['a'], () => theirs).ask()).toMatchObject({
      hold: 0,
      behind: 0,
      other: 1,
      names: ['a.default'],
    });
  });

  it('is none while a proxy holds a route that is neither, and it is named', async () => {
    const theirs = virtualService([{ route: [to('v2')] }]);
    const found = (await new Town(['a', 'b', 'c'], pod => (pod === 'b' ? theirs : AFTER)).ask())!;
    expect(found).toMatchObject({ hold: 2, behind: 0, other: 1, names: ['b.default'] });
    expect(stuckProxies(found)).toBe(
      '1 of 3 proxies holds another route, neither the new one nor the one before it: b.default; look at it with istioctl proxy-status',
    );
    expect(liveEverywhere(found)).toBeUndefined();
    // Where none holds the new one, it may be that routes are written otherwise there: that says nothing of the mesh.
    expect(stuckProxies((await new Town(['a', 'b'], () => theirs).ask())!)).toBeUndefined();
  });

  it('tells all that is wrong: who is behind, who holds another route, and who does not answer', async () => {
    const theirs = virtualService([{ route: [to('v2')] }]);
    const town = new Town(['a', 'b', 'c', 'd'], pod => {
      if (pod === 'd') throw new ProbeError('it ended by deadline');
      return { a: AFTER, b: BEFORE, c: theirs }[pod];
    });
    const said = stuckProxies((await town.ask())!);
    expect(said).toContain('1 of 4 proxies is stuck: b.default still holds');
    expect(said).toContain('1 of 4 proxies holds another route, neither the new one nor the one before it: c.default');
    expect(said).toContain('1 of 4 proxies does not answer: d.default;');
  });

  it('takes the route of an earlier step for an old one', async () => {
    const tenth = virtualService([
      { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [to('v2')] },
      { route: [to('v1', 90), to('v3', 10)] },
    ]);
    const town = () => new Town(['a', 'b'], pod => (pod === 'b' ? tenth : AFTER));
    const found = (await town().ask(WRITE, { older: [tenth] }))!;
    expect(found).toMatchObject({ hold: 1, behind: 1, other: 0, names: ['b.default'] });
    expect(stuckProxies(found)).toContain('1 of 2 proxies is stuck: b.default still holds the route before it');
    expect(await town().ask()).toMatchObject({ hold: 1, behind: 0, other: 1 });
  });

  it('counts a proxy that the route is not for by itself', async () => {
    const found = await new Town(['a', 'b'], pod => (pod === 'a' ? AFTER : undefined)).ask();
    expect(found).toMatchObject({ hold: 1, without: 1, behind: 0 });
  });

  it('waits for what is created, and for what is deleted to go', async () => {
    const { before: _, ...created } = WRITE;
    const came = new Town(['a', 'b'], (_pod, now) => (now < 2_000 ? undefined : AFTER));
    expect(await came.ask(created)).toMatchObject({ hold: 2, without: 0 });
    const { after: __, ...deleted } = WRITE;
    const went = new Town(['a'], (_pod, now) => (now < 2_000 ? BEFORE : undefined));
    expect(await went.ask(deleted)).toMatchObject({ hold: 1, behind: 0 });
  });

  it('does not end with the first proxy that has what was created: others have it a moment later', async () => {
    const { before: _, ...created } = WRITE;
    const pods = Array.from({ length: 14 }, (_, at) => `p${at}`);
    const arrives = (pod: string) => (pod === 'p0' ? 200 : 200 + Number(pod.slice(1)) * 200);
    const town = new Town(pods, (pod, now) => (now < arrives(pod) ? undefined : AFTER));
    expect(await town.ask(created)).toMatchObject({ asked: 14, hold: 14, without: 0, behind: 0 });
    // Who has it is not asked again, and who never gets it not for ever.
    const some = new Town(['a', 'b'], (pod, now) => (pod === 'a' && now >= 200 ? AFTER : undefined));
    expect(await some.ask(created)).toMatchObject({ hold: 1, without: 1, behind: 0 });
    expect(some.now).toBeGreaterThan(3_000);
    expect(some.now).toBeLessThan(6_000);
  });

  it('names those without what was created, where the mesh’s objects say that they are to have it', async () => {
    const { before: _, ...created } = WRITE;
    const town = new Town(['a', 'b', 'c'], pod => (pod === 'a' ? AFTER : undefined));
    const found = (await town.ask(created, { isMeantFor: ({ pod }) => pod !== 'c' }))!;
    expect(found).toMatchObject({ hold: 1, behind: 1, missing: 1, without: 1, names: ['b.default'] });
    expect(stuckProxies(found)).toBe('1 of 2 proxies has no route of it, and is to have one: b.default');
    // As long as of any other that is behind.
    expect(town.now).toBeGreaterThanOrEqual(20_000);
    const slow = new Town(['a', 'b'], (pod, now) => (pod === 'a' || now > 9_000 ? AFTER : undefined));
    expect(await slow.ask(created, { isMeantFor: () => true })).toMatchObject({ hold: 2, behind: 0, without: 0 });
  });

  it('names those without what was changed, too, where they are to have it', async () => {
    const town = new Town(['a', 'b', 'c'], pod => (pod === 'a' ? BEFORE : undefined));
    const found = (await town.ask(WRITE, { isMeantFor: ({ pod }) => pod !== 'c' }))!;
    expect(found).toMatchObject({ hold: 0, behind: 2, missing: 1, without: 1, names: ['a.default', 'b.default'] });
    // The third is of no account.
    expect(stuckProxies(found)).toBe(
      'the route was not taken: of 2 proxies 1 still holds the one before it, and 1 has no route of it',
    );
    const none = (await new Town(['a', 'b'], () => undefined).ask(WRITE, { isMeantFor: () => true }))!;
    expect(stuckProxies(none)).toBe('the route was not taken: all 2 proxies that are to have it have no route of it');
  });

  it('counts only proxies that are to have the route, whatever is said of them', async () => {
    const holding = { a: AFTER, b: BEFORE };
    const found = (await new Town(['a', 'b', 'c'], pod => holding[pod as 'a']).ask())!;
    expect(stuckProxies(found)).toBe('1 of 2 proxies is stuck: b.default still holds the route before it');
    const one = (await new Town(['a', 'b'], pod => (pod === 'a' ? BEFORE : undefined)).ask())!;
    expect(stuckProxies(one)).toBe(
      'the route was not taken: the one proxy that has routes of it (a.default) still holds the route before it',
    );
  });

  it('tells who does not answer, though no proxy has the new route', async () => {
    const town = new Town(['a', 'b'], pod => {
      if (pod === 'b') throw new ProbeError('it ended by deadline');
      return BEFORE;
    });
    const said = stuckProxies((await town.ask())!);
    expect(said).toContain('1 of 2 proxies is stuck: a.default still holds the route before it');
    expect(said).toContain('1 of 2 proxies does not answer: b.default;');
  });

  it('says why proxies could not be asked, and asks no more where it may not', async () => {
    const pods = Array.from({ length: 30 }, (_, at) => `p${at}`);
    const town = new Town(pods, () => {
      throw new ProbeError('Pod default/p0: pods/exec is forbidden', { forbidden: true });
    });
    const found = await town.ask();
    expect(found).toMatchObject({ hold: 0, unanswered: 30, why: 'Pod default/p0: pods/exec is forbidden' });
    expect(town.asked.length).toBeLessThanOrEqual(8);
    // The first look is a moment after the write, and there is no second.
    expect(town.now).toBe(130);
  });

  it('takes back what a proxy said where it may not be asked any more', async () => {
    const town = new Town(['a', 'b'], (pod, now) => {
      if (now > 1_000) throw new ProbeError('pods/exec is forbidden', { forbidden: true });
      return pod === 'a' ? AFTER : BEFORE;
    });
    const found = (await town.ask())!;
    expect(found).toMatchObject({ hold: 1, behind: 0, unanswered: 1, why: 'pods/exec is forbidden' });
    expect(stuckProxies(found)).toBeUndefined();
  });

  it('names those that alone did not answer, and calls nothing proven then', async () => {
    const silent = new Town(['a', 'b', 'c'], pod => {
      if (pod === 'b') throw new ProbeError('The proxy of b does not tell its routes: it ended by deadline');
      return AFTER;
    });
    const found = (await silent.ask())!;
    expect(found).toMatchObject({ asked: 3, hold: 2, unanswered: 1, names: ['b.default'] });
    expect(stuckProxies(found)).toBe(
      '1 of 3 proxies does not answer: b.default; whether it holds the new route is not known',
    );
    // Where none answers it is the asking that fails, which says nothing of the mesh.
    const none = await new Town(['a', 'b'], () => {
      throw new ProbeError('no WebSocket comes through');
    }).ask();
    expect(none).toMatchObject({ unanswered: 2, names: [] });
    expect(stuckProxies(none!)).toBeUndefined();
  });

  it('is told as soon as it is, while requests are still on their way', async () => {
    const found = (await new Town(['a', 'b'], () => AFTER).ask())!;
    expect(liveEverywhere(found)).toBe(
      '2 of 2 proxies hold the new route, the last seen 0.1 s after the write. Now sending requests to see where they go',
    );
    expect(liveEverywhere((await new Town(['a', 'b'], pod => (pod === 'a' ? AFTER : BEFORE)).ask())!)).toBeUndefined();
  });

  it('does not count a pod that is gone by the end', async () => {
    const town = new Town(['a', 'b'], pod => {
      if (pod === 'a') return AFTER;
      town.leave('b');
      throw new ProbeError('Pod default/b is not there');
    });
    expect(await town.ask()).toMatchObject({ known: 1, asked: 1, hold: 1, unanswered: 0, names: [] });
  });

  it('asks a hundred proxies at most, and says how many there are', async () => {
    const pods = Array.from({ length: 140 }, (_, at) => `p${at}`);
    expect(await new Town(pods, () => AFTER).ask()).toMatchObject({ known: 140, asked: 100, hold: 100 });
  });
});
