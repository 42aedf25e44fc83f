/** Under which names the metrics count the requests to a version: a subset may be called otherwise, or be a Service of its own. */
import type { Rollout } from '../../../plan.ts';
import type { Write } from '../../../ports.ts';
import { versionOf } from '../../route/describe.ts';
import type { World } from '../../world.ts';
import { SECTIONS } from '../place/inforce.ts';
import { objectsOf } from '../read.ts';
import { type Entry, entryOf, serviceFor, subsetOf, versionOfHost } from '../service/service.ts';

/** Read off how the written routes address it. `world`: with all of it written. */
export function countedAs(world: World, fqdn: string, version: string, writes: Write[]): Rollout['counted'] {
  const service = serviceFor(world, fqdn);
  if (!service) return { host: fqdn, version };
  const subset = subsetOf(service, version)?.name;
  const found = destinationsOf(writes).find(
    entry => (entry.host === fqdn && entry.subset === subset) || versionOfHost(world, service, entry.host) === version,
  );
  const host = found?.host ?? fqdn;
  return { host, version: versionOf(world, host, found ? found.subset : subset) ?? version };
}

function destinationsOf(writes: Write[]): Entry[] {
  return writes.flatMap(({ ref, after }) => {
    if (ref.kind !== 'VirtualService' || !after) return [];
    const routes = SECTIONS.flatMap(section => objectsOf(after.spec?.[section]));
    return routes.flatMap(route => objectsOf(route.route).map(json => entryOf(json, ref.namespace)));
  });
}
