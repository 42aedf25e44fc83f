/** A minute after the proof the written objects are looked at once more: "written" is not "stays written". */
import { describe, expect, it } from 'vitest';
import { dueOf } from '../../src/change/due.ts';
import { statusOf } from '../../src/change/phases.ts';
import { refKey } from '../../src/object.ts';
import { routed, serviceRef } from './world/plans.ts';
import { Town } from './world/town.ts';

const NAME = 'shift-a';
const REF = serviceRef('a');

async function ended(town: Town, replicas = 1): Promise<void> {
  town.start(replicas);
  town.ask(NAME, { services: 'a', v3: 50 });
  await town.until(() => town.slack.withButton('approve').length > 0);
  await town.pass(1);
  town.click('approve', 'UBEN', NAME, town.card(NAME)!);
  await town.until(() => town.allEnded());
}

const again = (town: Town) => statusOf(town.change(NAME)).again;
const words = (town: Town, slot: string) =>
  JSON.stringify(town.slack.messages.find(({ key }) => key.slot === slot)?.view);

/** Somebody gives the object back the weights of before, as a controller that keeps it as Git has it. */
function takeBack(town: Town, manager: string): void {
  const found = town.api.objects.get(refKey(REF))!;
  const time = new Date(town.sim.now).toISOString();
  const managedFields = [{ manager, operation: 'Update', time }];
  town.api.put(REF, { ...routed('a', 0, found), metadata: { ...found.metadata, managedFields } });
}

describe('the second look', () => {
  it('says that everything is as it was written, once', async () => {
    const town = new Town(5);
    await ended(town);
    expect(again(town)).toBeUndefined();
    await town.until(() => again(town) !== undefined, 120);
    expect(again(town)).toMatchObject({ moved: [] });
    await town.until(() => words(town, 'receipt').includes('still as it was written'), 60);
    expect(words(town, 'card')).not.toContain('did not stay');
    const { at } = again(town)!;
    await town.pass(600);
    expect(again(town)!.at).toBe(at);
  });

  it('says who took it back, when, and what to do about it', async () => {
    const town = new Town(6);
    await ended(town);
    await town.pass(5);
    takeBack(town, 'argocd-controller');
    await town.until(() => again(town) !== undefined, 120);
    expect(again(town)!.moved).toMatchObject([
      { says: expect.stringMatching(/^VirtualService default\/a was changed by argocd-controller at \d\d:\d\d UTC$/) },
    ]);
    await town.until(() => words(town, 'receipt').includes('did not stay'), 60);
    expect(words(town, 'receipt')).toContain('Argo CD keeps it as Git has it');
    await town.until(() => words(town, 'card').includes('did not stay as it was written'), 60);
  });

  it('is made by another replica where the one that proved it is gone', async () => {
    const town = new Town(7);
    await ended(town, 2);
    takeBack(town, 'kustomize-controller');
    town.replicas.find(replica => !replica.dead && statusOf(town.change(NAME)).claim?.holder === replica.name)!.kill();
    await town.until(() => again(town) !== undefined, 300);
    expect(again(town)!.moved[0]!.advice).toContain('Flux');
    await town.until(() => words(town, 'receipt').includes('did not stay'), 120);
  });

  it('is not made of what was undone meanwhile', async () => {
    const town = new Town(8);
    await ended(town);
    town.ask('undo-a', {}, { verb: 'undo', undoes: NAME });
    await town.until(() => town.slack.withButton('approve').some(({ change }) => change === 'undo-a'));
    await town.pass(1);
    town.click('approve', 'UBEN', 'undo-a', town.card('undo-a')!);
    await town.until(() => statusOf(town.change(NAME)).phase === 'Undone');
    await town.pass(300);
    expect(again(town)).toBeUndefined();
  });

  it('is due from a minute after the proof on, and no more once that is long ago', async () => {
    const town = new Town(9);
    await ended(town);
    const change = town.change(NAME);
    const proven = statusOf(change).history.at(-1)!.at;
    expect(dueOf(change, undefined, proven + 59_999)).toEqual({ at: proven + 60_000 });
    expect(dueOf(change, undefined, proven + 60_000).work).toBe('look-again');
    expect(dueOf(change, undefined, proven + 3_600_000)).toEqual({});
  });
});
