/** Schedules in words. */

/** 'weekday 09:00' → 'every weekday at 09:00'; '4h' → 'every 4 hours'. */
export function whenInWords(when: string): string {
  const [, count, unit] = /^(\d+)(h|m)$/.exec(when) ?? [];
  if (count === undefined) {
    const [day = '', time = ''] = when.split(' ');
    return `every ${day.replace(/^(mon|tues|wednes|thurs|fri|satur|sun)day$/, name => name[0]!.toUpperCase() + name.slice(1))} at ${time}`;
  }
  const name = unit === 'h' ? 'hour' : 'minute';
  return count === '1' ? `every ${name}` : `every ${count} ${name}s`;
}
