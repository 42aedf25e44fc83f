/** What the routes that are not meant do, in words. */
import type { Phrase } from '../../../view.ts';
import { objectsOf } from '../read.ts';
import { entryOf, labelOf } from '../service/service.ts';
import { sharesOf } from '../share/weights.ts';
import type { Place } from './places.ts';

/** Routes that are named one by one; nobody reads more. */
const NAMED = 10;

/** What the other routes do, for everybody who wonders whether they move too. */
export function staying(place: Place | undefined, all: Place[], reader: string): Phrase[] {
  const others = all.filter(other => other !== place && other.reachable);
  const named = others
    .slice(0, NAMED)
    .map((other): Phrase => [{ bold: other.says }, ` stays: ${whereTo(other, reader)}.`]);
  // The count comes first, so that it is there whatever is cut.
  return others.length > NAMED ? [`${others.length} other routes stay as they are, among them:`, ...named] : named;
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
