/**
 * Every subset that a route names is there for every client, and selects a pod that is Ready: otherwise its share of
 * the requests gets 503 (NC without the subset, UH without a pod). IST0101, KIA1107, KIA0203.
 */

import type { JsonObject, KubeObject } from '../../object.ts';
import type { Finding } from '../../plan.ts';
import { hasGatewayIn } from '../edit/place/gateways.ts';
import { objectsOf } from '../edit/read.ts';
import { type Entry, entryOf } from '../edit/service/service.ts';
import { readyPods, rulesFor, serviceAt } from '../edit/service/versions.ts';
import { sharesOf } from '../edit/share/weights.ts';
import { serviceOf, shortHost } from '../hosts.ts';
import { gatewaysOf } from '../route/mesh.ts';
import { covers } from '../route/patterns.ts';
import { serviceVisible, visibility } from '../route/visibility.ts';
import type { World } from '../world.ts';
import { type Check, type CheckContext, changedRoutes, type RouteAt, routesAt } from './check.ts';

export const subsets: Check = {
  about: 'state',
  rules: [
    {
      code: 'subset-missing',
      severity: 'error or warning',
      what: 'A route or mirror names a subset that the DestinationRule in force for some clients does not have: 503 (NC). A warning where only clients elsewhere, if there are any, would miss it.',
      fix: 'Add the subset to the DestinationRule that those clients obey.',
      source: 'IST0101, KIA1107, KIA0201',
    },
    {
      code: 'subset-empty',
      severity: 'error',
      what: 'A route or mirror sends requests to a subset that selects no Ready pod: 503 (UH).',
      fix: 'Deploy the version, or wait until a pod of it is Ready.',
      source: 'KIA0203; IST0173 does not look at readiness',
    },
  ],
  find: missing,
};

/** Subsets that routes of the written objects name, or lose, in this world. */
export function missing(world: World, context: CheckContext): Finding[] {
  const looked = new Map(changedRoutes(world, context).map(route => [route.path, route]));
  const own = [...looked.values()].flatMap(destinationsOf);
  const others = context.writes.flatMap(({ ref, before, after }) =>
    ref.kind === 'DestinationRule'
      ? [before, after].flatMap(rule => (rule ? leadingBy(world, rule) : [])).filter(({ at }) => !looked.has(at.path))
      : [],
  );
  const used = new Map([...own, ...others.map(({ used }) => used)].map(each => [each.path, each]));
  return [...used.values()].flatMap(each => findings(world, each));
}

/** A rule that changes may take a subset away from any VirtualService that names its host or leads to it. */
function leadingBy(world: World, rule: KubeObject): { at: RouteAt; used: Used }[] {
  const host = hostOf(rule);
  if (host === undefined) return [];
  const routing = new Set([...world.forHost('VirtualService', host), ...world.leadingTo(host)]);
  return [...routing].flatMap(routesAt).flatMap(at =>
    destinationsOf(at)
      .filter(({ entry }) => covers(host, entry.host))
      .map(used => ({ at, used })),
  );
}

interface Used {
  entry: Entry;
  path: string;
  object: KubeObject;
  /** Percent of the route's requests; a mirror's share is of copies. */
  share: number;
}

function destinationsOf({ object, route, path }: RouteAt): Used[] {
  const namespace = object.metadata.namespace ?? '';
  const entries = objectsOf(route.route).map(json => entryOf(json, namespace));
  const shares = sharesOf(entries.map(entry => entry.weight));
  const mirror = (destination: JsonObject, at: string): Used => ({
    entry: entryOf({ destination }, namespace),
    path: `${path}.${at}`,
    object,
    share: 100,
  });
  return [
    ...entries.map((entry, index) => ({ entry, path: `${path}.route[${index}]`, object, share: shares[index]! })),
    ...(route.mirror ? [mirror(route.mirror as JsonObject, 'mirror')] : []),
    ...objectsOf(route.mirrors).map((each, index) =>
      mirror((each.destination ?? {}) as JsonObject, `mirrors[${index}]`),
    ),
  ];
}

function findings(world: World, { entry, path, object, share }: Used): Finding[] {
  const named = serviceOf(entry.host);
  const target = serviceAt(world, entry.host);
  if (!named || share === 0 || !target || entry.subset === undefined) return [];
  const service = shortHost(entry.host, object.metadata.namespace);
  const subsetFor = (client: string) =>
    rulesFor(world, entry.host, client).subsets.find(each => each.name === entry.subset);
  return clientsOf(world, entry.host, object).flatMap((client): Finding[] => {
    const subset = subsetFor(client);
    const isElsewhere = client === ELSEWHERE;
    // Whether there are such clients nobody knows; what nobody has is said once, of home.
    if (isElsewhere && (subset || !subsetFor(named.namespace) || !serviceVisible(target.object, client))) return [];
    if (!subset) {
      const { seen, whose, rule } = wordsFor(client, named.namespace);
      return [
        {
          code: 'subset-missing',
          severity: isElsewhere ? 'warning' : 'error',
          path: `${path}${seen}`,
          message: `${service} has no subset ${entry.subset}${whose}: its requests would get 503.`,
          fix: `Add the subset ${entry.subset} to ${rule}.`,
        },
      ];
    }
    if (client !== named.namespace || readyPods(world, entry.host, subset.labels).length > 0) return [];
    return [
      {
        code: 'subset-empty',
        severity: 'error',
        path,
        message: `No pod of ${service} ${entry.subset} is Ready: its requests would get 503.`,
        fix: `Deploy ${entry.subset}, or wait until a pod of it is Ready.`,
      },
    ];
  });
}

/** No namespace's name: stands for all to which nothing is exported by name, and which have no rule of their own. */
const ELSEWHERE = '';

/**
 * Namespaces whose clients may obey different rules for a host: its own, those that have a rule for it, and all others.
 * Of a gateway's VirtualService those clients are the gateway's pods.
 */
function clientsOf(world: World, host: string, object: KubeObject): string[] {
  const home = serviceOf(host)?.namespace ?? '';
  const inMesh = gatewaysOf(object).includes('mesh');
  const others = world
    .forHost('DestinationRule', host)
    .map(rule => rule.metadata.namespace ?? '')
    .filter(namespace => (inMesh && namespace !== world.rootNamespace) || hasGatewayIn(world, object, namespace));
  const seeing = [...others, ELSEWHERE].filter(namespace => visibility(object, namespace) !== undefined);
  return [...new Set([home, ...seeing])];
}

function wordsFor(client: string, home: string): { seen: string; whose: string; rule: string } {
  if (client === home) return { seen: '', whose: '', rule: 'the DestinationRule' };
  if (client === ELSEWHERE) {
    const whose = ' for clients in other namespaces, to which its DestinationRule is not exported';
    return { seen: ' seen from other namespaces', whose, rule: 'a DestinationRule that is exported to them' };
  }
  const whose = ` for clients in ${client}, which obey a DestinationRule of their own`;
  return { seen: ` seen from ${client}`, whose, rule: `the DestinationRule in ${client}` };
}

function hostOf(rule: KubeObject): string | undefined {
  const host = rule.spec?.host;
  if (typeof host !== 'string') return undefined;
  return entryOf({ destination: { host } }, rule.metadata.namespace ?? '').host;
}
