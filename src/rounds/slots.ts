/** The moments at which a schedule is due: each time of the clock once a day, whatever the clocks do that day. */
import type { When } from './when.ts';
import { momentOf, offsetAt, wallAt } from './zone.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** No day of the week is further away than this, in days. */
const WEEK = 8;

/** The latest slot that is not after `now`. Epoch ms. */
export function lastSlot(when: When, tz: string, now: number): number | undefined {
  const today = startOfDay(tz, now);
  // Tomorrow too: where clocks are put back over midnight, its first times come before today's last.
  for (let back = -1; back < WEEK; back += 1) {
    const found = slotsOf(when, tz, today - back * DAY).filter(slot => slot <= now);
    if (found.length > 0) return Math.max(...found);
  }
  return undefined;
}

/** The first slot after `now`. Epoch ms. */
export function nextSlot(when: When, tz: string, now: number): number | undefined {
  const today = startOfDay(tz, now);
  for (let on = -1; on < WEEK; on += 1) {
    const found = slotsOf(when, tz, today + on * DAY).filter(slot => slot > now);
    if (found.length > 0) return Math.min(...found);
  }
  return undefined;
}

/** Slots after `from` and before `to`, the first ones: at most `most`. Epoch ms. */
export function slotsBetween(when: When, tz: string, from: number, to: number, most = 100): number[] {
  const slots = new Set<number>();
  // A day earlier and later: where clocks are put back over midnight, days overlap.
  for (let day = startOfDay(tz, from) - DAY; day <= startOfDay(tz, to) + DAY; day += DAY) {
    for (const slot of slotsOf(when, tz, day)) if (slot > from && slot < to) slots.add(slot);
    if (slots.size >= most + 300) break;
  }
  return [...slots].sort((a, b) => a - b).slice(0, most);
}

/** Midnight of the day that clocks there show, as a Wall. */
function startOfDay(tz: string, moment: number): number {
  return Math.floor(wallAt(tz, moment) / DAY) * DAY;
}

function slotsOf(when: When, tz: string, day: number): number[] {
  const walls = when.kind === 'days' ? (isOn(when.days, day) ? [day + when.minute * MINUTE] : []) : eachOf(when, day);
  const [before, after] = [offsetAt(tz, day - DAY), offsetAt(tz, day + 2 * DAY)];
  // Most days are plain, and to ask for each of their times takes a while.
  if (before === after) return walls.map(wall => wall - before);
  // A time that is skipped in spring may fall on a later one of the same day: that is one slot.
  return [...new Set(walls.map(wall => momentOf(tz, wall)))];
}

function eachOf({ minutes }: Extract<When, { kind: 'each' }>, day: number): number[] {
  return Array.from({ length: DAY / (minutes * MINUTE) }, (_, index) => day + index * minutes * MINUTE);
}

function isOn(days: readonly number[], day: number): boolean {
  return days.includes(((new Date(day).getUTCDay() + 6) % 7) + 1);
}
