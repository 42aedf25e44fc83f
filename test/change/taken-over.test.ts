/** A replica dies when an approved change was to be written: what another finds minutes later decides, not what held then. */
import { describe, expect, it } from 'vitest';
import { statusOf, wasApplied } from '../../src/change/phases.ts';
import { serviceRef } from './world/plans.ts';
import { NO_FAULTS } from './world/replica.ts';
import { Town } from './world/town.ts';

const NAME = 'shift-a';

/** Approved, taken on to be written, and its only replica killed; `made`: after the write arrived. */
async function orphaned(seed: number, { made }: { made: boolean }): Promise<Town> {
  const town = new Town(seed);
  town.restart = () => 120_000;
  town.start(1);
  town.ask(NAME, { services: 'a', v3: 50 });
  await town.until(() => town.slack.withButton('approve').length > 0);
  await town.pass(1);
  town.click('approve', 'UBEN', NAME, town.card(NAME)!);
  await town.until(() => (made ? town.api.commits.length === 1 : town.phase(NAME) === 'Applying'));
  expect(town.phase(NAME)).toBe('Applying');
  expect(town.api.commits).toHaveLength(made ? 1 : 0);
  town.replicas[0]!.kill();
  await town.pass(10);
  return town;
}

function changeSubsets(town: Town): void {
  const ref = { ...serviceRef('a'), kind: 'DestinationRule' };
  const { apiVersion, kind, name, namespace } = ref;
  town.api.put(ref, { apiVersion, kind, metadata: { name, namespace }, spec: { subsets: ['v1'] } });
}

const whyStale = (town: Town) => statusOf(town.change(NAME)).history.find(({ phase }) => phase === 'Stale')?.why;
const revision = (town: Town) => statusOf(town.change(NAME)).plan?.revision;

describe('a change that was to be written when its replica died', () => {
  it('is written by another, once', async () => {
    const town = await orphaned(31, { made: false });
    await town.until(() => town.allEnded(), 600);
    expect(town.api.commits).toHaveLength(1);
    expect(revision(town)).toBe(1);
  });

  it('is planned again where the mesh around it was changed meanwhile', async () => {
    const town = await orphaned(32, { made: false });
    changeSubsets(town);
    await town.until(() => revision(town) === 2 || town.api.commits.length > 0, 600);
    expect(whyStale(town)).toContain('The mesh around it was changed by somebody else');
    expect(town.api.commits).toEqual([]);
    await town.until(() => town.slack.withButton('approve').length > 0);
    await town.pass(1);
    town.click('approve', 'UBEN', NAME, town.card(NAME)!);
    await town.until(() => town.allEnded());
    expect(town.api.commits).toHaveLength(1);
  });

  it('is asked for again where who approved it may not any more', async () => {
    const town = await orphaned(33, { made: false });
    town.slack.groups.set('SONCALL', ['UCAT']);
    await town.until(() => revision(town) === 2 || town.api.commits.length > 0, 600);
    expect(whyStale(town)).toContain('may not approve it any more');
    expect(town.api.commits).toEqual([]);
  });

  it('is not written while the chat cannot say who may approve', async () => {
    const town = await orphaned(34, { made: false });
    town.faults = { ...NO_FAULTS, chatDown: true };
    await town.pass(300);
    expect(town.api.commits).toEqual([]);
    town.faults = NO_FAULTS;
    await town.until(() => town.allEnded(), 600);
    expect(town.api.commits).toHaveLength(1);
    expect(revision(town)).toBe(1);
  });

  it('and was, is recorded as what it is, whatever moved since and whoever may not any more', async () => {
    const town = await orphaned(35, { made: true });
    changeSubsets(town);
    town.slack.groups.set('SONCALL', ['UCAT']);
    town.faults = { ...NO_FAULTS, chatDown: true };
    await town.until(() => wasApplied(town.change(NAME)), 300);
    expect(whyStale(town)).toBeUndefined();
    expect(town.api.commits).toHaveLength(1);
    town.faults = NO_FAULTS;
    await town.until(() => town.allEnded(), 600);
    expect(town.api.commits).toHaveLength(1);
  });
});
