/** `18:00`, `tomorrow 9:00`, `monday 9:00`, `2h`, `2026-11-24 09:00` → a moment, or what is wrong with it; and back into words. */
import { durationOf, sayDuration } from '../../src/duration.ts';
import { momentOf, wallAt } from '../../src/rounds/zone.ts';
import type { Phrase } from '../../src/view.ts';

export type Until = { at: number } | { mistake: Phrase };

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Longer is a mistake, or no freeze any more but a policy. */
const LONGEST = 366 * DAY;
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** `now` in epoch ms; `tz` a zone that there is. A time that is over today is meant tomorrow. */
export function readUntil(text: string, tz: string, now: number): Until {
  const at = momentMeant(text.trim().toLowerCase(), tz, now);
  if (at === undefined) {
    const ways = ['18:00', 'tomorrow 9:00', 'monday 9:00', '2h', '2026-11-24 09:00'];
    const told = ways.flatMap((way, index) => [...(index > 0 ? [', '] : []), { code: way }]);
    return { mistake: [{ code: `until ${text}` }, ' is no time that is understood. Write one like ', ...told, '.'] };
  }
  if (at <= now)
    return { mistake: [{ code: `until ${text}` }, ` is over already: it was ${momentInWords(at, tz, now)}.`] };
  if (at - now > LONGEST)
    return { mistake: 'A freeze ends within a year. Leave `until` out for one that somebody lifts.' };
  return { at };
}

function momentMeant(text: string, tz: string, now: number): number | undefined {
  const length = durationOf(text.replaceAll(' ', ''));
  if (length !== undefined) return now + length;
  const absolute = dateOf(text, tz);
  if (absolute !== undefined) return absolute;
  const [first = '', ...rest] = text.split(' ');
  const today = Math.floor(wallAt(tz, now) / DAY) * DAY;
  const days = daysTo(first, new Date(today).getUTCDay());
  const clock = days === undefined ? text : rest.join(' ');
  const time = clockOf(clock);
  if (time === undefined) return days === undefined || clock !== '' ? undefined : momentOf(tz, today + days * DAY);
  if (days !== undefined) return momentOf(tz, today + days * DAY + time);
  const at = momentOf(tz, today + time);
  return at > now ? at : momentOf(tz, today + DAY + time);
}

/** `today`, `tomorrow`, or a day of the week, which is never today. */
function daysTo(word: string, today: number): number | undefined {
  if (word === 'today') return 0;
  if (word === 'tomorrow') return 1;
  const day = word.length < 3 ? -1 : DAYS.findIndex(name => name.startsWith(word));
  return day < 0 ? undefined : ((day - today + 6) % 7) + 1;
}

/** ms since midnight. */
function clockOf(text: string): number | undefined {
  const found = /^(\d{1,2}):(\d{2})$/.exec(text);
  const [hour, minute] = [Number(found?.[1]), Number(found?.[2])];
  return found && hour < 24 && minute < 60 ? (hour * 60 + minute) * MINUTE : undefined;
}

/** ISO 8601: a day, or a moment; without an offset it is a time of the clocks in `tz`. */
function dateOf(text: string, tz: string): number | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})(?:[t ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(z|[+-]\d{2}:?\d{2})?)?$/.exec(
    text,
  );
  if (!found) return undefined;
  const [year, month, day, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(part => Number(part ?? 0));
  const wall = Date.UTC(year!, month! - 1, day, hour, minute, second);
  const read = new Date(wall);
  const isThere = read.getUTCMonth() === month! - 1 && read.getUTCDate() === day && hour < 24 && minute < 60;
  if (!isThere) return undefined;
  const offset = found[7];
  if (offset === undefined) return momentOf(tz, wall);
  if (offset === 'z') return wall;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(-2))];
  return wall - (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * MINUTE;
}

/** `tomorrow 9:00 (Europe/Berlin), in 15 h 2 min`. */
export function momentInWords(at: number, tz: string, now: number): string {
  const [wall, today] = [wallAt(tz, at), Math.floor(wallAt(tz, now) / DAY) * DAY];
  const date = new Date(wall);
  const clock = `${date.getUTCHours()}:${String(date.getUTCMinutes()).padStart(2, '0')}`;
  const days = Math.floor(wall / DAY) - today / DAY;
  const long = `${DAYS[date.getUTCDay()]!.replace(/^./, letter => letter.toUpperCase())}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()},`;
  const day = days === 0 ? 'today' : days === 1 ? 'tomorrow' : long;
  const away = Math.max(MINUTE, Math.round(Math.abs(at - now) / MINUTE) * MINUTE);
  return `${day} ${clock} (${tz}), ${at > now ? `in ${sayDuration(away)}` : `${sayDuration(away)} ago`}`;
}
