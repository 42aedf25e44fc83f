import { describe, expect, it } from 'vitest';
import shift from '../../../commands/shift.ts';
import type { PlanningContext } from '../../../src/command.ts';
import { planRouting } from '../../../src/istio/edit/plan/plan.ts';
import { derivedProbe } from '../../../src/istio/edit/plan/probe.ts';
import { planUndo } from '../../../src/istio/edit/undo.ts';
import { bookinfo, templates } from '../../fixtures/load.ts';
import { REVIEWS, reviews, virtualService } from './mesh.ts';
import { run, testShapes } from './shapes.ts';

describe('shift edits every shape of a route and leaves the rest', () => {
  testShapes(shift, new URL('./fixtures/', import.meta.url));
});

describe('the plan of a shift', () => {
  const context: PlanningContext = { world: bookinfo(), templates, namespace: 'default', probes: {}, changes: [] };

  it('shows who moves and who stays, match by match', () => {
    const planning = run(shift, 'shift reviews v3 50', context);
    if (planning.kind !== 'plan') throw new Error(planning.kind);
    expect(planning.plan).toMatchObject({
      title: 'Send 50 % of reviews to v3',
      namespace: 'default',
      services: ['reviews'],
      risk: 'medium',
      findings: [],
      traffic: [
        { match: 'end-user = jason', destination: 'reviews v2', before: 100, after: 100 },
        { match: 'all other requests', destination: 'reviews v1', before: 100, after: 50 },
        { match: 'all other requests', destination: 'reviews v3', before: 0, after: 50 },
      ],
      expectation: { host: 'reviews.default.svc.cluster.local', headers: {}, shares: { v1: 50, v3: 50 } },
    });
    expect(planning.plan.expectation.probe).toBeUndefined();
  });

  it('proves a matched route with the headers that fall under it, by the probe that is configured', () => {
    const probe = { from: { kind: 'gateway' as const }, url: 'http://bookinfo.example.com/productpage' };
    const probes = { 'reviews.default.svc.cluster.local': probe };
    const planning = run(shift, 'shift reviews v3 100 --match "end-user = jason"', { ...context, probes });
    if (planning.kind !== 'plan') throw new Error(planning.kind);
    expect(planning.plan.expectation).toMatchObject({ headers: { 'end-user': 'jason' }, shares: { v3: 100 }, probe });
    expect(planning.plan.risk).toBe('high');
  });

  it('expects shares of the requests that reach the service, not of those that go elsewhere', () => {
    const split = virtualService('reviews', {
      hosts: ['reviews'],
      http: [
        {
          route: [
            { destination: { host: 'reviews', subset: 'v1' }, weight: 50 },
            { destination: { host: 'legacy.other.svc.cluster.local' }, weight: 50 },
          ],
        },
      ],
    });
    const planning = run(shift, 'shift reviews v3 40', { ...context, world: reviews(split) });
    if (planning.kind !== 'plan') throw new Error(planning.kind);
    const { shares, spread } = planning.plan.expectation;
    // 40 to v3, 30 to v1, 30 elsewhere.
    expect(shares.v3).toBeCloseTo(400 / 7, 5);
    expect(shares.v1).toBeCloseTo(300 / 7, 5);
    expect(Object.keys(shares)).toHaveLength(2);
    expect(spread).toBeUndefined();
  });

  it('finds the probe of a service that a gateway leads to', () => {
    const planning = run(shift, 'shift productpage v1 100', context);
    if (planning.kind !== 'plan') throw new Error(planning.kind);
    expect(planning.plan.expectation.probe).toEqual({
      from: { kind: 'gateway' },
      url: 'http://productpage/productpage',
    });
  });

  it('asks which one is meant where two in different namespaces have the name', () => {
    const to = { destination: { host: 'reviews.default.svc.cluster.local', subset: 'v1' } };
    const world = reviews(
      virtualService('reviews', { hosts: ['reviews'], http: [{ route: [to] }] }),
      virtualService(
        'reviews',
        { hosts: ['shop.example.com'], gateways: ['gw'], http: [{ route: [to] }] },
        { namespace: 'ingress' },
      ),
    );
    expect(run(shift, 'shift reviews v3 50 --in reviews', { ...context, world })).toMatchObject({
      kind: 'choose',
      choices: [{ value: 'reviews.default' }, { value: 'reviews.ingress' }],
    });
  });

  describe('of a service that a gateway in another namespace leads to, by a delegate', () => {
    const root = virtualService(
      'shop',
      {
        hosts: ['*-shop.example.com'],
        gateways: ['gw'],
        http: [{ match: [{ uri: { prefix: '/reviews' } }], delegate: { name: 'reviews', namespace: 'default' } }],
      },
      { namespace: 'ingress' },
    );
    const child = virtualService('reviews', {
      http: [{ route: [{ destination: { host: 'reviews', subset: 'v1' } }] }],
    });
    const world = reviews(root, child);
    const probe = { from: { kind: 'gateway' }, url: 'http://reviews-shop.example.com/reviews' };

    it('is proven by a request through that gateway', () => {
      expect(derivedProbe(world, REVIEWS)).toEqual(probe);
      const planning = run(shift, 'shift reviews v3 50', { ...context, world });
      if (planning.kind !== 'plan') throw new Error(planning.kind);
      expect(planning.plan.expectation).toMatchObject({ shares: { v1: 50, v3: 50 }, probe });
    });

    it('is taken back with the traffic that moves back', () => {
      const planning = run(shift, 'shift reviews v3 50', { ...context, world });
      if (planning.kind !== 'plan') throw new Error(planning.kind);
      const { writes, traffic } = planning.plan;
      const undone = planUndo(world.with(writes), writes, 'meshbot.dev/change');
      if (undone.kind !== 'edit') throw new Error(undone.kind);
      const back = planRouting(
        { title: '', fqdn: REVIEWS, writes: undone.writes, notes: [], sample: undefined, fault: false, wide: false },
        { ...context, world: world.with(writes) },
      );
      if (back.kind !== 'plan') throw new Error(back.kind);
      const reverse = traffic.map(row => ({ ...row, before: row.after, after: row.before }));
      expect(back.plan.traffic).toEqual(expect.arrayContaining(reverse));
    });
  });

  it('gives the same plan each time, and nothing to do once it is done', () => {
    const first = run(shift, 'shift ratings v2 10', context);
    expect(run(shift, 'shift ratings v2 10', context)).toEqual(first);
    if (first.kind !== 'plan') throw new Error(first.kind);
    const done = { ...context, world: context.world.with(first.plan.writes) };
    expect(run(shift, 'shift ratings v2 10', done).kind).toBe('nothing');
  });
});
