/** Approvals that count towards a quorum are looked at once more when it is complete. */
import { describe, expect, it } from 'vitest';
import { statusOf } from '../../src/change/phases.ts';
import type { Policy } from '../../src/change/policy.ts';
import { POLICY, Town } from './world/town.ts';

const TWO: Policy = { ...POLICY, rules: POLICY.rules.map(rule => ({ ...rule, approvals: 2 })) };

async function planned(seed: number): Promise<Town> {
  const town = new Town(seed);
  town.policy = TWO;
  town.start(2);
  town.ask('shift-a', { services: 'a', v3: 50 });
  await town.until(() => town.slack.withButton('approve').some(button => button.change === 'shift-a'));
  await town.pass(1);
  return town;
}

const approve = (town: Town, user: string) => town.click('approve', user, 'shift-a', town.card('shift-a')!);
const revision = (town: Town) => statusOf(town.change('shift-a')).plan?.revision ?? 0;
const counted = (town: Town) => statusOf(town.change('shift-a')).approvals.filter(given => !given.void).length;

describe('an approval', () => {
  it('of somebody who left the group before the last one was given does not count', async () => {
    const town = await planned(11);
    approve(town, 'UBEN');
    await town.until(() => counted(town) === 1);
    await town.pass(60);
    town.slack.groups.set('SONCALL', ['UCAT']);
    approve(town, 'UCAT');
    await town.until(() => revision(town) > 1);
    expect(town.api.commits).toEqual([]);
    expect(statusOf(town.change('shift-a')).plan?.replanned).toContain('may not approve it any more');
    town.slack.groups.set('SONCALL', ['UCAT', 'UBEN']);
    await town.pass(2);
    approve(town, 'UBEN');
    approve(town, 'UCAT');
    await town.until(() => town.allEnded());
    expect(town.api.commits).toHaveLength(1);
  });

  it('of somebody who is still in it does, however long ago', async () => {
    const town = await planned(12);
    approve(town, 'UBEN');
    await town.until(() => counted(town) === 1);
    await town.pass(300);
    approve(town, 'UCAT');
    await town.until(() => town.allEnded());
    expect(town.api.commits).toHaveLength(1);
    expect(revision(town)).toBe(1);
  });
});
