/** A length of time as people write it: `10m`, `1h30m`; and as it is told to them: `1 h 30 min`. */

const UNITS: [unit: string, ms: number, said: string][] = [
  ['d', 86_400_000, 'd'],
  ['h', 3_600_000, 'h'],
  ['m', 60_000, 'min'],
  ['s', 1_000, 's'],
  ['ms', 1, 'ms'],
];

const WRITTEN = /^(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m(?!s))?(?:(\d{1,8})s)?(?:(\d{1,11})ms)?$/;

/** ms; undefined where it is none. Larger units stand before smaller ones. */
export function durationOf(text: string): number | undefined {
  const found = WRITTEN.exec(text.trim().toLowerCase());
  if (!found || text.trim() === '') return undefined;
  return UNITS.reduce((sum, [, ms], at) => sum + ms * Number(found[at + 1] ?? 0), 0);
}

/** `1 h 30 min`, `45 s`; to the two largest units that say something. */
export function sayDuration(ms: number): string {
  let left = Math.round(ms);
  const parts: string[] = [];
  for (const [, size, said] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${said}`);
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}

/** As it would be typed: `1h30m`. */
export function writeDuration(ms: number): string {
  let left = Math.round(ms);
  let text = '';
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text || '0s';
}
