/** A change's life in one quiet replica: what it costs, what people see, and how it ends. */
import { describe, expect, it } from 'vitest';
import { statusOf } from '../../src/change/phases.ts';
import { serviceRef } from './world/plans.ts';
import { Town } from './world/town.ts';

async function planned(town: Town, name = 'shift-a'): Promise<void> {
  town.ask(name, { services: 'a', v3: 50 });
  await town.until(() => town.slack.withButton('approve').some(button => button.change === name));
  // Nobody clicks in the very moment in which a card appears.
  await town.pass(1);
}

describe('a change', () => {
  it('is written once, exactly as approved, and proven', async () => {
    const town = new Town(3);
    town.start(1);
    await planned(town);
    expect(town.api.commits).toHaveLength(0);
    town.click('approve', 'UBEN', 'shift-a', town.card('shift-a')!);
    await town.until(() => town.allEnded());
    expect(town.api.commits).toHaveLength(1);
    const { history, approvals, written } = statusOf(town.change('shift-a'));
    expect(history.map(entry => entry.phase).slice(0, 5)).toEqual([
      'Requested',
      'Planned',
      'Approved',
      'Applying',
      'Applied',
    ]);
    expect(approvals).toMatchObject([{ user: 'UBEN', digest: statusOf(town.change('shift-a')).plan?.digest }]);
    expect(written).toMatchObject([{ ref: serviceRef('a') }]);
  });

  it('costs one dry run, one write, no read and few writes of its own status', async () => {
    const town = new Town(3);
    town.start(1);
    const replica = town.replicas[0]!;
    await planned(town);
    town.click('approve', 'UBEN', 'shift-a', town.card('shift-a')!);
    await town.until(() => town.allEnded());
    await town.pass(30);
    expect(replica.calls).toEqual({ read: 0, dryRun: 1, write: 1 });
    expect(town.api.statusWrites).toBeLessThanOrEqual(14);
  });

  it('is approved and taken on in one write, so that nothing but its own write comes after the click’s', async () => {
    const town = new Town(3);
    town.start(1);
    await planned(town);
    const phases: string[] = [];
    town.api.watchChanges(change => phases.push(statusOf(change).phase));
    town.click('approve', 'UBEN', 'shift-a', town.card('shift-a')!);
    await town.until(() => town.api.commits.length === 1);
    // The click itself, and what it brought.
    expect(phases).toEqual(['Planned', 'Applying']);
    const { approvals, claim, history } = statusOf(town.change('shift-a'));
    expect(approvals).toMatchObject([{ user: 'UBEN' }]);
    expect(claim?.holder).toBe('replica-1');
    expect(history.map(({ phase, by }) => [phase, by]).slice(-2)).toEqual([
      ['Approved', 'UBEN'],
      ['Applying', undefined],
    ]);
  });

  it('has one card and one receipt, the receipt in the thread of the card', async () => {
    const town = new Town(3);
    town.start(1);
    await planned(town);
    town.click('approve', 'UBEN', 'shift-a', town.card('shift-a')!);
    await town.until(() => town.allEnded());
    await town.pass(30);
    expect(town.slack.messages.map(message => message.key.slot)).toEqual(['card', 'receipt']);
    expect(town.slack.messages[1]!.thread).toBe(town.slack.messages[0]!.ts);
    expect(town.slack.withButton('approve')).toEqual([]);
    expect(town.slack.withButton('undo')).toHaveLength(1);
  });
});
