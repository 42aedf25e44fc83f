/** Times of the clock in a time zone ↔ moments, through every change of the clocks that Intl knows of. */

/** A time of the clock, as if it were UTC: epoch ms. */
export type Wall = number;

const DAY = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether there is such a zone: 'Asia/Tokyo', 'UTC'. Offsets are none: they know nothing of summer. */
export function isZone(tz: string): boolean {
  return /^[A-Za-z]/.test(tz) && zoneNamed(tz) !== undefined;
}

/** As it is usually written: 'asia/tokyo' → 'Asia/Tokyo'. undefined: there is no such zone. */
export function zoneNamed(tz: string): string | undefined {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: tz }).resolvedOptions();
    // Aliases are resolved to another name (Asia/Calcutta); what was typed is then kept.
    return timeZone.toLowerCase() === tz.toLowerCase() ? timeZone : tz;
  } catch {
    return undefined;
  }
}

/** What clocks there show at `moment`. Throws RangeError for a zone that is none. */
export function wallAt(tz: string, moment: number): Wall {
  const part = Object.fromEntries(
    formatOf(tz)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * The moment at which clocks there show `wall`. Where they show it twice, in autumn, the first; where never, in spring,
 * as much later as they are put forward, as cron and calendars do.
 */
export function momentOf(tz: string, wall: Wall): number {
  const [before, after] = [offsetAt(tz, wall - DAY), offsetAt(tz, wall + DAY)];
  const moments = [wall - before, wall - after].filter(moment => wallAt(tz, moment) === wall);
  return moments.length > 0 ? Math.min(...moments) : wall - before;
}

/** How far clocks there are ahead of UTC at `moment`, which is a whole second. ms. */
export function offsetAt(tz: string, moment: number): number {
  return wallAt(tz, moment) - moment;
}

function formatOf(tz: string): Intl.DateTimeFormat {
  const known = formats.get(tz);
  if (known) return known;
  const numeric = 'numeric' as const;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: tz,
    ...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
    hourCycle: 'h23',
    calendar: 'gregory',
    numberingSystem: 'latn',
  });
  formats.set(tz, format);
  return format;
}
