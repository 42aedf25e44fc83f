/** The API server answers, but cannot take a write now: a webhook that it must ask is away. */
import { describe, expect, it } from 'vitest';
import { statusOf, wasApplied } from '../../src/change/phases.ts';
import { ClusterError } from '../../src/ports.ts';
import { Town } from './world/town.ts';

const NAME = 'shift-a';
const away = () =>
  new ClusterError('unavailable', 'VirtualService default/a: the validation webhook v of istiod does not answer', {
    advice: 'Look at istiod',
  });

async function planned(town: Town): Promise<void> {
  town.start(1);
  town.ask(NAME, { services: 'a', v3: 50 });
  await town.until(() => town.slack.withButton('approve').length > 0);
  await town.pass(1);
}

const words = (town: Town) => JSON.stringify(town.slack.messages.map(({ view }) => view));

describe('a write that the API server cannot take now', () => {
  it('is made when it can, once, and the card says meanwhile what it waits for', async () => {
    const town = new Town(11);
    await planned(town);
    let isAway = true;
    town.api.webhook = () => {
      if (isAway) throw away();
      return undefined;
    };
    town.click('approve', 'UBEN', NAME, town.card(NAME)!);
    await town.until(() => words(town).includes('Not written yet'), 25);
    expect(words(town)).toContain('the validation webhook v of istiod does not answer. Look at istiod');
    isAway = false;
    await town.until(() => town.allEnded());
    expect(town.api.commits).toHaveLength(1);
    expect(wasApplied(town.change(NAME))).toBe(true);
  });

  it('is given up after half a minute: nothing is written, and it is said what to do', async () => {
    const town = new Town(12);
    await planned(town);
    town.api.webhook = () => {
      throw away();
    };
    town.click('approve', 'UBEN', NAME, town.card(NAME)!);
    await town.until(() => town.allEnded(), 90);
    expect(statusOf(town.change(NAME))).toMatchObject({ phase: 'Failed', written: [] });
    expect(statusOf(town.change(NAME)).message).toMatch(/^Not written: .*Look at istiod, then give the command again/);
    expect(town.api.commits).toHaveLength(0);
  });
});

describe('an approval of which nothing could be written for a quarter of an hour', () => {
  it('is of yesterday: it is asked for again', async () => {
    const town = new Town(16);
    await planned(town);
    let isAway = true;
    town.api.webhook = () => {
      if (isAway) throw new ClusterError('unavailable', 'no answer');
      return undefined;
    };
    town.click('approve', 'UBEN', NAME, town.card(NAME)!);
    await town.until(() => town.phase(NAME) === 'Applying');
    await town.pass(1_200);
    isAway = false;
    await town.until(() => (statusOf(town.change(NAME)).plan?.revision ?? 0) > 1);
    const { history } = statusOf(town.change(NAME));
    expect(history.find(({ phase }) => phase === 'Stale')?.why).toContain('within 15 min of its approval');
    expect(town.api.commits).toHaveLength(0);
  });
});

describe('a plan that the API server cannot judge now', () => {
  it('waits, and its card says for what', async () => {
    const town = new Town(13);
    town.api.webhook = () => {
      throw away();
    };
    town.start(1);
    town.ask(NAME, { services: 'a', v3: 50 });
    await town.until(() => town.api.changes.get(NAME)?.status?.message?.includes('webhook v') === true, 20);
    expect(statusOf(town.change(NAME)).message).toContain('Look at istiod');
    town.api.webhook = undefined;
    await town.until(() => town.slack.withButton('approve').length > 0, 30);
  });
});
