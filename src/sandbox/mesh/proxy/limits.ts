/** Gives work a limited time. */
import type { Clock } from '../../../ports.ts';
import type { Answer } from './messages.ts';
import { failed } from './messages.ts';

/** Gives the work `timeout` ms; then status 0, and the work is told to stop. */
export async function within(
  clock: Clock,
  timeout: number,
  work: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const given = new AbortController();
  const waiting = new AbortController();
  const late = clock.sleep(timeout, waiting.signal).then(() => failed('timeout'));
  const heard = await Promise.race([work(given.signal), late]);
  waiting.abort();
  if (heard.failure === 'timeout') given.abort();
  return heard;
}
