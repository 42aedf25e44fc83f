/** `weekday 9:00 in #mesh` → what a HealthSchedule keeps, or one sentence on what is wrong with it. */
import { canonical } from '../../src/rounds/when.ts';
import { isZone, zoneNamed } from '../../src/rounds/zone.ts';
import type { Phrase } from '../../src/view.ts';

type Read = { when: string; tz: string; channel: string } | { mistake: Phrase };

interface Around {
  place: { channel: string };
  /** Ids by name. */
  channels: Record<string, string>;
  /** The asker's own zone, where it is known. */
  own: string | undefined;
}

export function readEvery(words: string[], tz: string | undefined, { place, channels, own }: Around): Read {
  const at = words.findIndex(word => word.toLowerCase() === 'in');
  const said = (at < 0 ? words : words.slice(0, at)).join(' ');
  const when = canonical(said);
  if (when === undefined) {
    const what = said === '' ? ['Every when?'] : [{ code: `every ${said}` }, ' is no time that posts can be sent at.'];
    return {
      mistake: [
        ...what,
        ' Write ',
        { code: 'every weekday 9:00' },
        ', ',
        { code: 'every monday 9:00' },
        ', ',
        { code: 'every 4h' },
        ' or ',
        { code: 'every 15m' },
        ': what divides a day.',
      ],
    };
  }
  const zone = tz ?? own ?? 'UTC';
  if (!isZone(zone)) {
    return {
      mistake: [
        { code: zone },
        ' is not a time zone. Write one like ',
        { code: 'Asia/Tokyo' },
        ' or ',
        { code: 'UTC' },
        '.',
      ],
    };
  }
  const target = at < 0 ? place.channel : channelOf(words.slice(at + 1), channels);
  if (target === undefined) {
    return {
      mistake: [
        { code: words.slice(at).join(' ') },
        ' names no channel that Slack knows. Choose it from the list that opens after ',
        { code: '#' },
        ', or type the line in that channel.',
      ],
    };
  }
  return { when, tz: zoneNamed(zone) ?? zone, channel: target };
}

function channelOf(words: string[], channels: Record<string, string>): string | undefined {
  const [word = '', ...more] = words;
  const name = word.replace(/^#/, '');
  if (more.length > 0) return undefined;
  if (Object.hasOwn(channels, name)) return channels[name];
  return /^[CG][A-Z0-9]{8,20}$/.test(name) ? name : undefined;
}
