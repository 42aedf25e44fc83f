/** Makes the plan of writes to Gateways and what is bound to them: which requests come in, and what the proof must see. */
import { type KubeObject, refKey } from '../../../object.ts';
import type { Earlier, Expectation, Finding, Plan, Planning, Risk, TrafficRow } from '../../../plan.ts';
import type { ProbeSource, Write } from '../../../ports.ts';
import type { Phrase } from '../../../view.ts';
import { newFindings } from '../../checks/index.ts';
import { shortHost } from '../../hosts.ts';
import { Overlay } from '../../overlay.ts';
import { gatewaysOf } from '../../route/mesh.ts';
import type { World } from '../../world.ts';
import type { Surroundings } from '../plan/plan.ts';
import { type Answer, answerTo, servicesIn, sharesIn } from './answers.ts';
import { type Entrance, entrancesOf, keyOf, nameFor } from './entrances.ts';
import { aboutOff, aboutOn } from './findings.ts';
import { isPublic, senderOf, servicesOf } from './pods.ts';
import { isSwitchedOff } from './switched.ts';

export interface GatewayIntent {
  title: string;
  writes: Write[];
  notes: Phrase[];
  /** What the edit itself noticed, besides what the checks find. */
  findings?: Finding[];
}

/** One entrance as it is before and after. */
interface Move {
  entrance: Entrance;
  was: Answer;
  is: Answer;
}

/** Rows that are kept; a plan is stored whole, so they must end somewhere. */
const ROWS = 60;
/** Of those that stay as they are. */
const STILL = 5;

export function planGateways(intent: GatewayIntent, { world, namespace }: Surroundings): Planning {
  const { writes, title } = intent;
  const after = new Overlay(world, writes);
  const moves = movesOf(world, after, writes);
  const findings = [
    ...checked(world, after, writes),
    ...(intent.findings ?? []),
    ...around(after, writes, moves, namespace),
  ];
  if (findings.some(({ severity }) => severity === 'error')) return { kind: 'refused', findings };
  const changed = moves.filter(isChange);
  const expectation = expectationOf(changed.length > 0 ? changed : moves, after);
  const hosts = [
    ...new Set(
      (changed.length > 0 ? changed : moves).flatMap(({ was, is }) => [...servicesIn(was), ...servicesIn(is)]),
    ),
  ];
  const [client] = moves.map(({ entrance }) => entrance.client);
  const sender = client && senderOf(client);
  const plan: Plan = {
    title,
    namespace: writes.at(-1)?.ref.namespace ?? namespace,
    services: hosts.map(host => shortHost(host, namespace)),
    writes,
    traffic: rowsOf(moves, namespace),
    findings: [...findings, ...unproven(expectation, writes)],
    notes: [...intent.notes, ...draining(changed)],
    ...(sender && { sender }),
    risk: riskOf(changed),
    expectation,
  };
  return { kind: 'plan', plan };
}

/** Whether by these writes something comes in by a gateway that did not, or no longer does. */
export function opensOrCuts(world: World, writes: Write[]): boolean {
  const after = new Overlay(world, writes);
  return movesOf(world, after, writes).some(({ was, is }) => (was.kind === 'nobody') !== (is.kind === 'nobody'));
}

/** Of every Gateway that is written, and of every VirtualService that is written and bound to one, in both worlds. */
function movesOf(before: World, after: World, writes: Write[]): Move[] {
  const names = new Set(writes.flatMap(write => gatewaysWritten(write)));
  const written = new Set(
    writes.flatMap(({ ref }) => (ref.kind === 'Gateway' ? [`${ref.namespace}/${ref.name}`] : [])),
  );
  const entrances = new Map<string, Entrance>();
  for (const world of [before, after]) {
    for (const name of names) {
      const [namespace = '', own = ''] = name.split('/');
      const gateway = world.get('Gateway', namespace, own);
      const bound = gateway && written.has(name) ? undefined : boundWrites(world, writes, name);
      for (const each of gateway ? entrancesOf(world, gateway, bound) : []) {
        if (!entrances.has(keyOf(each))) entrances.set(keyOf(each), each);
      }
    }
  }
  return [...entrances.values()].map(entrance => ({
    entrance,
    was: answerTo(before, entrance),
    is: answerTo(after, entrance),
  }));
}

/** Of a Gateway that stays as it is, nothing but these can change. */
function boundWrites(world: World, writes: Write[], name: string): KubeObject[] {
  return writes
    .filter(({ ref }) => ref.kind === 'VirtualService')
    .flatMap(({ ref }) => world.get(ref.kind, ref.namespace, ref.name) ?? [])
    .filter(object => gatewaysOf(object).includes(name));
}

function gatewaysWritten({ ref, before, after }: Write): string[] {
  if (ref.kind === 'Gateway') return [`${ref.namespace}/${ref.name}`];
  if (ref.kind !== 'VirtualService') return [];
  const bound = [before, after].flatMap(object => (object ? gatewaysOf(object) : []));
  return bound.filter(name => name !== 'mesh');
}

/** Whether other services, versions or nobody at all answer from then on; a route elsewhere in the list is none. */
function isChange({ was, is }: Move): boolean {
  return JSON.stringify([...sharesIn(was, '')]) !== JSON.stringify([...sharesIn(is, '')]);
}

/** That a Gateway which is switched off selects no pods is what was asked for. */
function checked(before: World, after: World, writes: Write[]): Finding[] {
  const off = new Set(
    writes
      .filter(({ after: object }) => object?.kind === 'Gateway' && isSwitchedOff(object))
      .map(({ ref }) => refKey(ref)),
  );
  const back = new Set(
    writes
      .filter(({ before: object, ref }) => ref.kind === 'Gateway' && object && isSwitchedOff(object))
      .map(({ ref }) => refKey(ref)),
  );
  return newFindings(before, after, writes)
    .filter(({ code, path }) => !(code === 'gateway-no-pods' && off.has(path)))
    .map(finding => {
      // It was so before it was switched off: nothing of it is new, and the way back stays open.
      const isOld = finding.code.startsWith('gateway-') && back.has(finding.path.split(' ')[0]!);
      return isOld && finding.severity === 'error' ? { ...finding, severity: 'warning' as const } : finding;
    });
}

function around(after: World, writes: Write[], moves: Move[], reader: string): Finding[] {
  return writes.flatMap(({ ref, before, after: object }): Finding[] => {
    if (ref.kind !== 'Gateway' || !before) return [];
    const isGoing = !object || isSwitchedOff(object);
    if (isGoing && !isSwitchedOff(before)) {
      const cut = moves.filter(({ is }) => is.kind === 'nobody').flatMap(({ was }) => servicesIn(was));
      return aboutOff(after, before, [...new Set(cut)], reader);
    }
    return object && isSwitchedOff(before) && !isGoing ? aboutOn(after, object) : [];
  });
}

function rowsOf(moves: Move[], reader: string): TrafficRow[] {
  const rows = moves.flatMap(({ entrance, was, is }): TrafficRow[] => {
    const [then, now] = [sharesIn(was, reader), sharesIn(is, reader)];
    return [...new Set([...then.keys(), ...now.keys()])].map(destination => ({
      match: entrance.says,
      destination,
      before: then.get(destination) ?? 0,
      after: now.get(destination) ?? 0,
    }));
  });
  let still = 0;
  const kept = rows.filter(row => row.before !== row.after || still++ < STILL);
  return kept.slice(0, ROWS);
}

/**
 * high: people outside lose a service, or get one that nobody outside could reach. medium: others answer than before.
 * low: no request goes another way.
 */
function riskOf(changed: Move[]): Risk {
  if (changed.length === 0) return 'low';
  const opensOrCuts = changed.some(({ was, is }) => (was.kind === 'nobody') !== (is.kind === 'nobody'));
  return opensOrCuts ? 'high' : 'medium';
}

/** https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#ProxyConfig: drainDuration, 45 s unless told. */
function draining(changed: Move[]): Phrase[] {
  const isRefused = changed.some(({ was, is }) => was.kind !== 'nobody' && is.kind === 'nobody' && is.status === 0);
  return isRefused
    ? [
        'New connections are refused at once; those that are open may go on until the gateway has drained them (45 s, unless the mesh says otherwise).',
      ]
    : [];
}

/** Said before rather than after: nobody can promise some requests, and none is known where nothing is served. */
function unproven({ probe }: Expectation, writes: Write[]): Finding[] {
  const [first] = writes;
  if (probe || !first) return [];
  return [
    {
      code: 'gateway-unproven',
      severity: 'info',
      path: refKey(first.ref),
      message: 'No request is known that would show what this does, so its proof will say that nothing is known.',
      fix: 'Look at it by hand once it is written.',
    },
  ];
}

/** Of requests that a probe can send, plain rather than by https, the first whose way changes, without headers rather than with. */
function expectationOf(moves: Move[], after: World): Expectation {
  const shut = moves.filter(({ was, is }) => was.kind === 'service' && is.kind === 'nobody');
  const open = moves.filter(({ is }) => is.kind === 'service');
  const [move] = [...shut, ...open].sort((a, b) => ease(a) - ease(b));
  if (!move) return { kind: 'shut', host: '', headers: {}, shares: {} };
  const { entrance, was, is } = move;
  const headers = entrance.sample?.headers ?? {};
  const probe = probeOf(entrance, after);
  if (is.kind !== 'service') {
    const host = servicesIn(was)[0] ?? '';
    return { kind: 'shut', host, headers, shares: {}, ...(probe && { probe }) };
  }
  const [host = ''] = [...is.reached].sort((a, b) => b.share - a.share).map(each => each.host);
  return { host, headers, ...sharesAt(is, host), before: [sharesAt(was, host)], ...(probe && { probe }) };
}

/** Of the requests that reach that host; nothing where none does. */
function sharesAt(answer: Answer, host: string): Earlier {
  const own = answer.kind === 'service' ? answer.reached.filter(each => each.host === host) : [];
  const whole = own.reduce((sum, { share }) => sum + share, 0);
  const shares: Record<string, number> = {};
  let spread = 0;
  for (const { version, share } of own) {
    const part = (share * 100) / whole;
    if (version === undefined) spread += part;
    else shares[version] = (shares[version] ?? 0) + part;
  }
  return { shares, ...(spread > 0 && { spread }) };
}

function ease({ entrance }: Move): number {
  const { scheme, sample } = entrance;
  return (scheme === 'http' ? 0 : 4) + (sample ? (Object.keys(sample.headers).length > 0 ? 1 : 0) : 2);
}

/** The port of the Service is said where it is not the scheme's own. */
function probeOf(entrance: Entrance, world: World): { from: ProbeSource; url: string } | undefined {
  const { scheme, sample, client } = entrance;
  if (scheme === undefined || !sample) return undefined;
  const at = client.port === (scheme === 'https' ? 443 : 80) ? '' : `:${client.port}`;
  return { from: sourceOf(entrance, world), url: `${scheme}://${nameFor(entrance)}${at}${sample.path ?? '/'}` };
}

/** Named only where there is more than one to choose from. */
function sourceOf({ client }: Entrance, world: World): ProbeSource {
  const doors = new Set(world.all('Gateway').flatMap(gateway => servicesOf(world, gateway).filter(isPublic)));
  if (doors.size <= 1) return { kind: 'gateway' };
  const own = [...doors].find(service => isInFrontOf(service, client));
  return own ? { kind: 'gateway', name: `${own.metadata.namespace}/${own.metadata.name}` } : { kind: 'gateway' };
}

function isInFrontOf(service: KubeObject, client: Entrance['client']): boolean {
  const selector = Object.entries((service.spec?.selector ?? {}) as Record<string, string>);
  return (
    service.metadata.namespace === client.namespace &&
    selector.every(([label, value]) => client.labels[label] === value)
  );
}
