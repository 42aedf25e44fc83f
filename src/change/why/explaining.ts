/**
 * Which change made each piece of a routing that is live, or that somebody else did. Pure: live objects as they were read,
 * and the changes that are known. A piece is a change's doing when that change's write brought it and nothing known since
 * brought another.
 */
import { isDeepStrictEqual } from 'node:util';
import { type KubeObject, refKey, refOf } from '../../object.ts';
import { CHANGE_ANNOTATION, type MeshChange } from '../meshchange.ts';
import { statusOf } from '../phases.ts';
import { type Hand, handsOn } from './hands.ts';
import { type Piece, piecesOf } from './pieces.ts';

export type Origin =
  | {
      by: 'change';
      change: MeshChange;
      /** Epoch ms of the write. */
      at: number;
      /** Where it took a change back: what made the piece before that one. */
      restores?: Origin;
    }
  | {
      /** Somebody else, as far as is known: between these two of meshbot's writes. */
      by: 'other';
      since?: { change: string; at: number };
      until?: { change: string; at: number };
      /** Who it was, or may have been. */
      hands: Hand[];
      /** Whether these own the field, or only wrote to the object. */
      sure: boolean;
    }
  /** A change of that name wrote it last, and is not kept any more. */
  | { by: 'forgotten'; change: string };

export interface Explained extends Piece {
  object: KubeObject;
  origin: Origin;
}

/** `about`: the fully qualified host that is asked about. */
export function explain(objects: KubeObject[], changes: MeshChange[], about?: string): Explained[] {
  return objects.flatMap(object => {
    const wrote = writesTo(object, changes);
    return piecesOf(object, about).map(piece => ({
      ...piece,
      object,
      origin: originOf(object, piece, wrote, changes),
    }));
  });
}

interface Wrote {
  change: MeshChange;
  at: number;
  before: Map<string, Piece>;
  /** What it left: a change by steps one after another, the last first. */
  afters: Map<string, Piece>[];
}

/** The newest first. What went back by itself is as if it had never been. */
function writesTo(object: KubeObject, changes: MeshChange[]): Wrote[] {
  const key = refKey(refOf(object));
  const found = changes.flatMap((change): Wrote[] => {
    const { plan, written, phase } = statusOf(change);
    const write = plan?.writes.find(({ ref }) => refKey(ref) === key);
    const done = written.find(({ ref }) => refKey(ref) === key);
    if (!write || !done || phase === 'Reverted') return [];
    const uid = write.before?.metadata.uid;
    // It was another object of that name.
    if (uid !== undefined && object.metadata.uid !== undefined && uid !== object.metadata.uid) return [];
    const steps = (plan?.rollout?.steps ?? []).flatMap(step =>
      step.objects.filter(each => refKey(refOf(each)) === key),
    );
    const left = [...(write.after ? [write.after] : []), ...steps.toReversed()];
    return [{ change, at: done.at, before: byKey(write.before), afters: left.map(byKey) }];
  });
  return found.sort((a, b) => b.at - a.at);
}

function byKey(object: KubeObject | undefined): Map<string, Piece> {
  return new Map((object ? piecesOf(object) : []).map(piece => [piece.key, piece]));
}

function originOf(object: KubeObject, piece: Piece, wrote: Wrote[], changes: MeshChange[]): Origin {
  let until: Wrote | undefined;
  for (const [index, write] of wrote.entries()) {
    const left = write.afters.some(after => isSame(after.get(piece.key), piece));
    if (!left) return foreign(object, piece, write, until, changes);
    if (!isSame(write.before.get(piece.key), piece)) {
      const { change, at } = write;
      const undone = change.spec.undoes;
      const older = undone === undefined ? -1 : wrote.findIndex(each => each.change.metadata.name === undone);
      if (older <= index) return { by: 'change', change, at };
      return { by: 'change', change, at, restores: originOf(object, piece, wrote.slice(older + 1), changes) };
    }
    until = write;
  }
  return foreign(object, piece, undefined, until, changes);
}

function isSame(a: Piece | undefined, b: Piece): boolean {
  return a !== undefined && isDeepStrictEqual(a.value, b.value);
}

/** No change that is known brought it: who did, between the one write and the other? */
function foreign(
  object: KubeObject,
  piece: Piece,
  since: Wrote | undefined,
  until: Wrote | undefined,
  changes: MeshChange[],
): Origin {
  const { owners, others, own } = handsOn(object, piece.field);
  const marked = object.metadata.annotations?.[CHANGE_ANNOTATION];
  const isForgotten = marked !== undefined && !changes.some(({ metadata }) => metadata.name === marked);
  if (isForgotten && own && owners.length === 0 && !until) return { by: 'forgotten', change: marked };
  // The times of managed fields are whole seconds.
  const fits = ({ at }: Hand) =>
    at === undefined || ((!since || at >= since.at - 1_000) && (!until || at <= until.at + 1_000));
  const sure = owners.filter(fits);
  const named = ({ change, at }: Wrote) => ({ change: change.metadata.name, at });
  return {
    by: 'other',
    ...(since && { since: named(since) }),
    ...(until && { until: named(until) }),
    hands: sure.length > 0 ? sure : others.filter(fits),
    sure: sure.length > 0,
  };
}
