/** Lets the proof run for what was written, keeping the claim alive meanwhile, and keeps its receipt. */
import { advance, type Context } from './context.ts';
import type { Receipt } from './meshchange.ts';
import { type Applied, endsAt, enteredAt, isTimed, statusOf } from './phases.ts';
import { hold } from './planning.ts';

/** Throws what the prover threw, to be tried again, until it has been tried long enough. */
export async function prove(context: Context, change: Applied): Promise<void> {
  const { clock, timing } = context;
  const name = change.metadata.name;
  const began = clock.now();
  const over = new AbortController();
  const cut = (): void => over.abort();
  context.stopping.addEventListener('abort', cut, { once: true });
  const beating = keepAlive(context, name, over);
  const ending = cutInTime(context, name, over);
  let receipt: Receipt;
  try {
    const proof = context.prover(change, over.signal, progress => {
      // What is still said after its end is about nothing any more.
      if (!over.signal.aborted) tell(context, change, progress);
    });
    const made = await Promise.race([proof, ended(over.signal)]);
    // Cut short, it says nothing about the mesh: whoever holds the change now proves it anew.
    if (!made || over.signal.aborted) return;
    receipt = made;
  } catch (error) {
    if (over.signal.aborted) return;
    if (clock.now() - (enteredAt(change) ?? began) < timing.proving) throw error;
    receipt = unproven(change, error, clock.now());
  } finally {
    over.abort();
    context.stopping.removeEventListener('abort', cut);
    await Promise.all([beating, ending]);
  }
  await advance(context, name, { type: 'proved', receipt });
  context.observer?.step?.('prove', clock.now() - began, receipt.verdict === 'proven');
}

/** Never rejects: it is an extra. */
function tell(context: Context, change: Applied, progress: string): void {
  hold(context, change, progress).catch((error: unknown) => {
    context.log.warn({ change_id: change.metadata.name, err: error }, 'progress of a proof could not be kept');
  });
}

/** ms between two looks at whether a proof is still wanted. */
const LOOK = 500;

/** Ends the proof where its change goes back by now, or somebody says whether it is to: neither waits for it. */
async function cutInTime({ book, clock }: Context, name: string, over: AbortController): Promise<void> {
  while (!over.signal.aborted) {
    const change = book.latest(name);
    if (!change || !isTimed(change)) return;
    const left = (endsAt(change.status) ?? 0) - clock.now();
    const isSaid = change.status.decisions.some(
      ({ kind, verdict }) => !verdict && (kind === 'revert' || kind === 'keep'),
    );
    if (isSaid || left <= 0) return over.abort();
    await clock.sleep(Math.min(LOOK, left), over.signal);
  }
}

function ended(signal: AbortSignal): Promise<undefined> {
  return new Promise(resolve => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

/** Beats while the proof runs, so that nobody takes it over; ends the proof when it is no longer ours to make. */
async function keepAlive(context: Context, name: string, over: AbortController): Promise<void> {
  const { clock, timing } = context;
  while (!over.signal.aborted) {
    await clock.sleep(timing.claim / 2, over.signal);
    if (over.signal.aborted) return;
    try {
      const saved = await advance(context, name, now =>
        statusOf(now).phase === 'Applied' ? { type: 'beat' } : undefined,
      );
      if (!saved) over.abort();
    } catch (error) {
      // The API server may be away for a moment; the proof itself may still be good.
      context.log.warn({ change_id: name, err: error }, 'claim could not be kept alive');
    }
  }
}

function unproven(change: Applied, error: unknown, at: number): Receipt {
  const why = error instanceof Error ? error.message : String(error);
  return {
    verdict: 'not-proven',
    summary: `the proof could not be made: ${why}`,
    sent: 0,
    seen: {},
    intervals: {},
    confidence: 99,
    expected: change.status.plan.expectation.shares,
    statuses: {},
    median: 0,
    from: '',
    at,
  };
}
