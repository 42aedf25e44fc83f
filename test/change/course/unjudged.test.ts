/** A chat that cannot say who clicked holds up neither gates nor a way back nor a time limit. */
import { describe, expect, it } from 'vitest';
import { ChatError } from '../../../src/ports.ts';
import { BAD, begun, GOOD, step } from './begun.ts';
import { Lab } from './lab.ts';

/** Slack answers 429, nothing that is known, or nothing at all until it is given up. */
function deaf(lab: Lab, kind: 'limited' | 'unknown' | 'silent'): void {
  lab.slack.people.get = () => {
    if (kind === 'silent')
      return new Promise((_, reject) =>
        lab.sim.after(10_000, () => reject(new ChatError('unknown', 'no answer'))),
      ) as never;
    throw new ChatError(kind, 'who that is', kind === 'limited' ? { retryAfter: 60_000 } : {});
  };
}

const isBack = (lab: Lab) => lab.weights().v3 === undefined;

describe.each(['limited', 'unknown', 'silent'] as const)('while the chat is %s, a click of an outsider', kind => {
  it('does not hold up an abort by who asked', async () => {
    const lab = await begun();
    await lab.pass(60);
    deaf(lab, kind);
    await lab.click('pause', 'UOUT');
    await lab.pass(1);
    const since = lab.sim.now;
    await lab.click('abort', 'UASK');
    await lab.until(() => isBack(lab), 120);
    expect(lab.sim.now - since).toBeLessThan(1_000);
  });

  it('does not hold up a breach', async () => {
    const lab = await begun();
    await lab.pass(60);
    deaf(lab, kind);
    await lab.click('pause', 'UOUT');
    await lab.pass(1);
    lab.metrics = BAD;
    const since = lab.sim.now;
    await lab.until(() => isBack(lab), 120);
    expect(lab.sim.now - since).toBeLessThan(3_000);
  });

  it('does not hold up the end of a time limit', async () => {
    const lab = await begun(GOOD, 'shift reviews v3 50 --for 10m');
    await lab.until(() => lab.phase() === 'Lasting' && lab.buttons().includes('keep'), 300);
    const ends = lab.status().written[0]!.at + 600_000;
    await lab.pass((ends - lab.sim.now) / 1_000 - 10);
    deaf(lab, kind);
    await lab.click('keep', 'UCAT');
    await lab.until(() => isBack(lab), 120);
    expect(lab.sim.now).toBeGreaterThan(ends);
    expect(lab.sim.now).toBeLessThan(ends + 5_000);
  });
});

describe('a click that the chat cannot judge', () => {
  it('holds the next step until it is judged, and no longer', async () => {
    const lab = await begun();
    await lab.pass(110);
    deaf(lab, 'limited');
    await lab.click('pause', 'UOUT');
    await lab.pass(20);
    expect(step(lab)).toBe(0);
    await lab.until(() => step(lab) === 1, 60);
    expect(lab.status().decisions.at(-1)?.verdict).toBe('refused');
    expect(lab.whispers('UOUT')).toHaveLength(1);
  });

  it('is judged as soon as the chat answers, and nothing else waits for that', async () => {
    const lab = await begun();
    await lab.pass(60);
    const { get } = lab.slack.people;
    deaf(lab, 'unknown');
    await lab.click('abort', 'UCAT');
    await lab.pass(5);
    expect(isBack(lab)).toBe(false);
    lab.slack.people.get = get;
    await lab.until(() => isBack(lab), 3);
    expect(lab.status().history.some(({ by }) => by === 'UCAT')).toBe(true);
  });

  it('keeps a pause behind the resume that was clicked before it', async () => {
    const lab = await begun();
    await lab.click('pause', 'UCAT');
    await lab.until(() => lab.buttons().includes('resume'));
    await lab.pass(1);
    const { get } = lab.slack.people;
    deaf(lab, 'unknown');
    await lab.click('resume', 'UBEN');
    await lab.click('pause', 'UASK');
    await lab.pass(3);
    expect(lab.status().progress?.paused).toMatchObject({ by: 'UCAT' });
    lab.slack.people.get = get;
    await lab.until(() => lab.status().decisions.every(({ verdict }) => verdict), 10);
    expect(lab.status().progress?.paused).toMatchObject({ by: 'UASK' });
  });

  it('is asked about again within seconds, however long the chat says to wait', async () => {
    const lab = new Lab();
    lab.start();
    await lab.ask('shift reviews v3 50');
    const { get } = lab.slack.people;
    deaf(lab, 'limited');
    await lab.click('approve', 'UBEN');
    await lab.pass(1);
    lab.slack.people.get = get;
    await lab.until(() => lab.status().approvals.length === 1, 12);
  });
});
