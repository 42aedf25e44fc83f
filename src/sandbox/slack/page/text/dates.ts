/** How moments are written: message times, day dividers, and the tokens of Slack's date elements. `now` comes in. */

const locale = 'en-US';

/** `10:32 AM`, which no line breaks. */
export function clockTime(at: Date): string {
  return at.toLocaleTimeString(locale, { hour: 'numeric', minute: '2-digit' }).replace(' ', '\u00A0');
}

function clockTimeWithSeconds(at: Date): string {
  return at.toLocaleTimeString(locale, { hour: 'numeric', minute: '2-digit', second: '2-digit' });
}

/** The moment of a message id such as `1763735857.000100`. */
export function timeOf(ts: string): Date {
  return new Date(Number(ts) * 1000);
}

function dayNumber(at: Date): number {
  return Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) / 86_400_000;
}

export function sameDay(a: Date, b: Date): boolean {
  return dayNumber(a) === dayNumber(b);
}

function nearDay(at: Date, now: Date): 'Today' | 'Yesterday' | 'Tomorrow' | undefined {
  const days = dayNumber(at) - dayNumber(now);
  return days === 0 ? 'Today' : days === -1 ? 'Yesterday' : days === 1 ? 'Tomorrow' : undefined;
}

function ordinal(day: number): string {
  const suffix = day % 10 === 1 && day !== 11 ? 'st' : day % 10 === 2 && day !== 12 ? 'nd' : undefined;
  return `${day}${suffix ?? (day % 10 === 3 && day !== 13 ? 'rd' : 'th')}`;
}

const part = (at: Date, options: Intl.DateTimeFormatOptions) => at.toLocaleDateString(locale, options);

/** `Today`, `Yesterday` or `Friday, November 20th`. */
export function dayDivider(at: Date, now: Date): string {
  const near = nearDay(at, now);
  if (near) return near;
  const day = `${part(at, { weekday: 'long' })}, ${part(at, { month: 'long' })} ${ordinal(at.getDate())}`;
  return at.getFullYear() === now.getFullYear() ? day : `${day}, ${at.getFullYear()}`;
}

/** `just now`, `5 minutes ago`, `2 days ago`. */
export function ago(at: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000);
  const steps: [number, string][] = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
  ];
  for (const [size, name] of steps) {
    const count = Math.floor(Math.abs(seconds) / size);
    if (count === 0) continue;
    const amount = `${count} ${name}${count === 1 ? '' : 's'}`;
    return seconds < 0 ? `in ${amount}` : `${amount} ago`;
  }
  return 'just now';
}

/** `Today at 10:32 AM`, `Nov 20th at 9:05 PM`. */
export function moment(at: Date, now: Date): string {
  const day = nearDay(at, now) ?? `${part(at, { month: 'short' })} ${ordinal(at.getDate())}`;
  return `${day} at ${clockTime(at)}`;
}

/** Fills `{date_short_pretty} at {time}` and the like ("Formatting message text", docs.slack.dev). */
export function formatDate(seconds: number, format: string, now: Date): string {
  const at = new Date(seconds * 1000);
  const long = `${part(at, { weekday: 'long' })}, ${part(at, { month: 'long' })} ${ordinal(at.getDate())}, ${at.getFullYear()}`;
  const full = part(at, { month: 'long', day: 'numeric', year: 'numeric' });
  const date = part(at, { month: 'long', day: 'numeric' });
  const short = part(at, { month: 'short', day: 'numeric', year: 'numeric' });
  const pretty = (otherwise: string) => nearDay(at, now)?.toLowerCase() ?? otherwise;
  const two = (value: number) => String(value).padStart(2, '0');
  const tokens: Record<string, () => string> = {
    date_num: () => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    date_slash: () => `${two(at.getDate())}/${two(at.getMonth() + 1)}/${at.getFullYear()}`,
    date: () => date,
    date_pretty: () => pretty(date),
    date_short: () => short,
    date_short_pretty: () => pretty(short),
    date_long: () => long,
    date_long_pretty: () => pretty(long),
    date_long_full: () => full,
    day_divider_pretty: () => nearDay(at, now) ?? dayDivider(at, now),
    time: () => clockTime(at),
    time_secs: () => clockTimeWithSeconds(at),
    ago: () => ago(at, now),
  };
  const filled = format.replace(/\{(\w+)\}/g, (whole, token: string) => tokens[token]?.() ?? whole);
  return /^\{\w*pretty\}/.test(format) ? filled.charAt(0).toUpperCase() + filled.slice(1) : filled;
}
