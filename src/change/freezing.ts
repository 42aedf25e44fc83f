/** What a freeze holds: which plans, from when, whose approval counts all the same. Pure; the way back is never frozen. */
import { SECTIONS } from '../istio/edit/place/inforce.ts';
import { objectsOf } from '../istio/edit/read.ts';
import { entryOf, hostMeant } from '../istio/edit/service/service.ts';
import { fullHost, serviceOf, shortHost } from '../istio/hosts.ts';
import { hostsOf } from '../istio/route/mesh.ts';
import type { JsonObject, KubeObject } from '../object.ts';
import type { Finding, Plan } from '../plan.ts';
import type { MeshFreeze } from '../records/mesh-freeze.ts';
import type { StoredPlan } from './meshchange.ts';
import { sentence } from './phrases.ts';
import type { Policy } from './policy.ts';

/** Code of the findings made here. */
export const FROZEN = 'frozen';

/** What a plan touches, as far as a freeze is concerned. */
type Touching = Pick<Plan, 'namespace' | 'services' | 'writes' | 'expectation'>;

/** The freezes there are, and where a service without a namespace is meant to be. */
export interface Freezes {
  list(): MeshFreeze[];
  reader: string;
}

/** They are as good as the watch that tells of them. */
export interface WatchedFreezes extends Freezes {
  /** ms since the API server was last heard of them. */
  readonly age: number;
}

/** Why nothing may go on, where too little was heard of freezes lately to say that there is none; undefined: enough. */
export function freezesUnheard({
  freezes,
  timing,
}: {
  freezes?: WatchedFreezes;
  timing: { worldAge: number };
}): string | undefined {
  if (!freezes || freezes.age <= timing.worldAge) return undefined;
  return 'Nothing was heard of freezes for a while; it goes on as soon as the cluster says what is frozen';
}

/** `now` in epoch ms. A freeze whose end cannot be read holds: when in doubt, nothing is changed. */
export function isInForce({ metadata, spec }: MeshFreeze, now: number): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  const until = endOf({ spec });
  return until === undefined || now < until;
}

/** Epoch ms; undefined: until somebody lifts it. */
export function endOf({ spec }: Pick<MeshFreeze, 'spec'>): number | undefined {
  const until = Date.parse(spec.until ?? '');
  return Number.isNaN(until) ? undefined : until;
}

/** Those in force, the first to end last. */
export function inForce(freezes: readonly MeshFreeze[], now: number): MeshFreeze[] {
  const end = (freeze: MeshFreeze) => endOf(freeze) ?? Number.MAX_SAFE_INTEGER;
  return freezes
    .filter(freeze => isInForce(freeze, now))
    .sort((a, b) => end(b) - end(a) || (a.metadata.name < b.metadata.name ? -1 : 1));
}

/**
 * Findings of the freezes that hold a plan: errors, or warnings where the policy lets some people approve all the same.
 * The same freezes give the same findings, so that an approval under a freeze is one of that freeze.
 */
export function frozen(plan: Touching, freezes: Freezes, policy: Policy, now: number): Finding[] {
  return holding(plan, freezes, now).map((freeze): Finding => {
    const rest = `lift it: unfreeze ${freeze.metadata.name}`;
    return {
      code: FROZEN,
      severity: policy.override ? 'warning' : 'error',
      path: `MeshFreeze/${freeze.metadata.namespace ?? ''}/${freeze.metadata.name}`,
      message: freezeInWords(freeze),
      fix: policy.override
        ? `Have it approved by those whom the policy names for that, wait until it is over, or ${rest}.`
        : `Wait until it is over, or ${rest}.`,
    };
  });
}

/** Of those in force, those that a plan falls under. */
export function holding(plan: Touching, { list, reader }: Freezes, now: number): MeshFreeze[] {
  const current = inForce(list(), now);
  if (current.length === 0) return [];
  const hosts = hostsTouched(plan, reader);
  const namespaces = new Set([
    ...[plan.namespace, ...plan.writes.map(({ ref }) => ref.namespace)],
    ...[...hosts].flatMap(host => serviceOf(host)?.namespace ?? []),
  ]);
  return current.filter(({ spec }) =>
    spec.host === undefined ? namespaces.has(spec.namespace) : hosts.has(spec.host),
  );
}

/** The first freeze that came after a plan was made, in words; undefined: none. Severities differ where the policy did. */
export function frozenSince(
  plan: StoredPlan,
  freezes: Freezes | undefined,
  policy: Policy,
  now: number,
): string | undefined {
  if (!freezes) return undefined;
  const was = told(plan.findings);
  return frozen(plan, freezes, policy, now).find(finding => !was.has(nameOf(finding)))?.message;
}

/** Why a plan no longer is what its approvals were given for: a freeze came, or went. undefined: neither. */
export function frozenOtherwise(
  plan: StoredPlan,
  freezes: Freezes | undefined,
  policy: Policy,
  now: number,
): string | undefined {
  if (!freezes) return undefined;
  const come = frozenSince(plan, freezes, policy, now);
  if (come !== undefined) return come;
  const is = told(frozen(plan, freezes, policy, now));
  return [...told(plan.findings)].every(each => is.has(each)) ? undefined : 'It is no longer frozen';
}

function told(findings: readonly Finding[]): Set<string> {
  return new Set(findings.filter(({ code }) => code === FROZEN).map(nameOf));
}

function nameOf({ severity, path, message }: Finding): string {
  return `${severity} ${path} ${message}`;
}

/** The policy as it decides on a plan: under a freeze those whom its override names approve, and nobody else. */
export function policyUnder(policy: Policy, isFrozen: boolean): Policy {
  const { override } = policy;
  if (!isFrozen || !override) return policy;
  const { who, approvals } = override;
  return { ...policy, rules: policy.rules.map(rule => ({ ...rule, approve: who, approvals })) };
}

/** Whether a plan was made under a freeze. */
export function isFrozen({ findings }: Pick<Plan, 'findings'>): boolean {
  return findings.some(({ code }) => code === FROZEN);
}

/** `reviews` or `namespace default`, as a person types it after `freeze`. */
export function targetOf({ spec }: Pick<MeshFreeze, 'spec'>, reader?: string): string {
  return spec.host === undefined ? `namespace ${spec.namespace}` : shortHost(spec.host, reader);
}

/** `namespace default is frozen until 2026-11-21 18:00 UTC: release night.` */
export function freezeInWords(freeze: Pick<MeshFreeze, 'spec'>): string {
  const end = endOf(freeze);
  const until =
    end === undefined
      ? 'until somebody lifts it'
      : `until ${new Date(end).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const target = freeze.spec.host === undefined ? `Namespace ${freeze.spec.namespace}` : shortHost(freeze.spec.host);
  const { reason } = freeze.spec;
  return sentence(`${target} is frozen ${until}${reason === undefined ? '' : `: ${reason}`}`);
}

/** Hosts whose requests it may send another way: what is written names them, or leads to them by a route that changes. */
function hostsTouched({ services, writes, expectation }: Touching, reader: string): Set<string> {
  const hosts = new Set([expectation.host, ...services.map(service => hostMeant(service, reader))]);
  for (const { before, after } of writes) {
    for (const object of [before, after]) {
      if (!object) continue;
      for (const host of namesOf(object)) hosts.add(host);
    }
    const [old, now] = [routesOf(before), routesOf(after)];
    for (const [key, host] of [...old, ...now])
      if (!(old.has(key) && now.has(key))) for (const each of host) hosts.add(each);
  }
  return hosts;
}

function namesOf(object: KubeObject): string[] {
  if (object.kind === 'VirtualService') return hostsOf(object);
  const { host } = object.spec ?? {};
  return object.kind === 'DestinationRule' && typeof host === 'string'
    ? [fullHost(host, object.metadata.namespace ?? '')]
    : [];
}

/** Each route, as text, with the hosts that it leads to. */
function routesOf(object: KubeObject | undefined): Map<string, string[]> {
  if (object?.kind !== 'VirtualService') return new Map();
  const namespace = object.metadata.namespace ?? '';
  const routes: JsonObject[] = SECTIONS.flatMap(section => objectsOf(object.spec?.[section]));
  return new Map(
    routes.map(route => [JSON.stringify(route), objectsOf(route.route).map(entry => entryOf(entry, namespace).host)]),
  );
}
