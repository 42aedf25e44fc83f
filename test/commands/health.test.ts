import { describe, expect, it } from 'vitest';
import health from '../../commands/health.ts';
import type { SettingCommand, SettingOutcome } from '../../src/command.ts';
import { parse } from '../../src/grammar/parse.ts';
import { carriedOut, OwnRecords } from './records.ts';
import { contextOf, said, vocabulary } from './setup.ts';

async function given(line: string, stored = new OwnRecords(), more: Parameters<typeof carriedOut>[4] = {}) {
  const parsed = parse(`health ${line}`, [health], vocabulary);
  if (parsed.kind !== 'command') throw new Error(`${line}: ${JSON.stringify(parsed)}`);
  return carriedOut(health as SettingCommand, parsed.values, contextOf(), stored, more);
}

async function told(outcome: SettingOutcome): Promise<string> {
  if (outcome.kind === 'refused') return JSON.stringify(outcome.says);
  return said(outcome.kind === 'done' ? outcome.view : await outcome.answer(contextOf()));
}

const names = (stored: OwnRecords) => stored.schedules.list().map(({ metadata }) => metadata.name);
const newest = (stored: OwnRecords) => stored.schedules.list()[0]!;

describe('health every …', () => {
  it.each([
    ['every weekday 9:00 in #mesh --tz Asia/Tokyo', { when: 'weekday 09:00', tz: 'Asia/Tokyo', channel: 'C0MESH' }],
    ['every Monday at 9pm --tz europe/berlin', { when: 'monday 21:00', tz: 'Europe/Berlin', channel: 'C1' }],
    ['every 4h', { when: '4h', tz: 'Asia/Tokyo', channel: 'C1' }],
    ['every day 9:00 in C0123456789', { when: 'day 09:00', tz: 'Asia/Tokyo', channel: 'C0123456789' }],
  ])('%s', async (line, spec) => {
    const { outcome, stored } = await given(line);
    expect(outcome.kind).toBe('done');
    expect(newest(stored).spec).toEqual({ ...spec, by: { team: 'T1', user: 'U1' } });
    expect(await told(outcome)).toContain(`health stop ${newest(stored).metadata.name}`);
  });

  it.each([
    ['every', 'Every when?'],
    ['every now and then', 'every now and then'],
    ['every 7h', 'what divides a day'],
    ['every day 9:00 --tz Mars/Base', 'is not a time zone'],
    ['every day 9:00 --tz +09:00', 'is not a time zone'],
    ['every day 9:00 in #nowhere', 'names no channel that Slack knows'],
    ['every day 9:00 in', 'names no channel that Slack knows'],
    ['every day 9:00 in #constructor', 'names no channel that Slack knows'],
    ['every day 8:00 in C2 now', 'names no channel'],
    ['yesterday', 'is not understood'],
  ])('%s is refused, and stores nothing', async (line, why) => {
    const { outcome, stored } = await given(line);
    expect(outcome.kind).toBe('refused');
    expect(await told(outcome)).toContain(why);
    expect(names(stored)).toEqual(['health-1a2b3c']);
  });

  it('is UTC for somebody of whom Slack knows no zone', async () => {
    const { stored } = await given('every day 9:00', new OwnRecords(), { zone: async () => undefined });
    expect(newest(stored).spec.tz).toBe('UTC');
  });

  it('is not stored twice, neither by the same delivery nor by another', async () => {
    const { stored } = await given('every day 9:00');
    expect((await given('every day 9:00', stored)).outcome.kind).toBe('done');
    const other = await given('every day 9:00', stored, { name: 'health-other' });
    expect(await told(other.outcome)).toContain('That is scheduled already');
    expect(names(stored)).toHaveLength(2);
  });
});

describe('health list', () => {
  it('names all, when they are due, and why a post is missing', async () => {
    const stored = new OwnRecords();
    const [schedule] = stored.schedules.list();
    await stored.schedules.saveStatus({
      ...schedule!,
      status: { slot: 1, message: 'Slack did not take it: is_archived' },
    });
    const text = await told((await given('list', stored)).outcome);
    expect(text).toContain('health-1a2b3c | every day at 08:00 (UTC) | C2 | U2 | not yet | 28800000');
    expect(text).toContain('health-1a2b3c: the last post is missing. Slack did not take it: is_archived');
  });
});

describe('health stop', () => {
  it('takes the one that is named by its beginning, or the only one of the channel', async () => {
    const named = await given('stop health-1a');
    expect(names(named.stored)).toEqual([]);
    expect(await told(named.outcome)).toContain('stopped the health posts');
    const stored = new OwnRecords();
    await given('every day 9:00', stored);
    await given('stop', stored);
    expect(names(stored)).toEqual(['health-1a2b3c']);
  });

  it('stops nothing where none or several could be meant', async () => {
    const none = await given('stop');
    expect(await told(none.outcome)).toContain('No health posts are scheduled in this channel.');
    const stored = new OwnRecords();
    await given('every day 9:00', stored);
    await given('every day 10:00', stored, { name: 'health-other' });
    expect(await told((await given('stop', stored)).outcome)).toContain('There are 2 schedules for this channel.');
    expect(await told((await given('stop health', stored)).outcome)).toContain('the beginning of 3 names');
    expect(await told((await given('stop nothing', stored)).outcome)).toContain('is not a schedule here');
    expect(names(stored)).toHaveLength(3);
  });
});

describe('health', () => {
  it('tells now, compared with what this channel was told last', async () => {
    const stored = new OwnRecords();
    const [schedule] = stored.schedules.list();
    const memory = (says: string) =>
      JSON.stringify({ at: 1_000, problems: { gone: { says, since: 500 } }, routing: {} });
    const last = (says: string, at: number) => ({ slot: 1, at, channel: 'C2', ts: '1.1', memory: memory(says) });
    await stored.schedules.saveStatus({
      ...schedule!,
      status: { slot: 1, last: last('It was bad elsewhere.', 9_000) },
    });
    expect(await told((await given('', stored)).outcome)).toContain('It was bad elsewhere.');
    await given('every day 9:00', stored);
    await stored.schedules.saveStatus({
      ...newest(stored),
      status: { slot: 1, last: last('It was bad here.', 1_000) },
    });
    const text = await told((await given('now', stored)).outcome);
    expect(text).toContain('Healed\nIt was bad here.');
  });
});
