/** `health`: how the mesh is, now and at set times: asked, scheduled, listed and stopped. */
import { defineSetting, type SettingContext, type SettingOutcome } from '../src/command.ts';
import { ClusterError } from '../src/ports.ts';
import { linksOf } from '../src/rounds/links.ts';
import { look } from '../src/rounds/look.ts';
import { memoryOf } from '../src/rounds/memory.ts';
import { viewOf } from '../src/rounds/view.ts';
import type { Phrase } from '../src/view.ts';
import { readEvery } from './answers/every.ts';
import { done, listView, refused, scheduledView, stoppedView } from './answers/schedules.ts';

/** More would be a mistake, or worse. */
const MOST = 50;

export default defineSetting({
  verb: 'health',
  summary: 'Tell how the mesh is, now or at set times',
  asks: true,
  parameters: {
    what: {
      type: 'words',
      shown: 'every <day> <time> in <#channel>|list|stop <name>',
      about:
        'nothing: tell now; `every weekday 9:00`, `every monday 9:00` or `every 4h`: post then, `in #channel` or here; `list`; `stop`',
    },
    tz: { type: 'word', flag: true, about: 'the time zone that is meant, like Asia/Tokyo; your own unless told' },
  },
  examples: [
    { line: 'health', says: 'what is wrong now, what changed since the last post, errors and latencies' },
    {
      line: 'health every weekday 9:00 in #mesh --tz Asia/Tokyo',
      says: 'a post each weekday, once, whatever the clocks do',
    },
    { line: 'health every 4h', says: 'a post here six times a day' },
    { line: 'health list', says: 'all schedules, and when each is due' },
    { line: 'health stop health-1a2b3c', says: 'no more posts of that schedule' },
  ],
  notes: [
    'A post is one line when nothing is wrong and nothing happened. It remembers the post before it: what is new, what healed, what goes another way, who changed what.',
    'Certificates are told two weeks before they end, as the gateways present them: meshbot may read no Secret. A gateway that cannot be reached from meshbot is not looked at.',
  ],
  async set({ what = '', tz }, context) {
    const [first = '', ...rest] = what.split(' ').filter(word => word !== '');
    switch (first.toLowerCase()) {
      case '':
      case 'now':
        return rest.length > 0 ? notUnderstood(what) : now(context);
      case 'every':
        return every(rest, tz, context);
      case 'list':
        return { kind: 'question', answer: async ({ clock }) => listView(context.schedules.list(), clock.now()) };
      case 'stop':
        return stop(rest, context);
      default:
        return notUnderstood(what);
    }
  },
});

function notUnderstood(what: string): SettingOutcome {
  return refused([
    { code: `health ${what}` },
    ' is not understood. Write ',
    { code: 'health' },
    ', ',
    { code: 'health every weekday 9:00' },
    ', ',
    { code: 'health list' },
    ' or ',
    { code: 'health stop' },
    '.',
  ]);
}

/** Compared with what this channel was told last, else with what any was. */
function now({ schedules, freezes, place }: SettingContext): SettingOutcome {
  return {
    kind: 'question',
    async answer(context) {
      const told = schedules
        .list()
        .flatMap(({ spec, status }) => (status?.last ? [{ ...status.last, to: spec.channel }] : []));
      const latest = told.sort((a, b) => rank(b.to) - rank(a.to) || b.at - a.at)[0];
      function rank(channel: string): number {
        return channel === place.channel ? 1 : 0;
      }
      const links = context.links ?? {};
      const report = await look({ ...context, freezes, changes: context.store }, memoryOf(latest?.memory));
      const { namespace: reader, world } = context;
      return viewOf(report, { reader, links: linksOf(links, world), missed: 0, asked: true });
    },
  };
}

async function every(words: string[], tz: string | undefined, context: SettingContext): Promise<SettingOutcome> {
  const { schedules, name, asker, clock } = context;
  const read = readEvery(words, tz, { ...context, own: await context.zone() });
  if ('mistake' in read) return refused(read.mistake);
  const known = schedules.list();
  const same = known.find(
    ({ spec }) => spec.when === read.when && spec.tz === read.tz && spec.channel === read.channel,
  );
  if (same && same.metadata.name !== name) {
    return refused([
      'That is scheduled already: see ',
      { code: same.metadata.name },
      ' in ',
      { code: 'health list' },
      '.',
    ]);
  }
  if (known.length >= MOST) {
    return refused([`There are ${known.length} schedules already. Stop one first: see `, { code: 'health list' }, '.']);
  }
  const spec = { ...read, by: asker };
  try {
    return done(scheduledView(await schedules.create({ name, spec }), clock.now()));
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind !== 'already-exists') throw error;
    const there = await schedules.read(name);
    return there ? done(scheduledView(there, clock.now())) : refused(STOPPED);
  }
}

const STOPPED: Phrase = 'It was stopped already.';

/** Without a name, the only one of this channel. */
async function stop(words: string[], { schedules, place, asker }: SettingContext): Promise<SettingOutcome> {
  const [begun, ...more] = words;
  if (more.length > 0) return notUnderstood(['stop', ...words].join(' '));
  const known = schedules.list();
  const meant = known.filter(({ metadata, spec }) =>
    begun === undefined ? spec.channel === place.channel : metadata.name.startsWith(begun.toLowerCase()),
  );
  const [one, ...others] = meant;
  if (!one) {
    return refused([
      ...(begun === undefined
        ? ['No health posts are scheduled in this channel.']
        : [{ code: begun }, ' is not a schedule here.']),
      ' See ',
      { code: 'health list' },
      '.',
    ]);
  }
  if (others.length > 0) {
    const which =
      begun === undefined
        ? `There are ${meant.length} schedules for this channel.`
        : `That is the beginning of ${meant.length} names.`;
    return refused([`${which} Say which, from `, { code: 'health list' }, '.']);
  }
  // It moves on while it is posted: whichever version there is, is meant.
  for (let tries = 0; ; tries += 1) {
    const there = await schedules.read(one.metadata.name);
    if (!there) return done(stoppedView(one, asker.user));
    try {
      await schedules.remove(there);
      return done(stoppedView(there, asker.user));
    } catch (error) {
      const again = error instanceof ClusterError && (error.kind === 'conflict' || error.kind === 'not-found');
      if (!again || tries >= 5) throw error;
    }
  }
}
