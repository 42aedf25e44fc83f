/** Which kinds of configuration a pair has, and which of them decided about its request: how broad a run was. */
import { corsOf } from '../../src/istio/route/cors.ts';
import { effectiveRule } from '../../src/istio/route/destination-rule.ts';
import { matchable, matches } from '../../src/istio/route/match.ts';
import type { MeshRequest } from '../../src/istio/route/request.ts';
import { route } from '../../src/istio/route/route.ts';
import type { World } from '../../src/istio/world.ts';
import type { JsonObject, KubeObject } from '../../src/object.ts';
import { refOf } from '../../src/object.ts';
import { type Case, NAMESPACES, type Probe } from './case.ts';
import { textOf } from './outcome.ts';
import { requestOf } from './predict.ts';
import { GUARD } from './surroundings.ts';

/** Of pairs. */
export interface Count {
  /** Their configuration has it. */
  has: number;
  /** It decided about their request. */
  met: number;
}

export class Coverage {
  readonly #counts = new Map<string, Count>();
  readonly #others = new WeakMap<World, Others>();

  add(world: World, found: Case, probe: Probe): void {
    const has = new Set(found.made.flatMap(({ object }) => kindsOf(object)));
    const met = new Set([...kindsMet(world, found, probe), ...this.#exportMet(world, found, probe)]);
    for (const kind of new Set([...has, ...met])) {
      const count = this.#counts.get(kind) ?? { has: 0, met: 0 };
      this.#counts.set(kind, { has: count.has + 1, met: count.met + Number(met.has(kind)) });
    }
  }

  /** An exportTo hides where all would go another way without it, and shows where it would without what it exports. */
  #exportMet(world: World, found: Case, probe: Probe): string[] {
    if (!found.made.some(({ object }) => isExportedEntry(object))) return [];
    const others = this.#others.get(world) ?? othersOf(world);
    this.#others.set(world, others);
    const decided = (each: World) => textOf(route(each, requestOf(each, probe)));
    const now = decided(world);
    const how = now !== decided(others.open) ? 'hides' : now !== decided(others.gone) ? 'shows' : undefined;
    return how === undefined ? [] : ['ServiceEntry exportTo', `ServiceEntry exportTo ${how} it`];
  }

  /** One line a kind, those of one object together. */
  lines(): string[] {
    const width = Math.max(0, ...[...this.#counts.keys()].map(kind => kind.length));
    const number = (value: number) => String(value).padStart(7);
    return [
      `${'pairs'.padEnd(width)}    with    met`,
      ...[...this.#counts].sort().map(([kind, { has, met }]) => `${kind.padEnd(width)} ${number(has)}${number(met)}`),
    ];
  }
}

/** The same mesh with those ServiceEntries for everybody, and without them. */
interface Others {
  open: World;
  gone: World;
}

const isExportedEntry = ({ kind, spec }: KubeObject) => kind === 'ServiceEntry' && spec?.exportTo !== undefined;

function othersOf(world: World): Others {
  const exported = world.all('ServiceEntry').filter(isExportedEntry);
  const open = exported.map(each => ({
    ref: refOf(each),
    after: { ...each, spec: { ...each.spec, exportTo: ['*'] } },
  }));
  return { open: world.with(open), gone: world.with(exported.map(each => ({ ref: refOf(each) }))) };
}

function kindsOf(object: KubeObject): string[] {
  const { kind, spec = {} } = object;
  const exported = spec.exportTo ? [`${kind} exportTo`] : [];
  if (kind === 'VirtualService') return [...exported, ...hostKinds(spec), ...list(spec.http).flatMap(whole)];
  if (kind === 'DestinationRule') return [...exported, `DestinationRule in ${object.metadata.namespace}`];
  return [...exported, kind === 'AuthorizationPolicy' ? `${kind} ${spec.action}` : kind];
}

const whole = (spec: JsonObject) => [...list(spec.match).flatMap(matchKinds), ...routeKinds(spec)];

function hostKinds({ hosts = [], gateways = [] }: JsonObject): string[] {
  const bound = gateways as string[];
  const at = bound.length === 0 ? 'mesh' : bound.includes('mesh') ? 'gateways and mesh' : 'gateways';
  const kinds = (hosts as string[]).map(host => {
    if (host.startsWith('*')) return 'wildcard';
    if (host.endsWith('.svc.cluster.local')) return 'whole name of a service';
    if (!host.includes('.')) return 'short name of a service';
    return host.includes('.example.') ? 'no service' : 'half a name of a service';
  });
  return [`VirtualService of ${at}`, ...kinds.map(kind => `VirtualService host: ${kind}`)];
}

function matchKinds(match: JsonObject): string[] {
  return Object.entries(match).flatMap(([field, value]) => {
    if (field === 'name') return [];
    if (field === 'gateways') return ['match gateways'];
    const inner = ['headers', 'withoutHeaders', 'queryParams'].includes(field)
      ? Object.values(value as object)
      : [value];
    return inner.map(each => `match ${field}${each && isObject(each) ? how(field, each) : ''}`);
  });
}

const how = (field: string, matcher: JsonObject) =>
  field === 'sourceLabels' ? '' : ` ${Object.keys(matcher)[0] ?? 'is there'}`;

function routeKinds(spec: JsonObject): string[] {
  const destinations = list(spec.route);
  const inside = (field: string) =>
    Object.keys((spec[field] ?? {}) as JsonObject).map(each => `route ${field} ${each}`);
  const lone = ['redirect', 'directResponse', 'delegate', 'timeout', 'corsPolicy', 'mirror', 'mirrors'];
  return [
    ...lone.filter(field => spec[field]).map(field => `route ${field}`),
    ...inside('rewrite'),
    ...inside('fault'),
    ...inside('headers'),
    ...Object.keys((spec.retries ?? {}) as JsonObject).map(each => `route retries ${each}`),
    ...(destinations.length > 1 ? ['route weights'] : []),
    ...(destinations.some(each => (each.destination as JsonObject).subset) ? ['route subset'] : []),
    ...(destinations.some(each => each.headers) ? ['route headers of a destination'] : []),
  ];
}

/** What the winning VirtualService, its route and its destinations are. */
function kindsMet(world: World, found: Case, probe: Probe): string[] {
  const request = requestOf(world, probe);
  const decision = route(world, request);
  const outcome = decision.kind === 'none' ? `none ${decision.flag}` : decision.kind;
  const met = [`decision: ${outcome}`, ...askerKinds(world, probe)];
  if (decision.kind === 'passthrough') return met;
  const via = decision.via;
  const owner = via && world.get('VirtualService', via.virtualService.namespace, via.virtualService.name);
  if (via && owner) {
    const spec = list(owner.spec?.http)[via.index] ?? {};
    const seen = matchable(request);
    met.push(
      ...hostKinds(owner.spec ?? {}),
      ...routeKinds(spec),
      ...(owner.spec?.exportTo ? ['VirtualService exportTo'] : []),
    );
    met.push(...matchKinds(list(spec.match).find(each => matches(each, seen)) ?? {}));
    if (shares(found, owner)) met.push('several VirtualServices for the host');
  }
  const cors = corsOf(decision.cors, request);
  if (cors) met.push(`route corsPolicy: ${cors.answers ? 'a preflight is answered' : 'an answer is shared'}`);
  if (decision.kind !== 'forward') return met;
  for (const target of [...decision.destinations, ...decision.mirrors])
    met.push(...targetKinds(world, request, target));
  if (decision.destinations.some(each => guarded(world, each))) {
    const own = found.made.filter(({ object }) => object.kind === 'AuthorizationPolicy');
    met.push(...own.map(({ object }) => `AuthorizationPolicy ${object.spec?.action}`));
    const [mode] = world.inNamespace('PeerAuthentication', NAMESPACES.c);
    met.push(`PeerAuthentication ${(mode?.spec?.mtls as JsonObject | undefined)?.mode}`);
  }
  return met;
}

function askerKinds(world: World, { client }: Probe): string[] {
  if (client === 'outside') return ['asked by a gateway', 'Gateway'];
  if (client === 'scoped-a') return ['asked by a sidecar', 'Sidecar for a workload'];
  const narrow = client === 'plain-c' && world.get('Sidecar', NAMESPACES.c, 'narrow') !== undefined;
  return ['asked by a sidecar', ...(narrow ? ['Sidecar for a namespace'] : [])];
}

function targetKinds(
  world: World,
  { from }: MeshRequest,
  { host, namespace, subset }: { host: string; namespace: string; subset?: string },
): string[] {
  const entry = world.forHost('ServiceEntry', host).length > 0 ? ['ServiceEntry'] : [];
  const rules = subset === undefined ? [] : (effectiveRule(world, host, from, namespace)?.rules ?? []);
  const [first] = rules;
  if (!first) return entry;
  const home = first.metadata.namespace ?? '';
  const whose = home === from.namespace ? 'client' : home === namespace ? 'service' : 'root';
  return [
    ...entry,
    `DestinationRule in ${home}`,
    `DestinationRule of the ${whose}’s namespace`,
    ...(rules.length > 1 ? ['DestinationRules merged'] : []),
    ...(first.spec?.exportTo ? ['DestinationRule exportTo'] : []),
  ];
}

function guarded(world: World, { namespace, endpoints }: { namespace: string; endpoints: string[] }): boolean {
  return world.get('Pod', namespace, endpoints[0] ?? '')?.metadata.labels?.app === GUARD;
}

function shares(found: Case, owner: KubeObject): boolean {
  const hosts = new Set((owner.spec?.hosts ?? []) as string[]);
  return found.made.some(({ object }) => {
    const other = object.kind === 'VirtualService' && object.metadata.name !== owner.metadata.name;
    return other && ((object.spec?.hosts ?? []) as string[]).some(host => hosts.has(host));
  });
}

const list = (value: unknown): JsonObject[] => (Array.isArray(value) ? (value as JsonObject[]) : []);
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null;
