/** Nothing else keeps the objects that are written. An object that is created has no owner yet. */
import { ownerOf } from '../edit/place/owner.ts';
import type { CheckContext } from './check.ts';

export function foreignOwner({ writes }: CheckContext) {
  return writes.flatMap(({ before }) => (before ? ownerOf(before) : []));
}
