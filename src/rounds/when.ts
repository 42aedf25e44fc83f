/** When posts are due, as people write it ('every weekday 9:00') and as a HealthSchedule keeps it ('weekday 09:00'). */

/** Monday is 1, as in ISO 8601. */
export type When =
  /** On these days of the week, at this time of the clock, in minutes since midnight. */
  | { kind: 'days'; days: readonly number[]; minute: number }
  /** Each so many minutes since midnight; divides the day. */
  | { kind: 'each'; minutes: number };

const WEEK = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const DAYS: Record<string, readonly number[]> = {
  day: [1, 2, 3, 4, 5, 6, 7],
  weekday: [1, 2, 3, 4, 5],
  ...Object.fromEntries(WEEK.map((day, index) => [day, [index + 1]])),
};
/** Minutes: what divides a day, so that the times of the clock are the same each day. */
const EACH = [5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720];

/** 'weekday 09:00', 'day 9:00', 'mon 9:00', '4h', '30 minutes' → canonical text, as `whenOf` reads it; undefined: none. */
export function canonical(text: string): string | undefined {
  const words = text.trim().toLowerCase().split(/\s+/);
  const each = /^(\d{1,4})\s?(h|hours?|m|min|minutes?)$/.exec(words.join(' '));
  if (each) return eachOf(Number(each[1]) * (each[2]!.startsWith('h') ? 60 : 1));
  if (words.length === 1 && words[0] === 'hour') return eachOf(60);
  const [day = '', ...rest] = words;
  const name = dayNamed(day);
  const minute = minuteOf(rest.filter(word => word !== 'at').join(' '));
  return name === undefined || minute === undefined ? undefined : `${name} ${clock(minute)}`;
}

/** What a HealthSchedule keeps; undefined for what no meshbot wrote. */
export function whenOf(text: string): When | undefined {
  const each = /^(\d{1,2})(h|m)$/.exec(text);
  if (each) {
    const minutes = Number(each[1]) * (each[2] === 'h' ? 60 : 1);
    return EACH.includes(minutes) ? { kind: 'each', minutes } : undefined;
  }
  const [day = '', time = ''] = text.split(' ');
  const minute = minuteOf(time);
  const days = Object.hasOwn(DAYS, day) ? DAYS[day] : undefined;
  return days && minute !== undefined ? { kind: 'days', days, minute } : undefined;
}

function eachOf(minutes: number): string | undefined {
  if (!EACH.includes(minutes)) return undefined;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

/** `monday`, `mondays`, `mon`. */
function dayNamed(word: string): string | undefined {
  const one = word.replace(/(?<=day)s$/, '');
  if (Object.hasOwn(DAYS, one)) return one;
  return one.length >= 3 ? WEEK.find(day => day.startsWith(one)) : undefined;
}

/** `9:00`, `09:00`, `9`, `9am`, `9:30 pm`. */
function minuteOf(text: string): number | undefined {
  const [, hours, minutes = '0', half] = /^(\d{1,2})(?::(\d{2}))?\s?(am|pm)?$/.exec(text) ?? [];
  if (hours === undefined) return undefined;
  const hour = Number(hours);
  if (half !== undefined && (hour < 1 || hour > 12)) return undefined;
  const full = half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0);
  return full > 23 || Number(minutes) > 59 ? undefined : full * 60 + Number(minutes);
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
