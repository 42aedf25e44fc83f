/** What the routes that are not meant do, in words. */
import type { Phrase } from '../../view.ts';
import type { Place } from './places.ts';
import { objectsOf } from './read.ts';
import { entryOf, labelOf } from './service.ts';
import { sharesOf } from './weights.ts';

/** What the other routes do, for everybody who wonders whether they move too. */
export function staying(place: Place, all: Place[], reader: string): Phrase[] {
  return all
    .filter(other => other !== place && other.reachable)
    .map(other => [{ bold: other.says }, ` stays: ${whereTo(other, reader)}.`]);
}

function whereTo(place: Place, reader: string): string {
  if (place.leads === 'redirect') return 'redirected';
  if (place.leads === 'directResponse') return 'answered by the mesh itself';
  if (place.leads === 'delegate') return 'delegated';
  const namespace = place.object.metadata.namespace ?? '';
  const entries = objectsOf(place.route.route).map(json => entryOf(json, namespace));
  const shares = sharesOf(entries.map(entry => entry.weight));
  return entries.map((entry, index) => `${Math.round(shares[index]!)} % to ${labelOf(entry, reader)}`).join(', ');
}
