/** The HTTP routes of a VirtualService, delegates merged in: what a proxy gets, in order. */
import type { JsonObject, KubeObject, ObjectRef } from '../../object.ts';
import { refOf } from '../../object.ts';
import { fullHost } from '../hosts.ts';
import type { World } from '../world.ts';
import { merge } from './delegate.ts';
import { object, objects, strings, text } from './json.ts';
import { appliesTo, gatewayName, isCatchAll } from './match.ts';
import type { Client } from './request.ts';
import { visibility } from './visibility.ts';

export interface HttpRoute {
  virtualService: KubeObject;
  /** In `spec.http` of the VirtualService that has the hosts. */
  index: number;
  spec: JsonObject;
  /** Short host names in it are of this namespace. */
  namespace: string;
  delegate?: ObjectRef;
}

/** One match of one route, for one client: what Envoy calls a route. */
export interface Entry {
  route: HttpRoute;
  /** Absent: takes every request. */
  match?: JsonObject;
}

/** Delegates are followed one level; a route whose delegate is missing or not visible is left out, as Istio does. */
export function httpRoutes(world: World, virtualService: KubeObject): HttpRoute[] {
  const namespace = virtualService.metadata.namespace ?? '';
  return objects(virtualService.spec?.http).flatMap((spec, index): HttpRoute[] => {
    if (!object(spec.delegate)) return [{ virtualService, index, spec, namespace }];
    const child = delegateOf(world, spec, namespace);
    if (!child) return [];
    const home = child.metadata.namespace ?? '';
    const root = resolved(spec, namespace);
    return objects(child.spec?.http).flatMap(leaf => {
      const merged = leaf.delegate ? undefined : merge(root, resolved(leaf, home));
      if (!merged) return [];
      return [{ virtualService, index, spec: merged, namespace: home, delegate: refOf(child) }];
    });
  });
}

/** Short names of gateways and mirrors, which may come to stand in another namespace's VirtualService, in full. */
function resolved(route: JsonObject, namespace: string): JsonObject {
  const full = (destination: JsonObject | undefined) =>
    destination && { ...destination, host: fullHost(text(destination.host) ?? '', namespace) };
  const match = objects(route.match).map(each => {
    const gateways = strings(each.gateways).map(name => gatewayName(name, namespace));
    return gateways.length > 0 ? { ...each, gateways } : each;
  });
  const mirror = full(object(route.mirror));
  const mirrors = objects(route.mirrors).map(each => {
    const destination = full(object(each.destination));
    return destination ? { ...each, destination } : each;
  });
  return {
    ...route,
    ...(match.length > 0 ? { match } : {}),
    ...(mirror ? { mirror } : {}),
    ...(mirrors.length > 0 ? { mirrors } : {}),
  };
}

/** The VirtualService that a route of one in `namespace` delegates to: it has no hosts, and that namespace sees it. */
export function delegateOf(world: World, route: JsonObject, namespace: string): KubeObject | undefined {
  const delegate = object(route.delegate);
  const child = world.get('VirtualService', text(delegate?.namespace) ?? namespace, text(delegate?.name) ?? '');
  if (!child || strings(child.spec?.hosts).length > 0) return undefined;
  return visibility(child, namespace) === undefined ? undefined : child;
}

/** What of it this client's proxy gets, up to the first that takes every request: all behind that is dead. */
export function entriesFor(routes: HttpRoute[], client: Client, port: number, gateway: string): Entry[] {
  const entries: Entry[] = [];
  for (const route of routes) {
    const matches = objects(route.spec.match);
    if (matches.length === 0) return [...entries, { route }];
    for (const match of matches) {
      const namespace = route.virtualService.metadata.namespace ?? '';
      if (!appliesTo(match, client, port, gateway, namespace)) continue;
      entries.push({ route, match });
      if (isCatchAll(match)) return entries;
    }
  }
  return entries;
}
