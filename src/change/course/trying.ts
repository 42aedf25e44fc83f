/**
 * A write that may have to be tried again for long: a webhook is away, a right is missing. The card says so meanwhile, and
 * other replicas see that somebody is at it.
 */
import { ClusterError } from '../../ports.ts';
import { advance, type Context } from '../context.ts';
import type { MeshChange } from '../meshchange.ts';
import { statusOf } from '../phases.ts';
import { aboutObject, sentence } from '../phrases.ts';
import { type Rewritten, rewrite, type Wanted } from './writing.ts';

/** Of the claim period: a change that stood still for longer while a write goes on gets a beat. */
const QUIET = 0.6;
/** Likewise where it failed: what it is waited for until the next try comes on top. */
const QUIET_BEFORE_WAIT = 0.25;

/** `not`: what is said of it while it cannot be done: 'Step 2 of 4 (25 %) is not written yet'. Throws as `rewrite` does. */
export async function tryWrite(context: Context, change: MeshChange, wanted: Wanted, not: string): Promise<Rewritten> {
  const { name } = change.metadata;
  const over = new AbortController();
  const beating = keepAlive(context, name, over.signal);
  try {
    return await rewrite(context, wanted);
  } catch (error) {
    // Not away, but unable: whoever reads the card can do something about it.
    if (error instanceof ClusterError && error.advice !== undefined) {
      await say(context, name, `${not}: ${unable(wanted, error)}`);
    }
    await beat(context, name, QUIET_BEFORE_WAIT);
    throw error;
  } finally {
    over.abort();
    await beating;
  }
}

/** What stands in the way, and the next step. */
export function unable({ ref }: Pick<Wanted, 'ref'>, { message, advice }: ClusterError): string {
  const next = advice === undefined ? '' : ` ${sentence(advice)}`;
  return `${sentence(aboutObject(ref, message))}${next} It is tried again by itself`;
}

/** Says it, and that somebody is at it. Never rejects: it is an extra. */
export async function say(context: Context, name: string, why: string): Promise<void> {
  const says = sentence(why);
  await kept(
    context,
    name,
    advance(context, name, now => (statusOf(now).message === says ? undefined : { type: 'held', why: says })),
  );
  await beat(context, name, QUIET_BEFORE_WAIT);
}

async function beat(context: Context, name: string, quiet: number): Promise<void> {
  const { book, timing } = context;
  if (book.stoodStill(name) >= timing.claim * quiet) {
    await kept(context, name, advance(context, name, { type: 'beat' }));
  }
}

async function keepAlive(context: Context, name: string, over: AbortSignal): Promise<void> {
  const { book, clock, timing } = context;
  const longest = timing.claim * QUIET;
  while (!over.aborted) {
    const left = longest - book.stoodStill(name);
    if (left > 0) await clock.sleep(left, over);
    else {
      await beat(context, name, QUIET);
      await clock.sleep(longest, over);
    }
  }
}

async function kept(context: Context, name: string, saving: Promise<unknown>): Promise<void> {
  try {
    await saving;
  } catch (error) {
    context.log.warn({ change_id: name, err: error }, 'why a change waits could not be kept');
  }
}
