/** How often a step that only goes well makes meshbot write: to the chat, and to its own record. */
import { describe, expect, it } from 'vitest';
import { begun, GOOD } from './begun.ts';
import type { Lab } from './lab.ts';

/** Measures that move a little each time they are asked for. */
const moving = (lab: Lab) => {
  let asked = 0;
  const told = () => {
    const by = Math.sin(++asked);
    return { v1: { rate: 90 + by, errors: 0, p95: 40 + by }, v3: { rate: 10 + by, errors: 0.001, p95: 50 + 3 * by } };
  };
  Object.defineProperty(lab, 'metrics', { get: told });
};

async function long(): Promise<{ lab: Lab; edits: () => number }> {
  const lab = await begun(GOOD, 'shift reviews v3 5,100 --every 30m --gate errors<1% --gate p95<500ms');
  let edits = 0;
  const update = lab.slack.update.bind(lab.slack);
  lab.slack.update = (posted, view) => {
    edits++;
    update(posted, view);
  };
  moving(lab);
  return { lab, edits: () => edits };
}

describe('a step that goes well', () => {
  it('has its card edited every half a minute, and its record written no more than shows life', async () => {
    const { lab, edits } = await long();
    const written = lab.api.statusWrites;
    await lab.pass(600);
    expect(edits()).toBeGreaterThanOrEqual(18);
    expect(edits()).toBeLessThanOrEqual(24);
    expect(lab.api.statusWrites - written).toBeLessThanOrEqual(90);
  });

  it('has a pause on its card at once all the same', async () => {
    const { lab } = await long();
    await lab.pass(100);
    await lab.click('pause', 'UBEN');
    await lab.until(() => lab.shown().includes('Paused'), 3);
    await lab.pass(10);
    await lab.click('resume', 'UCAT');
    await lab.until(() => !lab.shown().includes('Paused'), 3);
  });
});
