/** Plans of a mesh of two services, and a proof that looks at the objects, for tests of a change's life. */
import { argumentsOf, type MeshChange, type Receipt } from '../../../src/change/meshchange.ts';
import type { Applied } from '../../../src/change/phases.ts';
import type { World } from '../../../src/istio/world.ts';
import type { KubeObject, ObjectRef } from '../../../src/object.ts';
import type { Finding, Plan, Planning } from '../../../src/plan.ts';
import type { Write } from '../../../src/ports.ts';
import type { Simulation } from './simulation.ts';

export function serviceRef(name: string, namespace = 'default'): ObjectRef {
  return { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace, name };
}

/** A VirtualService that sends `v3` percent to v3 and the rest to v1. */
export function routed(name: string, v3: number, base?: KubeObject, namespace = 'default'): KubeObject {
  const { apiVersion, kind } = serviceRef(name);
  const to = (subset: string, weight: number) => ({ destination: { host: name, subset }, weight });
  return {
    apiVersion,
    kind,
    ...base,
    metadata: { ...base?.metadata, name, namespace },
    spec: { ...base?.spec, hosts: [name], http: [{ route: [to('v1', 100 - v3), to('v3', v3)] }] },
  };
}

/**
 * Verbs: `set` with arguments {services: 'a,b', v3} gives each service that share, creating what is not there;
 * `drop` deletes them; `undo` gives back what `undoes` changed, where it still is as that left it.
 */
export function planner(change: MeshChange, world: World, namespace = 'default'): Planning {
  const given = argumentsOf(change);
  if (given.services === '?') {
    const choices = ['a', 'b'].map(value => ({ value, label: value }));
    return { kind: 'choose', argument: 'services', question: 'Which service?', choices };
  }
  const services = String(given.services).split(',');
  const v3 = Number(given.v3);
  const writes = services.flatMap((name): Write[] => {
    const ref = serviceRef(name, namespace);
    const before = world.get(ref.kind, ref.namespace, ref.name);
    if (change.spec.verb === 'drop') return before ? [{ ref, before }] : [];
    if (before && JSON.stringify(before.spec) === JSON.stringify(routed(name, v3, before, namespace).spec)) return [];
    return [{ ref, ...(before && { before }), after: routed(name, v3, before, namespace) }];
  });
  if (writes.length === 0) return { kind: 'nothing', why: 'It is so already' };
  const plan = planOf(`Send ${v3} % of ${services.join(' and ')} to v3`, services, writes, v3);
  // What is shown hangs on more than what is written.
  const findings = services.flatMap((name): Finding[] => {
    const rule = world.get('DestinationRule', namespace, name);
    const message = `${name} has the subsets ${JSON.stringify(rule?.spec?.subsets)}`;
    return rule ? [{ code: 'subsets', severity: 'info', path: '', message }] : [];
  });
  return { kind: 'plan', plan: { ...plan, findings } };
}

export function planOf(title: string, services: string[], writes: Write[], v3: number): Plan {
  return {
    title,
    namespace: 'default',
    services,
    writes,
    traffic: services.flatMap(name => [
      { match: 'all requests', destination: `${name} v1`, before: 100, after: 100 - v3 },
      { match: 'all requests', destination: `${name} v3`, before: 0, after: v3 },
    ]),
    findings: [],
    notes: ['end-user = jason stays on v2'],
    risk: v3 === 100 ? 'high' : v3 >= 50 ? 'medium' : 'low',
    expectation: { host: `${services[0]}.default.svc.cluster.local`, headers: {}, shares: { v1: 100 - v3, v3 } },
  };
}

export function prover(change: Applied, sim: Pick<Simulation, 'dice' | 'now'>): Receipt {
  const proven = sim.dice.chance(0.8);
  return {
    verdict: proven ? 'proven' : 'not-proven',
    summary: proven ? 'consistent with what was planned' : 'too few requests came through',
    sent: 40,
    seen: { v1: 20, v3: 20 },
    intervals: { v1: { low: 30, high: 70 }, v3: { low: 30, high: 70 } },
    confidence: 99,
    expected: change.status.plan.expectation.shares,
    statuses: { '200': 40 },
    median: 12,
    from: 'the ingress gateway',
    at: sim.now,
  };
}
