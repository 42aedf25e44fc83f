/** Which copies of its requests a route sends, and to whom, in whichever form it says so. */
import { mirrorPercent, percentage } from '../../route/policies.ts';
import type { Place } from '../place/places.ts';
import { objectOf, objectsOf } from '../read.ts';
import { type Entry, entryOf } from '../service/service.ts';

export interface MirrorEntry {
  entry: Entry;
  /** 0–100. */
  percent: number;
}

/** https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute */
export function mirrorsOf({ effective, object }: Place): MirrorEntry[] {
  const namespace = object.metadata.namespace ?? '';
  const { mirror } = effective;
  const single = mirror
    ? [{ entry: entryOf({ destination: mirror }, namespace), percent: mirrorPercent(effective) }]
    : [];
  const listed = objectsOf(effective.mirrors).map(each => ({
    entry: entryOf({ destination: objectOf(each.destination) }, namespace),
    percent: percentage(each.percentage) ?? 100,
  }));
  return [...single, ...listed].filter(({ percent }) => percent > 0);
}
