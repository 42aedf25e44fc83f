/** The VirtualService that speaks for a host to a sidecar. In the mesh nothing is merged: the first one wins whole. */
import type { KubeObject } from '../../object.ts';
import { fullHost } from '../hosts.ts';
import type { World } from '../world.ts';
import type { Egress } from './egress.ts';
import { strings } from './json.ts';
import { gatewayName } from './match.ts';
import { bestPattern, specificity } from './patterns.ts';
import { byAge, visibility } from './visibility.ts';

/** Fully qualified. */
export function hostsOf(virtualService: KubeObject): string[] {
  return strings(virtualService.spec?.hosts).map(host => fullHost(host, virtualService.metadata.namespace ?? ''));
}

/** `mesh` and `namespace/name`; without a list it is for the mesh. */
export function gatewaysOf(virtualService: KubeObject): string[] {
  const listed = strings(virtualService.spec?.gateways);
  if (listed.length === 0) return ['mesh'];
  return listed.map(name => gatewayName(name, virtualService.metadata.namespace ?? ''));
}

/**
 * Those bound to the mesh that cover the host and that a client of `namespace` sees, the one that wins first:
 * exact over wildcard, then private over exported over public, then the oldest.
 */
export function meshVirtualServices(world: World, host: string, namespace: string, egress?: Egress): KubeObject[] {
  const reach = (each: KubeObject) => specificity(bestPattern(hostsOf(each), host) ?? '*');
  return meshCandidates(world, host, namespace, egress).sort((a, b) => order(reach(b), reach(a)));
}

/** The same, private before exported before public, then the oldest first, whatever the host they name. */
export function meshCandidates(world: World, host: string, namespace: string, egress?: Egress): KubeObject[] {
  const reaching = world.forHost('VirtualService', host).filter(object => {
    if (!gatewaysOf(object).includes('mesh')) return false;
    return !egress || egress.imports(object.metadata.namespace ?? '', hostsOf(object));
  });
  return byPrecedence(reaching, namespace);
}

/** Those that the namespace sees, in the order in which its proxies are told of them. */
export function byPrecedence(virtualServices: KubeObject[], namespace: string): KubeObject[] {
  return virtualServices
    .flatMap(object => {
      const rank = visibility(object, namespace);
      return rank === undefined ? [] : [{ object, rank }];
    })
    .sort((a, b) => a.rank - b.rank || byAge(a.object, b.object))
    .map(each => each.object);
}

function order(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
