/** `freeze reviews until 18:00`: no change of a service or a namespace for a while, but by the policy's override. */
import { inForce } from '../src/change/freezing.ts';
import { defineSetting, type SettingContext, type SettingOutcome } from '../src/command.ts';
import { ClusterError } from '../src/ports.ts';
import type { MeshFreezeSpec } from '../src/records/mesh-freeze.ts';
import { isZone, zoneNamed } from '../src/rounds/zone.ts';
import { freezesView, frozenView, targetMeant } from './answers/freezes.ts';
import { done, refused } from './answers/schedules.ts';
import { readUntil } from './answers/until.ts';

/** More would be a mistake, or worse. */
const MOST = 100;
const REASON_MOST = 300;

export default defineSetting({
  verb: 'freeze',
  summary: 'Let nothing be changed in a namespace, or of a service, for a while',
  asks: true,
  parameters: {
    what: {
      type: 'words',
      shown: '<service>|namespace <name> [until <time>]',
      about:
        'what is frozen, and until when: `18:00`, `tomorrow 9:00`, `monday 9:00`, `2h`, `2026-11-24 09:00`; without a time, until `unfreeze`; nothing at all: list what is frozen',
    },
    reason: { type: 'word', flag: true, shown: '"<why>"', about: 'why, for whoever finds it frozen' },
    tz: { type: 'word', flag: true, about: 'the time zone that is meant, like Asia/Tokyo; your own unless told' },
  },
  examples: [
    { line: 'freeze reviews until 18:00', says: 'one service, until six by your clock' },
    {
      line: 'freeze namespace default until tomorrow 9:00 --tz Europe/Berlin --reason "release night"',
      says: 'all services of a namespace',
    },
    { line: 'freeze namespace default until 2h', says: 'for two hours from now' },
    { line: 'freeze', says: 'what is frozen, until when and why' },
  ],
  notes: [
    'A change under a freeze is refused. Where `freeze.override` of meshbot.yaml names people, it is planned all the same, says so, and waits for their approval instead of the usual one.',
    'A change that waits or was approved when the freeze comes is planned again under it. One that goes by steps holds before its next step. The way back is never frozen: Abort, Revert, a broken gate, the end of a time limit. `undo` is a change like any other.',
    'A freeze ends by itself when its time is over.',
  ],
  async set({ what = '', reason, tz }, context) {
    const words = what.split(' ').filter(word => word !== '');
    if (words.length === 0 || (words.length === 1 && words[0]!.toLowerCase() === 'list')) return list();
    const at = words.findIndex(word => /^(until|for)$/i.test(word));
    return freeze(
      at < 0 ? words : words.slice(0, at),
      at < 0 ? undefined : words.slice(at + 1).join(' '),
      { reason, tz },
      context,
    );
  },
});

function list(): SettingOutcome {
  return { kind: 'question', answer: async ({ frozen = [] }) => freezesView(frozen) };
}

async function freeze(
  words: string[],
  until: string | undefined,
  { reason, tz }: { reason: string | undefined; tz: string | undefined },
  context: SettingContext,
): Promise<SettingOutcome> {
  const { world, namespace: reader, freezes, name, asker, place, clock, override } = context;
  const target = targetMeant(words, world, reader);
  if ('mistake' in target) return refused(target.mistake);
  const forbidden = await context.refusal({ namespace: target.namespace });
  if (forbidden !== undefined) return refused(forbidden);
  const zone = tz ?? (await context.zone()) ?? 'UTC';
  if (!isZone(zone)) {
    return refused([
      { code: zone },
      ' is not a time zone. Write one like ',
      { code: 'Asia/Tokyo' },
      ' or ',
      { code: 'UTC' },
      '.',
    ]);
  }
  const known = zoneNamed(zone) ?? zone;
  const now = clock.now();
  const end = until === undefined ? undefined : readUntil(until, known, now);
  if (end && 'mistake' in end) return refused(end.mistake);
  if (reason !== undefined && reason.length > REASON_MOST)
    return refused(`The reason is longer than ${REASON_MOST} characters.`);
  const count = inForce(freezes.list(), now).length;
  if (count >= MOST)
    return refused([`${count} freezes are in force already. See `, { code: 'freeze' }, ', and lift one first.']);
  const spec: MeshFreezeSpec = {
    ...target,
    ...(end && { until: new Date(end.at).toISOString() }),
    ...(reason !== undefined && { reason }),
    by: asker,
    origin: { channel: place.channel, ...(place.thread !== undefined && { thread: place.thread }) },
  };
  try {
    return done(frozenView(await freezes.create({ name, spec }), known, now, override));
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind !== 'already-exists') throw error;
    const there = await freezes.read(name);
    return there ? done(frozenView(there, known, now, override)) : refused('It was lifted already.');
  }
}
