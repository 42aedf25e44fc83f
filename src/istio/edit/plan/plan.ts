/** Makes the plan of writes to a service's routes: traffic, findings, risk and what the proof must see. */

import { type KubeObject, refKey, refOf } from '../../../object.ts';
import type { Earlier, Finding, Plan, Planning } from '../../../plan.ts';
import type { Write } from '../../../ports.ts';
import type { Phrase } from '../../../view.ts';
import { newFindings } from '../../checks/index.ts';
import { shortHost } from '../../hosts.ts';
import { Overlay } from '../../overlay.ts';
import { hostsOf } from '../../route/mesh.ts';
import type { World } from '../../world.ts';
import type { HopSample } from '../place/hop.ts';
import { gatewayRouting, meshRouting } from '../place/inforce.ts';
import { placesOf } from '../place/places.ts';
import type { Sample } from '../place/sample.ts';
import { type ProbeHint, probeBy } from './probe.ts';
import { riskOf } from './risk.ts';
import { trafficOf, virtualServiceIn } from './traffic.ts';

export interface Intent {
  title: string;
  fqdn: string;
  writes: Write[];
  notes: Phrase[];
  /** What the edit itself noticed, besides what the checks find. */
  findings?: Finding[];
  /** The VirtualService that clients see, where not a written one: the parent of a delegate. */
  root?: KubeObject | undefined;
  /** undefined: nothing that a probe can carry makes it fall under the changed route. */
  sample: Sample | undefined;
  /** What else its trace must show, where a probe cannot promise it. */
  hop?: HopSample | undefined;
  /** Requests of the changed route, in words. */
  says?: string | undefined;
  /** The world after each step but the last, where it goes by steps. */
  earlier?: World[] | undefined;
  /** What the proof is to send, where that is known already. */
  probe?: ProbeHint | undefined;
  fault: boolean;
  /** Other hosts that are routed with it. */
  wide: boolean;
}

export interface Surroundings {
  world: World;
  /** Names without a namespace are read by somebody of this one. */
  namespace: string;
  /** Probes that the configuration names, by fully qualified host. */
  probes: Record<string, ProbeHint>;
}

export function planRouting(intent: Intent, surroundings: Surroundings): Planning {
  const { world, namespace } = surroundings;
  const { fqdn, writes } = intent;
  const after = new Overlay(world, writes);
  const findings = [...newFindings(world, after, writes), ...(intent.findings ?? [])];
  if (findings.some(finding => finding.severity === 'error')) return { kind: 'refused', findings };
  const roots = rootsOf(intent, world, after);
  const traffic = trafficOf(world, after, fqdn, namespace, roots, intent.says);
  const rows = [...traffic.rows, ...traffic.copies];
  const seen = probeFor({ ...intent, root: roots.after ?? intent.root }, after, surroundings);
  const headers = seen.where ? (intent.hop?.headers ?? {}) : (intent.sample?.headers ?? {});
  const before = statesBefore(intent, world, namespace, traffic.was);
  const others = Object.keys(headers).length > 0 ? traffic.others : undefined;
  const moved = rows.map(row => row.after - row.before);
  const plan: Plan = {
    title: intent.title,
    namespace: writes.at(-1)?.ref.namespace ?? namespace,
    services: [shortHost(fqdn, namespace)],
    writes,
    traffic: rows,
    findings,
    notes: intent.notes,
    risk: riskOf({
      allToNew: traffic.allToNew,
      creates: writes.some(write => !write.before || !write.after),
      fault: intent.fault,
      wide: intent.wide || findings.some(finding => finding.severity === 'warning'),
      points: Math.max(0, ...moved),
    }),
    expectation: {
      host: fqdn,
      headers,
      ...traffic.expected,
      ...(others && { others }),
      ...(before && { before }),
      ...seen,
    },
  };
  return { kind: 'plan', plan };
}

/** What the requests of the changed route did before, and do after each earlier step. */
function statesBefore(
  intent: Intent,
  world: World,
  namespace: string,
  was: Earlier | undefined,
): Earlier[] | undefined {
  if (!was) return undefined;
  const steps = (intent.earlier ?? []).map(step => {
    return trafficOf(world, step, intent.fqdn, namespace, rootsOf(intent, world, step), intent.says).expected;
  });
  return [was, ...steps.map(({ shares, spread }) => ({ shares, ...(spread !== undefined && { spread }) }))];
}

/** No probe where none would fall under the changed route: the receipt then says that nothing is known. */
function probeFor(
  intent: Intent,
  world: World,
  { probes }: Surroundings,
): Pick<Plan['expectation'], 'probe' | 'where'> {
  const { fqdn, sample, hop, root, says } = intent;
  const configured = Object.hasOwn(probes, fqdn) ? probes[fqdn] : undefined;
  // By which path a configured probe comes to the service nobody knows; one made for the route has the right one.
  const direct =
    sample &&
    (intent.probe ??
      (sample.path === undefined ? configured : undefined) ??
      (root && probeBy(world, root, fqdn, says)));
  if (direct && !(intent.probe && hop)) return { probe: direct };
  const behind = hop && (intent.probe ?? configured);
  return behind ? { probe: behind, where: hop.where } : {};
}

function rootsOf(intent: Intent, before: World, after: World) {
  const write = intent.writes.find(({ ref }) => ref.kind === 'VirtualService');
  const written = write?.before ?? write?.after;
  const object = intent.root ?? (written && (parentOf(before, written, intent.fqdn) ?? written));
  if (!object) return {};
  return { before: virtualServiceIn(before, object), after: virtualServiceIn(after, object) };
}

/** The gateway's VirtualService that hands requests to a delegate; undefined where it is none, or the mesh's. */
function parentOf(world: World, child: KubeObject, fqdn: string): KubeObject | undefined {
  if (hostsOf(child).length > 0) return undefined;
  const inMesh = meshRouting(world, fqdn).inForce;
  const isChild = (root: KubeObject) =>
    placesOf(world, root).some(({ object }) => refKey(refOf(object)) === refKey(refOf(child)));
  return inMesh && isChild(inMesh) ? undefined : gatewayRouting(world, fqdn).find(isChild);
}
