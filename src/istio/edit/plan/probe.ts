/** A request that reaches a service from outside, found in the VirtualServices that bring a gateway's requests to it. */
import type { KubeObject } from '../../../object.ts';
import type { ProbeSource } from '../../../ports.ts';
import { shortHost } from '../../hosts.ts';
import { gatewaysOf } from '../../route/mesh.ts';
import type { World } from '../../world.ts';
import { destinationHost, gatewayRouting } from '../place/inforce.ts';
import { type Place, placesOf } from '../place/places.ts';
import { type Sample, sampleOf } from '../place/sample.ts';
import { objectsOf, stringsOf } from '../read.ts';

export interface ProbeHint {
  from: ProbeSource;
  url: string;
}

/** undefined: no gateway sends requests straight to it, or only by regular expressions. */
export function derivedProbe(world: World, fqdn: string): ProbeHint | undefined {
  for (const object of gatewayRouting(world, fqdn)) {
    const hint = probeBy(world, object, fqdn);
    if (hint) return hint;
  }
  return undefined;
}

/**
 * A request that this VirtualService routes to the service, by the route for `says` where that is given. undefined for
 * one of the mesh alone: what gateways route does not ask it (IST0140).
 */
export function probeBy(world: World, object: KubeObject, fqdn: string, says?: string): ProbeHint | undefined {
  if (gatewaysOf(object).every(gateway => gateway === 'mesh')) return undefined;
  const all = placesOf(world, object);
  const leading = all.filter(
    place => place.reachable && sendsHere(place, fqdn) && (says === undefined || place.says === says),
  );
  const samples = leading.flatMap(place => {
    const sample = sampleOf(place, all);
    return sample ? [{ place, sample }] : [];
  });
  // Whoever asks for no route in particular has no headers to send.
  const bare = samples.find(({ sample }) => Object.keys(sample.headers).length === 0);
  const found = (says === undefined && bare) || samples[0];
  return found && { from: { kind: 'gateway' }, url: urlFor(found.place, found.sample, fqdn) };
}

function sendsHere(place: Place, fqdn: string): boolean {
  const namespace = place.object.metadata.namespace ?? '';
  return objectsOf(place.route.route).some(entry => destinationHost(entry, namespace) === fqdn);
}

/** Any host will do for a wildcard; the service's own short name says what is meant. */
function urlFor(place: Place, { path = '/' }: Sample, fqdn: string): string {
  const host = stringsOf(place.root.spec?.hosts)[0] ?? '*';
  const name = shortHost(fqdn).split('.')[0]!;
  const authority = host.startsWith('*') ? `${name}${host.slice(1)}` : host;
  return `http://${authority}${path}`;
}
