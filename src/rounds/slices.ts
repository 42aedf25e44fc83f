/** Long work a slice at a time, so that people who wait for an acknowledgement are not kept waiting by it. */

/** Lets others go first. */
export type Pause = () => Promise<void>;

/** Objects to a slice: some ten ms of work. */
const SLICE = 10;

/** What `work` makes of all items, some at a time. */
export async function inSlices<T, R>(items: T[], pause: Pause, work: (slice: T[]) => R[]): Promise<R[]> {
  const made: R[] = [];
  for (let from = 0; from < items.length; from += SLICE) {
    if (from > 0) await pause();
    made.push(...work(items.slice(from, from + SLICE)));
  }
  return made;
}
