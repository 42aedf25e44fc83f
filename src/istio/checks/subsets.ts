/**
 * Every subset that a route names is there for every client, and selects a pod that is Ready: otherwise its share of
 * the requests gets 503 (NC without the subset, UH without a pod). IST0101, KIA1107, KIA0203.
 */
import type { Finding } from '../../change/plan.ts';
import type { JsonObject, KubeObject } from '../../object.ts';
import { objectsOf } from '../edit/read.ts';
import { type Entry, entryOf } from '../edit/service.ts';
import { readyPods, rulesFor, serviceAt } from '../edit/versions.ts';
import { sharesOf } from '../edit/weights.ts';
import { serviceOf, shortHost } from '../hosts.ts';
import { gatewaysOf } from '../route/mesh.ts';
import { visibility } from '../route/visibility.ts';
import type { World } from '../world.ts';
import { type Check, type RouteAt, routesAt } from './check.ts';

export const subsets: Check = (world, { writes }) => {
  const written = new Set<KubeObject>();
  for (const { ref, before, after } of writes) {
    const object = world.get(ref.kind, ref.namespace, ref.name);
    if (ref.kind === 'VirtualService' && object) written.add(object);
    if (ref.kind !== 'DestinationRule') continue;
    // A rule that changes may take a subset away from any VirtualService that names its host.
    for (const rule of [before, after]) {
      const host = rule && hostOf(rule);
      for (const routing of host ? world.forHost('VirtualService', host) : []) written.add(routing);
    }
  }
  return [...written]
    .flatMap(object => routesAt(object).flatMap(route => destinationsOf(route)))
    .flatMap(used => findings(world, used));
};

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
  if (!named || share === 0 || !serviceAt(world, entry.host)) return [];
  const service = shortHost(entry.host, object.metadata.namespace);
  if (entry.subset === undefined) return [];
  return clientsOf(world, entry.host, object).flatMap((client): Finding[] => {
    const { subsets: defined } = rulesFor(world, entry.host, client);
    const subset = defined.find(each => each.name === entry.subset);
    const own =
      client === named.namespace ? '' : ` for clients in ${client}, which obey a DestinationRule of their own`;
    if (!subset) {
      return [
        {
          code: 'subset-missing',
          severity: 'error',
          path: client === named.namespace ? path : `${path} seen from ${client}`,
          message: `${service} has no subset ${entry.subset}${own}: its requests would get 503.`,
          fix: `Add the subset ${entry.subset} to the DestinationRule${client === named.namespace ? '' : ` in ${client}`}.`,
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

/** Namespaces whose clients may obey different rules for a host: its own, and those that have a rule for it. */
function clientsOf(world: World, host: string, object: KubeObject): string[] {
  const home = serviceOf(host)?.namespace ?? '';
  if (!gatewaysOf(object).includes('mesh') && gatewaysOf(object)[0] !== undefined) return [home];
  const others = world.forHost('DestinationRule', host).map(rule => rule.metadata.namespace ?? '');
  const seeing = others.filter(
    namespace => namespace !== world.rootNamespace && visibility(object, namespace) !== undefined,
  );
  return [...new Set([home, ...seeing])];
}

function hostOf(rule: KubeObject): string | undefined {
  const host = rule.spec?.host;
  if (typeof host !== 'string') return undefined;
  return entryOf({ destination: { host } }, rule.metadata.namespace ?? '').host;
}
