/** Clicks on a change that is in the mesh: judged when the chat says who clicked, and what goes on until it does. */
import type { Context } from './context.ts';
import { end, GRACE } from './course/lasting.ts';
import { progress } from './course/stepping.ts';
import { conclude, nextOpen, verdictOn } from './judging.ts';
import { endsAt, isProgressing, isTimed, type Progressing, type Timed } from './phases.ts';

/** ms between two looks at whether a click can be judged by now. */
const LOOK = 1_000;

/** ms until the next look; undefined: something was decided. Throws ClusterError to be tried again. */
export async function judgeBeside(context: Context, change: Progressing | Timed): Promise<number | undefined> {
  const { name } = change.metadata;
  const decision = nextOpen(change);
  if (!decision) return undefined;
  const event = await context.verdicts.of(name, decision.id, () => verdictOn(context, change, decision));
  if (event) {
    await conclude(context, change, decision, event);
    return undefined;
  }
  const now = context.book.latest(name);
  // A breach goes back all the same; a step that is over waits, since the click may be meant to stop just that.
  if (now && isProgressing(now)) return progress(context, now);
  if (!now || !isTimed(now)) return undefined;
  const left = (endsAt(now.status) ?? 0) + GRACE - context.clock.now();
  if (left > 0) return Math.min(left, LOOK);
  await end(context, now);
  return undefined;
}
