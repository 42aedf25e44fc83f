import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import expose from '../../../commands/expose.ts';
import off from '../../../commands/gateway-off.ts';
import on from '../../../commands/gateway-on.ts';
import open from '../../../commands/gateway-open.ts';
import undo from '../../../commands/undo.ts';
import { digestOf } from '../../../src/change/digest.ts';
import { CHANGE_ANNOTATION } from '../../../src/change/meshchange.ts';
import type { Command, PlanningContext } from '../../../src/command.ts';
import { answerTo } from '../../../src/istio/edit/gateway/answers.ts';
import { entrancesOf } from '../../../src/istio/edit/gateway/entrances.ts';
import { isSwitchedOff, switchedOff, switchedOn } from '../../../src/istio/edit/gateway/switched.ts';
import type { World } from '../../../src/istio/world.ts';
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import type { Plan } from '../../../src/plan.ts';
import { change } from '../../commands/setup.ts';
import { bookinfo, templates } from '../../fixtures/load.ts';
import { run, testShapes } from './shapes.ts';

function contextOf(world: World): PlanningContext {
  return { world, templates, namespace: 'default', probes: {}, changes: [] };
}

function planned(command: Command, line: string, world: World): Plan {
  const planning = run(command, line, contextOf(world));
  if (planning.kind !== 'plan') throw new Error(`${line}: ${JSON.stringify(planning)}`);
  return planning.plan;
}

const ANY_HOST = 'for any host: /productpage, /static*, /login, /logout, /api/v1/products*';

const live = (world: World) => world.get('Gateway', 'default', 'bookinfo-gateway')!;

describe('gateway off, on and open, and expose', () => {
  testShapes(off, new URL('./gateway-off-fixtures/', import.meta.url));
  testShapes(on, new URL('./gateway-on-fixtures/', import.meta.url));
  testShapes(open, new URL('./gateway-open-fixtures/', import.meta.url));
  testShapes(expose, new URL('./expose-fixtures/', import.meta.url));
});

describe('the plan to switch a gateway off', () => {
  it('says which requests nobody answers any more, to whom they went, and how that is to be seen', () => {
    const plan = planned(off, 'gateway off bookinfo-gateway', bookinfo());
    expect(plan).toMatchObject({
      title: 'Switch the gateway bookinfo-gateway off',
      services: ['productpage'],
      risk: 'high',
      traffic: [
        { match: ANY_HOST, destination: 'productpage v1', before: 100, after: 0 },
        { match: ANY_HOST, destination: 'nobody: refused', before: 0, after: 100 },
      ],
      sender: { name: 'istio-ingressgateway', namespace: 'istio-system' },
      expectation: {
        kind: 'shut',
        host: 'productpage.default.svc.cluster.local',
        probe: { from: { kind: 'gateway' }, url: 'http://productpage/productpage' },
      },
    });
    expect(plan.findings.map(({ code }) => code)).toEqual(['gateway-last']);
  });

  it('says 404 instead, and who listens still, where another Gateway keeps the port open', () => {
    const gateway = live(bookinfo());
    const other = { ...gateway, metadata: { ...gateway.metadata, name: 'other', uid: 'g-other' } };
    const spec = { ...other.spec, servers: [{ port: { number: 80, protocol: 'HTTP' }, hosts: ['other.example.com'] }] };
    const world = bookinfo().with([{ ref: { ...refOf(other) }, after: { ...other, spec } }]);
    const plan = planned(off, 'gateway off bookinfo-gateway', world);
    expect(plan.traffic.map(({ destination }) => destination)).toContain('nobody: 404');
    expect(plan.findings.map(({ code }) => code)).toEqual(['gateway-last', 'gateway-shares-port']);
  });

  it('asks by https where nothing else is served', () => {
    const gateway = live(bookinfo());
    const servers = [
      {
        port: { number: 443, name: 'https', protocol: 'HTTPS' },
        hosts: ['shop.example.com'],
        tls: { mode: 'SIMPLE', credentialName: 'c' },
      },
    ];
    const world = bookinfo().with([{ ref: refOf(gateway), after: { ...gateway, spec: { ...gateway.spec, servers } } }]);
    const { expectation, traffic } = planned(off, 'gateway off bookinfo-gateway', world);
    expect(expectation.probe).toEqual({ from: { kind: 'gateway' }, url: 'https://shop.example.com/productpage' });
    expect(traffic[0]!.match).toContain('for https://shop.example.com: /productpage');
  });

  it('looks at the pods as often however many VirtualServices lead to a service', () => {
    const looks = (count: number) => {
      const bound = bookinfo().get('VirtualService', 'default', 'bookinfo')!;
      const more = Array.from({ length: count }, (_, index) => ({
        ...bound,
        metadata: { ...bound.metadata, name: `more-${index}` },
        spec: { ...bound.spec, hosts: [`h${index}.example.com`], gateways: ['elsewhere'] },
      }));
      const world = bookinfo().with(more.map(after => ({ ref: refOf(after), after })));
      let seen = 0;
      const all = world.all.bind(world);
      world.all = kind => {
        seen += kind === 'Pod' ? 1 : 0;
        return all(kind);
      };
      planned(off, 'gateway off bookinfo-gateway', world);
      return seen;
    };
    expect(looks(300)).toBe(looks(3));
  });

  it('has the same digest however often it is made', () => {
    const digest = () => digestOf(planned(off, 'gateway off bookinfo-gateway', bookinfo()));
    expect(digest()).toBe(digest());
  });

  it('names no running pods where none is known, and what it is bound to all the same', () => {
    const pod = bookinfo()
      .all('Pod')
      .find(({ metadata }) => metadata.namespace === 'istio-system')!;
    const plan = planned(off, 'gateway off bookinfo-gateway', bookinfo().with([{ ref: refOf(pod) }]));
    expect(plan.findings.map(({ code }) => code)).toContain('gateway-idle');
    expect(plan.services).toEqual(['productpage']);
  });
});

describe('what comes in by a gateway that goes off and on again', () => {
  it('is what came in before, whatever it is made of', () => {
    fc.assert(
      fc.property(gateways, spec => {
        const gateway: KubeObject = { ...live(bookinfo()), spec };
        const world = bookinfo().with([{ ref: refOf(gateway), after: gateway }]);
        const off = { ...gateway, spec: switchedOff(gateway) };
        const on = { ...off, spec: switchedOn(off) };
        expect(isSwitchedOff(off)).toBe(true);
        // Only the selector knows of it.
        expect({ ...off.spec, selector: null }).toEqual({ ...spec, selector: null });
        expect(on).toEqual(gateway);
        const dark = world.with([{ ref: refOf(off), after: off }]);
        for (const entrance of entrancesOf(dark, off)) expect(answerTo(dark, entrance).kind).toBe('nobody');
        expect(entrancesOf(dark, off)).toEqual(entrancesOf(world, gateway));
      }),
    );
  });

  it('keeps what somebody changed of it meanwhile', () => {
    const gateway = live(bookinfo());
    const off = { ...gateway, spec: switchedOff(gateway) };
    const selector = { ...(off.spec.selector as JsonObject), team: 'shop' };
    const edited = { ...off, spec: { ...off.spec, servers: [], selector } };
    expect(switchedOn(edited)).toEqual({ selector: { istio: 'ingressgateway', team: 'shop' }, servers: [] });
  });

  it('is taken back exactly, and the way back is a way in', () => {
    const first = planned(off, 'gateway off bookinfo-gateway', bookinfo());
    const dark = bookinfo().with(first.writes.map(write => ({ ...write, after: marked(write.after!) })));
    const context = { ...contextOf(dark), changes: [change('gateway-off-1', first, { verb: 'gateway off' })] };
    if (undo.kind !== 'change') throw new Error(undo.kind);
    const planning = undo.plan({ id: 'gateway-off-1' } as never, context);
    expect(planning).toMatchObject({
      kind: 'plan',
      plan: {
        risk: 'high',
        // Nobody was reached before, so whoever is reached shows it.
        expectation: {
          ...{ shares: { v1: 100 }, before: [{ shares: {} }], probe: { url: 'http://productpage/productpage' } },
        },
        traffic: [
          { destination: 'nobody: refused', before: 100, after: 0 },
          { destination: 'productpage v1', before: 0, after: 100 },
        ],
      },
    });
    if (planning.kind === 'plan') {
      expect(planning.plan.writes[0]!.after!.spec).toEqual(live(bookinfo()).spec);
    }
  });
});

function marked(object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, annotations: { [CHANGE_ANNOTATION]: 'gateway-off-1' } } };
}

function refOf({ apiVersion, kind, metadata }: KubeObject) {
  return { apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

const host = fc.constantFrom('*', 'shop.example.com', '*.example.com', './shop.example.com', 'default/*', 'other/*');
const server = fc.record({
  port: fc.record({
    number: fc.constantFrom(80, 8080, 443, 31400),
    name: fc.constant('p'),
    protocol: fc.constantFrom('HTTP', 'HTTPS', 'TCP', 'TLS'),
  }),
  hosts: fc.array(host, { minLength: 1, maxLength: 3 }),
  tls: fc.option(fc.record({ mode: fc.constantFrom('SIMPLE', 'PASSTHROUGH'), credentialName: fc.constant('c') }), {
    nil: undefined,
  }),
});
/** Selectors that there are: usual, several labels, empty, none at all. */
const gateways = fc
  .record({
    servers: fc.array(server, { maxLength: 3 }),
    selector: fc.option(
      fc.constantFrom<JsonObject>({ istio: 'ingressgateway' }, { istio: 'ingressgateway', app: 'x' }, {}),
      { nil: undefined },
    ),
  })
  .map(({ servers, selector }) => {
    const plain = JSON.parse(JSON.stringify({ servers })) as JsonObject;
    return selector === undefined ? plain : { ...plain, selector };
  });
