/**
 * Three replicas with clocks that differ, killed at any await, with lost answers and lagging watches, in seeded
 * schedules. MESHBOT_ROUNDS=n runs that many, MESHBOT_SEED=s begins with that seed.
 */
import { describe, expect, it } from 'vitest';
import { nextSlot, slotsBetween } from '../../src/rounds/slots.ts';
import { canonical, whenOf } from '../../src/rounds/when.ts';
import { Town } from './town.ts';

const SCHEDULES = Number(process.env.MESHBOT_ROUNDS ?? 60);
const FIRST = Number(process.env.MESHBOT_SEED ?? 1);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const by = { team: 'T1', user: 'UASK' };
const whenIs = (text: string) => whenOf(canonical(text)!)!;

/** A schedule, and a moment shortly before something about it is special. */
const CASES = [
  { when: 'day 2:30', tz: 'Europe/Berlin', start: '2026-10-24T23:00Z', hours: 26 },
  { when: 'day 2:30', tz: 'Europe/Berlin', start: '2026-03-28T23:00Z', hours: 26 },
  { when: 'day 1:30', tz: 'America/New_York', start: '2026-11-01T04:30Z', hours: 26 },
  { when: '1h', tz: 'America/New_York', start: '2026-11-01T03:30Z', hours: 6 },
  { when: '1h', tz: 'Australia/Lord_Howe', start: '2026-04-04T13:10Z', hours: 5 },
  { when: '30m', tz: 'Australia/Lord_Howe', start: '2026-10-03T14:10Z', hours: 4 },
  { when: 'weekday 9:00', tz: 'Asia/Tokyo', start: '2026-11-19T23:30Z', hours: 75 },
  { when: '15m', tz: 'UTC', start: '2026-11-21T10:07Z', hours: 3 },
];

interface Told {
  missed: number;
  slot: number;
  after?: string;
}

async function run(seed: number): Promise<{ kills: number; posts: number }> {
  const start = CASES[seed % CASES.length]!;
  const town = new Town(seed, Date.parse(start.start));
  const { sim, slack, api } = town;
  const { dice } = sim;
  const troubled = {
    kill: dice.pick([0, 0.02, 0.05, 0.1]),
    lost: dice.pick([0, 0.03, 0.1]),
    busy: dice.pick([0, 0.02]),
    slow: dice.pick([0.02, 0.15]),
  };
  const calm = { kill: 0, lost: 0, busy: 0, slow: 0 };
  let kills = 0;
  town.restart = () => {
    kills += 1;
    return dice.between(500, 20_000);
  };
  town.schedule('health-1', { when: canonical(start.when)!, tz: start.tz, channel: 'C1', by });
  const skews = [0, dice.between(0, 3 * MINUTE), dice.between(-3 * MINUTE, 0)];
  for (const skew of skews) town.start(Math.round(skew));
  const when = whenIs(start.when);
  const until = sim.now + start.hours * HOUR;
  // Trouble around each slot, by whichever clock; in between nothing happens that could go wrong.
  const slots = slotsBetween(when, start.tz, sim.now, until, 1_000);
  for (const slot of slots) {
    sim.after(slot - 4 * MINUTE - sim.now, () => {
      town.faults = troubled;
      town.pace = 2_000;
    });
    sim.after(slot + 4 * MINUTE - sim.now, () => {
      town.faults = calm;
      town.pace = 60_000;
    });
  }
  await town.until(until + 10 * MINUTE);

  const told = slack.messages.map(message => JSON.parse(message.view.text) as Told);
  const claimed = town.posts('health-1');
  const due = slots.filter(slot => slot + 3 * MINUTE <= until);
  // Each slot once, and no other.
  expect(claimed.filter(slot => due.includes(slot)).sort()).toEqual([...due].sort());
  expect(new Set(claimed).size).toBe(claimed.length);
  // In their order, each with the memory of the one before it.
  expect(claimed).toEqual([...claimed].sort((a, b) => a - b));
  for (const [index, { after, missed }] of told.entries()) {
    expect(after).toBe(index === 0 ? undefined : `memory of ${claimed[index - 1]}`);
    expect(missed).toBe(0);
  }
  // Never more than a clock's difference early, and late by no more than takeovers take.
  for (const message of slack.messages) {
    const late = Number(message.ts) * 1_000 - Number(message.key.slot.replace('health@', ''));
    expect(late).toBeGreaterThan(-3 * MINUTE - 5_000);
    expect(late).toBeLessThan(10 * MINUTE);
  }
  const { status } = api.records.get('health-1')!;
  expect(status?.turn).toBeUndefined();
  expect(status?.last?.memory).toBe(`memory of ${claimed.at(-1)}`);
  return { kills, posts: claimed.length };
}

describe('replicas that are killed at any await', () => {
  it('post each slot exactly once, whatever their clocks show and whatever the clocks on the wall do', async () => {
    let kills = 0;
    let posts = 0;
    for (let seed = FIRST; seed < FIRST + SCHEDULES; seed++) {
      try {
        const ran = await run(seed);
        kills += ran.kills;
        posts += ran.posts;
      } catch (error) {
        throw new Error(`schedule broke a promise: run it alone with MESHBOT_ROUNDS=1 MESHBOT_SEED=${seed}`, {
          cause: error,
        });
      }
    }
    // Schedules in which nobody is ever killed would show nothing.
    expect(kills).toBeGreaterThan(SCHEDULES / 4);
    expect(posts).toBeGreaterThan(SCHEDULES);
  }, 600_000);
});

describe('slots that nobody was there to post', () => {
  const spec = { when: 'day 09:00', tz: 'UTC', channel: 'C1', by };
  const told = (town: Town) => town.slack.messages.map(({ view }) => JSON.parse(view.text) as Told);

  it('are posted late where it is not too late', async () => {
    const town = new Town(1, Date.parse('2026-11-20T08:00Z'));
    town.schedule('health-1', spec);
    await town.until(Date.parse('2026-11-20T09:45Z'));
    town.start(0);
    await town.until(Date.parse('2026-11-20T10:30Z'));
    expect(town.posts('health-1')).toEqual([Date.parse('2026-11-20T09:00Z')]);
  });

  it('are told of by the next post where it is too late', async () => {
    const town = new Town(2, Date.parse('2026-11-19T08:00Z'));
    town.schedule('health-1', spec);
    // Down on the 19th and 20th, and until 10:30 on the 21st.
    await town.until(Date.parse('2026-11-21T10:30Z'));
    town.pace = 60_000;
    town.start(0);
    await town.until(Date.parse('2026-11-22T08:50Z'));
    expect(town.posts('health-1')).toEqual([]);
    await town.until(Date.parse('2026-11-22T09:30Z'));
    expect(told(town)).toEqual([{ missed: 3, slot: Date.parse('2026-11-22T09:00Z') }]);
  });
});

describe('a post that Slack did not take for hours', () => {
  it('is given up: what it says is old', async () => {
    const town = new Town(5, Date.parse('2026-11-20T08:58Z'));
    town.schedule('health-1', { when: 'day 09:00', tz: 'UTC', channel: 'C1', by });
    town.slack.away = true;
    town.start(0);
    await town.until(Date.parse('2026-11-20T13:00Z'));
    town.slack.away = false;
    await town.until(Date.parse('2026-11-20T14:00Z'));
    expect(town.posts('health-1')).toEqual([]);
    expect(town.api.records.get('health-1')!.status?.message).toBe('it could not be sent in time');
  });
});

describe('a channel that takes no post', () => {
  it('has its slot given up, with the reason kept and told to whoever scheduled it; the next one is tried', async () => {
    const town = new Town(3, Date.parse('2026-11-20T08:58Z'));
    town.schedule('health-1', { when: '30m', tz: 'UTC', channel: 'C1', by });
    town.slack.archived.add('C1');
    town.start(0);
    await town.until(Date.parse('2026-11-20T09:10Z'));
    expect(town.slack.whispers).toMatchObject([{ channel: 'C1', person: 'UASK' }]);
    expect(town.api.records.get('health-1')!.status).toEqual({
      slot: Date.parse('2026-11-20T09:00Z'),
      message: 'Slack did not take it: is_archived',
    });
    await town.until(Date.parse('2026-11-20T09:40Z'));
    expect(town.slack.whispers).toHaveLength(1);
    town.slack.archived.clear();
    await town.until(Date.parse('2026-11-20T10:10Z'));
    expect(town.posts('health-1')).toEqual([Date.parse('2026-11-20T10:00Z')]);
    expect(town.api.records.get('health-1')!.status?.message).toBeUndefined();
  });
});

describe('a schedule that is stopped', () => {
  it('is never posted again, also not from the middle of its turn', async () => {
    const town = new Town(4, Date.parse('2026-11-20T08:59:55Z'));
    town.schedule('health-1', { when: '30m', tz: 'UTC', channel: 'C1', by });
    town.start(0);
    await town.sim.run(HOUR, () => town.api.records.get('health-1')?.status?.turn !== undefined);
    town.api.remove('health-1');
    await town.until(town.sim.now + HOUR);
    expect(town.slack.messages.length).toBeLessThanOrEqual(1);
    expect(nextSlot(whenIs('30m'), 'UTC', town.sim.now)).toBeGreaterThan(town.sim.now);
  });
});
