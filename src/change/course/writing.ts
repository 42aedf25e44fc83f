/**
 * One write of a change that has written before: over what it left itself, whatever others keep beside the spec. Never
 * over somebody's work.
 */
import type { KubeObject, ObjectRef } from '../../object.ts';
import { ClusterError, type Write, type Written } from '../../ports.ts';
import type { Context } from '../context.ts';
import type { WrittenObject } from '../meshchange.ts';
import { sayTouched } from './theirs.ts';

/** An object as this change knows it, and as it wants it. */
export interface Wanted {
  ref: ObjectRef;
  /** What it left of it, with its own mark; undefined: it deleted it. */
  left: KubeObject | undefined;
  /** The resourceVersion that its last write of it returned. */
  version: string;
  /** With all marks that it is to have; undefined: it is to go. */
  goal: KubeObject | undefined;
  /** Whether the goal is reached. */
  isGoal(found: KubeObject | undefined): boolean;
  /** Whether nobody but this change has touched it. */
  isLeft(found: KubeObject | undefined): boolean;
}

export type Rewritten =
  | { kind: 'written'; object: WrittenObject }
  /** Somebody else changed it: it is left as it is. */
  | { kind: 'theirs'; why: string }
  /** The API server does not take it. */
  | { kind: 'refused'; why: string }
  /** It would take it from somebody who has the right. */
  | { kind: 'forbidden'; why: string; error: ClusterError };

/** Others keep touching labels and status; after so many in a row it is tried again later. */
const TRIES = 5;

/** One request where nobody interferes. Throws ClusterError where the outcome is not known yet: ask again. */
export async function rewrite(context: Context, wanted: Wanted): Promise<Rewritten> {
  let write = first(wanted);
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      const { object, warnings } = await context.cluster.write(write);
      return done(context, wanted, wanted.goal && { object, warnings });
    } catch (error) {
      if (!(error instanceof ClusterError) || error.kind === 'busy') throw error;
      if (error.kind === 'invalid') return { kind: 'refused', why: error.message };
      const found = await context.cluster.read(wanted.ref);
      // An earlier try, ours or a dead replica's, was taken.
      if (wanted.isGoal(found)) return done(context, wanted, found && { object: found, warnings: [] });
      if (!wanted.isLeft(found)) return { kind: 'theirs', why: sayTouched(wanted.ref, found) };
      // Only now: somebody who has the right may have done it by hand.
      if (error.kind === 'forbidden') return { kind: 'forbidden', why: error.message, error };
      if (error.kind === 'unavailable') throw error;
      write = over(wanted, found);
    }
  }
  throw new ClusterError('conflict', `${wanted.ref.kind} ${wanted.ref.name} moved ${TRIES} times while it was written`);
}

function first(wanted: Wanted): Write {
  return over(wanted, wanted.left && withVersion(wanted.left, wanted.version));
}

/** From what this change left, so that what others added beside the spec stays; at the version that is there. */
function over({ ref, left, goal }: Wanted, found: KubeObject | undefined): Write {
  const { resourceVersion, uid } = found?.metadata ?? {};
  const base = left && found ? { ...left, metadata: { ...left.metadata, resourceVersion, uid } } : found;
  return { ref, ...(base && { before: base as KubeObject }), ...(goal && { after: goal }) };
}

function withVersion(object: KubeObject, resourceVersion: string): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
}

function done(context: Context, { ref }: Wanted, written: Written | undefined): Rewritten {
  const resourceVersion = written?.object.metadata.resourceVersion ?? '';
  const warnings = written?.warnings ?? [];
  return { kind: 'written', object: { ref, resourceVersion, at: context.clock.now(), warnings } };
}
