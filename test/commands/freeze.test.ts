import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentInWords, readUntil } from '../../commands/answers/until.ts';
import freeze from '../../commands/freeze.ts';
import pending from '../../commands/pending.ts';
import status from '../../commands/status.ts';
import unfreeze from '../../commands/unfreeze.ts';
import type { SettingCommand, SettingContext } from '../../src/command.ts';
import { homeOf } from '../../src/desk/home.ts';
import { parse } from '../../src/grammar/parse.ts';
import type { MeshFreeze } from '../../src/records/mesh-freeze.ts';
import { OwnRecords } from './records.ts';
import { ask, contextOf, said, vocabulary } from './setup.ts';

/** A Saturday: 13:30 in Berlin. */
const NOW = Date.parse('2026-11-21T12:30:00Z');
const BERLIN = 'Europe/Berlin';

describe('until', () => {
  it.each([
    ['18:00', '2026-11-21T17:00:00Z', 'today 18:00 (Europe/Berlin), in 4 h 30 min'],
    ['9:00', '2026-11-22T08:00:00Z', 'tomorrow 9:00 (Europe/Berlin), in 19 h 30 min'],
    ['tomorrow 9:00', '2026-11-22T08:00:00Z', 'tomorrow 9:00 (Europe/Berlin), in 19 h 30 min'],
    ['tomorrow', '2026-11-21T23:00:00Z', 'tomorrow 0:00 (Europe/Berlin), in 10 h 30 min'],
    ['monday 9:00', '2026-11-23T08:00:00Z', 'Monday, 23 November 2026, 9:00 (Europe/Berlin), in 1 d 19 h'],
    ['Saturday 9:00', '2026-11-28T08:00:00Z', 'Saturday, 28 November 2026, 9:00 (Europe/Berlin), in 6 d 19 h'],
    ['2h', '2026-11-21T14:30:00Z', 'today 15:30 (Europe/Berlin), in 2 h'],
    ['1h 30m', '2026-11-21T14:00:00Z', 'today 15:00 (Europe/Berlin), in 1 h 30 min'],
    ['2026-11-24', '2026-11-23T23:00:00Z', 'Tuesday, 24 November 2026, 0:00 (Europe/Berlin), in 2 d 10 h'],
    ['2026-11-24 09:00', '2026-11-24T08:00:00Z', 'Tuesday, 24 November 2026, 9:00 (Europe/Berlin), in 2 d 19 h'],
    ['2026-11-24T09:00:00Z', '2026-11-24T09:00:00Z', 'Tuesday, 24 November 2026, 10:00 (Europe/Berlin), in 2 d 20 h'],
    ['2026-11-24T09:00+09:00', '2026-11-24T00:00:00Z', 'Tuesday, 24 November 2026, 1:00 (Europe/Berlin), in 2 d 11 h'],
    // Over the change of the clocks: nine o'clock is nine o'clock.
    ['2027-06-01 09:00', '2027-06-01T07:00:00Z', 'Tuesday, 1 June 2027, 9:00 (Europe/Berlin), in 191 d 18 h'],
  ])('%s is a moment, and is told in words', (text, moment, words) => {
    const read = readUntil(text, BERLIN, NOW);
    expect(read).toEqual({ at: Date.parse(moment) });
    expect(momentInWords(Date.parse(moment), BERLIN, NOW)).toBe(words);
  });

  it.each([
    ['25:00', 'no time that is understood'],
    ['yesterday', 'no time that is understood'],
    ['', 'no time that is understood'],
    ['2026-02-30', 'no time that is understood'],
    ['9', 'no time that is understood'],
    ['monday noon', 'no time that is understood'],
    ['2026-11-20', 'is over already'],
    ['today 9:00', 'is over already'],
    ['0s', 'is over already'],
    ['2030-01-01', 'within a year'],
  ])('%s is refused', (text, why) => {
    expect(JSON.stringify(readUntil(text, BERLIN, NOW))).toContain(why);
  });

  it('never throws, and is never over', () => {
    const words = fc.constantFrom('tomorrow', 'monday', '18:00', '2h', '2026-11-24', '09:00', 'Z', '+14:00', ':', '99');
    const text = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 4 }).map(each => each.join(' ')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(BERLIN, 'UTC', 'Asia/Kolkata', 'America/St_Johns'), (typed, tz) => {
        const read = readUntil(typed, tz, NOW);
        if ('at' in read) expect(read.at).toBeGreaterThan(NOW);
      }),
      { numRuns: 2000 },
    );
  });
});

interface Given {
  refusal?: string;
  mayNotOverride?: string;
  user?: string;
  delivery?: string;
}

/** What a line does to the records, and what is said. */
async function typed(line: string, stored: OwnRecords, given: Given = {}) {
  const command = (line.startsWith('un') ? unfreeze : freeze) as SettingCommand;
  const parsed = parse(line, [command], vocabulary);
  if (parsed.kind !== 'command') throw new Error(JSON.stringify(parsed));
  const context: SettingContext = {
    ...contextOf(),
    clock: { now: () => NOW, sleep: async () => {} },
    asker: { team: 'T1', user: given.user ?? 'U1' },
    schedules: stored.schedules,
    freezes: stored.freezes,
    name: `freeze-${given.delivery ?? '3f9a1c2b77'}`,
    place: { channel: 'C1', thread: '1.2' },
    channels: {},
    zone: async () => BERLIN,
    refusal: async () => given.refusal,
    override: [{ group: 'SLEADS' }],
    mayNotOverride: async () => given.mayNotOverride,
  };
  const outcome = await command.set(parsed.values as never, context);
  if (outcome.kind === 'done') return said(outcome.view);
  if (outcome.kind === 'question') return said(await outcome.answer({ ...context, progress: async () => {} }));
  return `refused: ${said({ text: '', parts: [{ kind: 'text', text: outcome.says }] })}`;
}

const empty = async () => {
  const stored = new OwnRecords();
  for (const each of stored.freezes.list()) await stored.freezes.remove(each);
  return stored;
};

describe('freeze', () => {
  it('freezes a service until a time by the asker’s clock, and says it back in words', async () => {
    const stored = await empty();
    const told = await typed('freeze reviews until 18:00 --reason "release night"', stored);
    expect(told).toContain('U1 froze reviews.default until today 18:00 (Europe/Berlin), in 4 h 30 min: release night.');
    expect(told).toContain('a change of it is approved by SLEADS, and by nobody else');
    expect(told).toContain('unfreeze freeze-3f9a1c2b77');
    expect(stored.freezes.list()).toMatchObject([
      {
        spec: {
          namespace: 'default',
          host: 'reviews.default.svc.cluster.local',
          until: '2026-11-21T17:00:00.000Z',
          reason: 'release night',
          by: { team: 'T1', user: 'U1' },
          origin: { channel: 'C1', thread: '1.2' },
        },
      },
    ]);
  });

  it('freezes a namespace for good, or by another clock, and the same line once', async () => {
    const stored = await empty();
    expect(await typed('freeze namespace default', stored)).toContain(
      'froze namespace default and all its services until somebody lifts it',
    );
    await typed('freeze namespace default', stored);
    expect(stored.freezes.list()).toHaveLength(1);
    const told = await typed('freeze default until tomorrow 9:00 --tz Asia/Tokyo', stored, { delivery: 'other' });
    expect(told).toContain('until tomorrow 9:00 (Asia/Tokyo)');
    expect(stored.freezes.list()[0]!.spec.until).toBe('2026-11-22T00:00:00.000Z');
  });

  it.each([
    ['freeze reviw', 'reviw is no service or namespace here'],
    ['freeze service default', 'default is no service here'],
    ['freeze the whole mesh', 'the whole mesh is not understood'],
    ['freeze reviews until late', 'until late is no time that is understood'],
    ['freeze reviews until 9:00 --tz Mars', 'Mars is not a time zone'],
    ['unfreeze ratings', 'ratings is not frozen'],
    ['unfreeze freeze-00', 'freeze-00 is not in force'],
  ])('%s: is refused with the next step', async (line, why) => {
    expect(await typed(line, await empty())).toContain(`refused: \n${why}`);
  });

  it('is for those who may ask for changes there', async () => {
    const refusal = 'You may not ask for changes in default.';
    expect(await typed('freeze reviews', await empty(), { refusal })).toContain(refusal);
  });

  it('is lifted by who froze it or may override it, and told', async () => {
    const stored = await empty();
    await typed('freeze reviews', stored);
    const mayNotOverride = 'You may not lift a freeze of somebody else’s.';
    expect(await typed('unfreeze reviews', stored, { user: 'U2', mayNotOverride })).toContain(mayNotOverride);
    expect(stored.freezes.list()).toHaveLength(1);
    expect(await typed('unfreeze reviews', stored, { user: 'U2' })).toContain(
      'lifted the freeze of reviews.default, which U1 had frozen',
    );
    expect(stored.freezes.list()).toEqual([]);
    await typed('freeze namespace default', stored);
    expect(await typed('unfreeze reviews', stored)).toContain('frozen with its whole namespace');
    expect(await typed('unfreeze default', stored, { mayNotOverride })).toContain(
      'No longer frozen: namespace default.',
    );
  });
});

describe('what is frozen', () => {
  const record = (spec: Partial<MeshFreeze['spec']>): MeshFreeze => ({
    apiVersion: 'meshbot.dev/v1alpha1',
    kind: 'MeshFreeze',
    metadata: { name: 'freeze-1' },
    spec: { namespace: 'default', by: { team: 'T1', user: 'U1' }, ...spec },
  });

  it('is told by freeze, status, pending and the home tab', async () => {
    const frozen = [record({ reason: 'release night' })];
    const context = { ...contextOf(), frozen };
    expect(said(await ask('status reviews', status, context))).toContain(
      'namespace default is frozen until somebody lifts it: release night',
    );
    expect(said(await ask('pending', pending, context))).toContain('release night');
    expect(said(homeOf([], 'U1', '/mesh', frozen))).toContain(
      'namespace default until somebody lifts it: release night',
    );
  });

  it('is not told of a service that is not', async () => {
    const context = { ...contextOf(), frozen: [record({ host: 'ratings.default.svc.cluster.local' })] };
    expect(said(await ask('status reviews', status, context))).not.toContain('frozen');
    expect(said(await ask('status ratings', status, context))).toContain('ratings.default is frozen');
  });
});
