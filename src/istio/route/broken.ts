/** Where requests are sent and every one of them fails, by the mesh's objects: a version without a ready pod. */
import type { KubeObject } from '../../object.ts';
import { fullHost } from '../hosts.ts';
import type { World } from '../world.ts';
import { routesOf } from './describe.ts';
import { number, object, objects, text } from './json.ts';
import type { SidecarClient } from './request.ts';
import { findService } from './services.ts';
import { target } from './target.ts';

/** Of all routes of a fully qualified host: `v3: no ready pod`. */
export function brokenAt(world: World, host: string): string[] {
  const found = routesOf(world, host).flatMap(({ destinations }) =>
    destinations.flatMap(({ share, fails, version, subset }) =>
      share > 0 && fails !== undefined ? [`${version ?? subset ?? host}: ${fails}`] : [],
    ),
  );
  return [...new Set(found)];
}

/** Why every request fails that one of these VirtualServices sends to that version of that host; undefined: none does. */
export function whyFails(
  world: World,
  virtualServices: KubeObject[],
  { host, version }: { host: string; version: string },
): string | undefined {
  for (const { metadata, spec } of virtualServices) {
    const from: SidecarClient = { kind: 'sidecar', namespace: metadata.namespace ?? '', labels: {} };
    const routes = [spec?.http, spec?.tls, spec?.tcp].flatMap(section => objects(section));
    for (const { destination, weight } of routes.flatMap(({ route }) => objects(route))) {
      const to = object(destination);
      if (!to || number(weight) === 0 || fullHost(text(to.host) ?? '', from.namespace) !== host) continue;
      const ports = findService(world, host, from.namespace)?.ports ?? [];
      const port = ports.find(({ http }) => http)?.number ?? ports[0]?.number ?? 80;
      const found = target(world, to, from.namespace, from, port);
      if (found.fails && (found.version ?? found.subset) === version) return found.fails.why;
    }
  }
  return undefined;
}
