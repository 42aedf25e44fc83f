/** A replica that hears nothing of freezes does not take the mesh for thawed. */
import { describe, expect, it } from 'vitest';
import { BAD, BEFORE, begun, step } from './begun.ts';
import { Lab } from './lab.ts';

const UNHEARD = 200_000;
const SAYS = 'Nothing was heard of freezes for a while';

describe('while nothing is heard of freezes', () => {
  it('nothing is planned, and the card says why', async () => {
    const lab = new Lab();
    lab.freezesAge = UNHEARD;
    lab.start();
    const asked = lab.ask('shift reviews v3 50');
    await lab.pass(60);
    expect(lab.phase()).toBe('Requested');
    expect(lab.shown()).toContain(SAYS);
    lab.freezesAge = 0;
    await asked;
    expect(lab.phase()).toBe('Planned');
  });

  it('what is approved is not written, and is written after', async () => {
    const lab = new Lab();
    lab.start();
    await lab.ask('shift reviews v3 50');
    lab.freezesAge = UNHEARD;
    await lab.click('approve', 'UBEN');
    await lab.pass(60);
    expect(lab.phase()).toBe('Approved');
    expect(lab.shown()).toContain(SAYS);
    expect(lab.weights()).toEqual(BEFORE);
    lab.freezesAge = 0;
    await lab.until(() => lab.weights().v3 === 50, 10);
  });

  it('no step is gone on with, but a breach goes back', async () => {
    const lab = await begun();
    lab.freezesAge = UNHEARD;
    await lab.pass(240);
    expect(step(lab)).toBe(0);
    expect(lab.shown()).toContain(SAYS);
    lab.freezesAge = 0;
    await lab.until(() => step(lab) === 1, 3);
    lab.freezesAge = UNHEARD;
    lab.metrics = BAD;
    await lab.until(() => lab.phase() === 'Reverted', 30);
    expect(lab.weights()).toEqual(BEFORE);
  });
});
