/** Waits for what takes its time. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until it is so; throws with `what` was waited for. */
export async function eventually(what: string, isSo: () => Promise<boolean> | boolean, patience = 30_000) {
  const end = Date.now() + patience;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(10);
  }
}
