/** Somebody who goes back by hand to a step that this very change was at: that is their work, and stays. */
import { describe, expect, it } from 'vitest';
import { BAD, begun, shares, step } from './begun.ts';
import type { Lab } from './lab.ts';

const FIRST = { v1: 95, v3: 5 };

/** As kubectl edit leaves it: the weights of the first step, under the mark of the change. */
async function backByHand(lab: Lab): Promise<void> {
  const { objects } = lab.status().plan!.rollout!.steps[0]!;
  lab.edit(object => ({ ...object, spec: objects[0]!.spec! }));
  expect(lab.weights()).toEqual(FIRST);
}

describe('who goes back to an earlier step by hand', () => {
  it('stops the change, which says so and writes nothing over it', async () => {
    const lab = await begun();
    await lab.until(() => step(lab) === 2, 3_600);
    await lab.pass(20);
    await backByHand(lab);
    await lab.until(() => lab.phase() === 'Failed', 10);
    expect(lab.status().message).toMatch(
      /VirtualService default\/reviews was changed by kubectl-edit at \d\d:\d\d UTC/,
    );
    await lab.pass(3_600);
    expect(lab.weights()).toEqual(FIRST);
    expect(shares(lab)).toEqual([5, 25, 50]);
  });

  it('just as the next step is written is not written over', async () => {
    const lab = await begun();
    await lab.until(() => step(lab) === 1, 3_600);
    lab.onWrite = () => {
      lab.onWrite = () => undefined;
      void backByHand(lab);
      return undefined;
    };
    await lab.until(() => lab.phase() === 'Failed', 3_600);
    expect(lab.weights()).toEqual(FIRST);
  });

  it('just as a broken gate takes all of it back is not written over', async () => {
    const lab = await begun();
    await lab.until(() => step(lab) === 1, 3_600);
    await lab.pass(60);
    lab.onWrite = () => {
      lab.onWrite = () => undefined;
      void backByHand(lab);
      return undefined;
    };
    lab.metrics = BAD;
    await lab.until(() => lab.phase() === 'Failed', 60);
    expect(lab.weights()).toEqual(FIRST);
    expect(lab.status().message).toContain(
      'Not taken back: VirtualService default/reviews was changed by kubectl-edit',
    );
  });
});
