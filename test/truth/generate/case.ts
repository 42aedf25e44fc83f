/** A whole case from a seed: configuration, what the scoped client imports, and requests that hit or just miss. */
import type { JsonObject } from '../../../src/object.ts';
import {
  type Case,
  type ClientName,
  type Made,
  NAMESPACES,
  type Probe,
  SIDECARS,
  serviceHost,
  slotName,
} from '../case.ts';
import type { Draw } from '../random.ts';
import { CASE_HEADER } from '../surroundings.ts';
import { exportedEntry, rootRules } from './aimed.ts';
import { destinationRules, gateway, serviceEntry, virtualService } from './objects.ts';
import { policies } from './security.ts';
import { HEADERS, METHODS, PATHS, QUERIES } from './words.ts';

const { a, b, c, gate } = NAMESPACES;

export function drawCase(draw: Draw, index: number, probes: number): Case {
  const slot = slotName(index);
  const { made, guarded } = mix(draw, slot);
  return {
    slot,
    made,
    imports: imports(draw, slot),
    probes: Array.from({ length: probes }, () => probe(draw, slot, made, guarded)),
  };
}

/** A bit of everything; now and then one thing alone, which would seldom decide otherwise. */
function mix(draw: Draw, slot: string): { made: Made[]; guarded: boolean } {
  const aim = draw.int(1, 20);
  if (aim <= 3) return { made: rootRules(draw, slot), guarded: false };
  if (aim <= 5) return { made: exportedEntry(draw, slot), guarded: false };
  const external = draw.often(35);
  const made: Made[] = [...destinationRules(draw, slot, external), ...(external ? [serviceEntry(draw, slot)] : [])];
  const gateways = draw.often(45)
    ? ['front', ...(draw.often(35) ? ['side'] : [])].map(name => gateway(draw, slot, name))
    : [];
  made.push(...gateways);
  const guarded = draw.often(35);
  if (guarded) made.push(...policies(draw, slot));
  const count = draw.pick([1, 1, 2, 2, 3]);
  for (let number = 0; number < count; number += 1) {
    const namespace = draw.pick([b, b, b, a, c, gate]);
    const around = { slot, namespace, external, guarded };
    const bound = gateways.length > 0 && draw.often(55) ? bindings(draw, gateways) : undefined;
    made.push(...virtualService(draw, `route${number}-${slot}`, hostsOf(draw, slot, namespace, bound), bound, around));
  }
  return { made, guarded };
}

function bindings(draw: Draw, gateways: Made[]): string[] {
  const names = draw.some(gateways, 1, 2).map(({ object }) => `${object.metadata.namespace}/${object.metadata.name}`);
  return draw.often(35) ? [...names, 'mesh'] : names;
}

/** None may be a duplicate of another: the webhook refuses a host that another of the list covers. */
function hostsOf(draw: Draw, slot: string, namespace: string, bound: string[] | undefined): string[] {
  const full = serviceHost(`reviews-${slot}`, b);
  const outside = [
    `${slot}.example.com`,
    `*.${slot}.example.com`,
    `shop.${slot}.example.com`,
    `*.com`.replace('*', `*.${slot}.example`),
  ];
  if (bound && !bound.includes('mesh')) return draw.some(outside.slice(0, 2), 1, 2);
  const inside = [
    full,
    full,
    full,
    ...(namespace === gate || namespace === a ? [] : [`reviews-${slot}`]),
    serviceHost(`reviews-${slot}`, c),
    serviceHost(`ratings-${slot}`, b),
    `*-${slot}.${b}.svc.cluster.local`,
    // Less than the whole name of a service: to Istio a name of its own.
    draw.pick([`reviews-${slot}.${b}`, `reviews-${slot}.${b}.svc`, `ratings-${slot}.${b}`]),
  ];
  const chosen = bound
    ? [draw.pick(inside), draw.pick(outside)]
    : draw.often(80)
      ? [draw.pick(inside)]
      : [draw.pick(outside)];
  return [...new Set(chosen)];
}

/** What the Sidecar of `scoped-a` lists. */
function imports(draw: Draw, slot: string): string[] {
  return draw.some(
    [
      `${b}/${serviceHost(`reviews-${slot}`, b)}`,
      `*/${serviceHost(`ratings-${slot}`, b)}`,
      `${c}/${serviceHost(`reviews-${slot}`, c)}`,
      `./${serviceHost(`details-${slot}`, a)}`,
      `./${serviceHost(`reviews-${slot}`, b)}`,
      `${c}/${serviceHost(`guarded-${slot}`, c)}`,
      `*/*.${slot}.example.com`,
      `*/${slot}.example.com`,
    ],
    1,
    6,
  );
}

function probe(draw: Draw, slot: string, made: Made[], guarded: boolean): Probe {
  const aimed = draw.pick(made.filter(({ object }) => object.kind === 'VirtualService'));
  const spec = aimed.object.spec ?? {};
  const conditions = (spec.http as JsonObject[]).flatMap(route => (route.match as JsonObject[] | undefined) ?? []);
  const hint = conditions.length > 0 && draw.often(75) ? draw.pick(conditions) : {};
  const gateways = spec.gateways as string[] | undefined;
  const atGate = gateways?.some(name => name !== 'mesh') === true && (!gateways.includes('mesh') || draw.often(50));
  const client: ClientName = atGate ? 'outside' : draw.pick(SIDECARS);
  const host =
    guarded && !atGate && draw.often(45)
      ? draw.pick([serviceHost(`guarded-${slot}`, c), `guarded-${slot}.${c}`])
      : hostFor(draw, slot, (spec.hosts as string[] | undefined) ?? [], atGate);
  // Services of every other slot have that port.
  const port = draw.often(Number(slot.slice(1)) % 2 === 1 || atGate ? 78 : 93) ? 80 : 8000;
  const shared = (spec.http as JsonObject[]).flatMap(route => (route.corsPolicy as JsonObject | undefined) ?? []);
  const preflight = shared.length > 0 && draw.often(30);
  const named = draw.often(3) ? `${host}.` : host;
  return {
    client,
    host: draw.often(15) ? `${named}:${port}` : named,
    port,
    path: pathFor(draw, hint) + queryFor(draw, hint),
    method: preflight
      ? 'OPTIONS'
      : typeof (hint.method as JsonObject)?.exact === 'string' && draw.often(80)
        ? String((hint.method as JsonObject).exact)
        : draw.pick(METHODS),
    headers: {
      ...headersFor(draw, hint),
      ...draw.maybe(shared.length > 0 ? 60 : 5, () => ({
        origin: draw.pick([
          ...['http', 'https'].map(scheme => `${scheme}://shop.example.com`),
          'http://evil.example.org',
        ]),
      })),
      ...(preflight ? draw.maybe(85, () => ({ 'access-control-request-method': draw.pick(METHODS) })) : {}),
      [CASE_HEADER]: slot,
    },
  };
}

function hostFor(draw: Draw, slot: string, hosts: string[], atGate: boolean): string {
  const outside = [
    `${slot}.example.com`,
    `shop.${slot}.example.com`,
    `a.b.${slot}.example.com`,
    `other-${slot}.example.net`,
  ];
  const near = [
    `reviews-${slot}.${b}`,
    `reviews-${slot}.${b}.svc`,
    serviceHost(`reviews-${slot}`, b),
    `reviews-${slot}`,
    serviceHost(`reviews-${slot}`, c),
    `ratings-${slot}.${b}`,
    `details-${slot}.${a}`,
    serviceHost(`empty-${slot}`, c),
  ];
  const named = draw.pick([...hosts, ...(hosts.length === 0 ? [serviceHost(`reviews-${slot}`, b)] : [])]);
  if (draw.often(80))
    return named.startsWith('*.')
      ? `shop${named.slice(1)}`
      : named.startsWith('*')
        ? `reviews${named.slice(1)}`
        : named;
  return draw.pick(atGate ? outside : draw.often(75) ? near : outside);
}

function pathFor(draw: Draw, hint: JsonObject): string {
  const uri = hint.uri as Record<string, string> | undefined;
  const word = uri?.exact ?? uri?.prefix;
  if (word === undefined || draw.often(20)) return draw.pick(PATHS);
  return draw.pick([word, word, `${word}1`, `${word}/1`.replace('//', '/'), word.toUpperCase().replaceAll('%', '%')]);
}

function queryFor(draw: Draw, hint: JsonObject): string {
  if (!hint.queryParams || draw.often(30)) return draw.pick(QUERIES);
  const pairs = Object.entries(hint.queryParams as Record<string, Record<string, string>>).map(
    ([name, wanted]) => `${name}=${wanted.exact ?? wanted.prefix ?? '2'}`,
  );
  return `?${pairs.join('&')}`;
}

/** Also what makes upstream slow or fail, for timeouts and retries. */
function headersFor(draw: Draw, hint: JsonObject): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, values] of Object.entries(HEADERS)) if (draw.often(20)) found[name] = draw.pick(values);
  for (const [name, wanted] of Object.entries((hint.headers as Record<string, Record<string, string>>) ?? {})) {
    if (draw.often(85))
      found[name.toLowerCase()] = wanted.exact ?? wanted.prefix ?? draw.pick(HEADERS[name.toLowerCase()]!);
  }
  if (draw.often(15)) found['x-a'] = 'sent';
  if (draw.often(8)) found['x-echo-status'] = draw.pick(['500', '503', '404', '409', '502']);
  else if (draw.often(5)) found['x-echo-delay'] = '600';
  return found;
}
