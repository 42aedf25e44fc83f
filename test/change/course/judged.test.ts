/** The gates of a shift by steps in the life of a change: broken, not to be judged, watched. */
import { describe, expect, it } from 'vitest';
import { BAD, BEFORE, begun, GOOD, step } from './begun.ts';
import type { Lab } from './lab.ts';

const SLOW = { v1: { rate: 90, errors: 0, p95: 40 }, v3: { rate: 10, errors: 0, p95: 900 } };

describe('a gate', () => {
  it.each([
    ['errors', BAD, /errors 20 % of \d+ requests \(must be below 1 %\)/],
    ['latency', SLOW, /p95 900 ms \(must be below 500 ms\)/],
  ])('that breaks by %s takes everything back at once, and says why', async (_, metrics, why) => {
    const lab = await begun();
    await lab.until(() => step(lab) === 1, 3_600);
    await lab.pass(60);
    lab.metrics = metrics;
    const since = lab.sim.now;
    await lab.until(() => lab.weights().v3 === undefined, 10);
    expect(lab.weights()).toEqual(BEFORE);
    expect(lab.sim.now - since).toBeLessThan(2_000);
    await lab.until(() => lab.phase() === 'Reverted');
    expect(lab.status().message).toMatch(why);
    expect(lab.status().message).toContain('Step 2 of 4 (25 %)');
    await lab.pass(30);
    expect(lab.shown()).toContain('Back to what was before.');
    expect(lab.shown('change-1', 'receipt')).toContain('Gone back');
    expect(lab.buttons()).toEqual([]);
    expect(lab.live()?.metadata.annotations ?? {}).toEqual({});
  });

  it('breaks in the last step too', async () => {
    const lab = await begun();
    await lab.until(() => step(lab) === 3, 3_600);
    lab.metrics = BAD;
    await lab.until(() => lab.phase() === 'Reverted');
    expect(lab.weights()).toEqual(BEFORE);
  });

  it('is watched while the change is paused', async () => {
    const lab = await begun();
    await lab.pass(60);
    await lab.click('pause', 'UBEN');
    await lab.pass(30);
    lab.metrics = BAD;
    await lab.until(() => lab.phase() === 'Reverted');
    expect(lab.weights()).toEqual(BEFORE);
  });

  it('counts only requests since its step began, and none of more than five minutes ago', async () => {
    const lab = await begun(GOOD, 'shift reviews v3 5,25 --every 6m --gate errors<1%');
    await lab.pass(60);
    expect(Math.max(...lab.windows)).toBeLessThanOrEqual(60);
    await lab.until(() => step(lab) === 1, 3_600);
    expect(Math.max(...lab.windows)).toBe(300);
    lab.windows.length = 0;
    await lab.pass(20);
    expect(Math.max(...lab.windows)).toBeLessThanOrEqual(21);
  });

  it('of a quiet version counts the requests of the whole step, and asks for them only then', async () => {
    const quiet = { v1: { rate: 1, errors: 0, p95: 40 }, v3: { rate: 0.06, errors: 0, p95: 50 } };
    const lab = await begun(quiet, 'shift reviews v3 5,25 --every 20m --gate errors<1%');
    await lab.pass(290);
    expect(Math.max(...lab.windows)).toBeLessThanOrEqual(290);
    await lab.until(() => step(lab) === 1, 920);
    expect(lab.status().progress?.past[0]?.says).toMatch(/^errors 0 % of 7\d requests \(below 1 %\)$/);
    expect(lab.windows.filter(window => window > 300).length).toBeLessThan(lab.windows.length / 5);
  }, 60_000);

  it.each([
    ['Prometheus is away', new Error('connect ECONNREFUSED'), /Prometheus could not be asked: connect ECONNREFUSED/],
    ['Prometheus never answers', 'never', /Prometheus does not answer/],
    ['nothing is known', {}, /no request to v3 was counted yet/],
    ['nobody asks the version', { v1: { rate: 9 } }, /no request to v3 was counted yet/],
    ['few do', { v3: { rate: 0.01, errors: 0, p95: 10 } }, /50 requests are needed to judge/],
    ['its latency is not known', { v3: { rate: 10, errors: 0 } }, /p95 not known/],
    ['an error may be chance', { v3: { rate: 0.5, errors: 0.013, p95: 9 } }, /errors 1\.3 % of \d+ requests/],
  ] as [string, Lab['metrics'], RegExp][])(
    'cannot be judged where %s: held, and gone on with',
    async (_, told, says) => {
      const lab = await begun(told);
      await lab.pass(3 * 60);
      expect(step(lab)).toBe(0);
      expect(lab.weights()).toEqual({ v1: 95, v3: 5 });
      expect(lab.status().progress).toMatchObject({ held: true, judged: { says: expect.stringMatching(says) } });
      expect(lab.shown()).toContain('Held in step 1 of 4 (5 %)');
      lab.metrics = GOOD;
      await lab.until(() => step(lab) === 1, 60);
      expect(lab.weights()).toEqual({ v1: 75, v3: 25 });
    },
  );

  it('that cannot be judged for an hour takes everything back', async () => {
    const lab = await begun({});
    await lab.pass(61 * 60);
    expect(lab.phase()).toBe('Progressing');
    await lab.until(() => lab.phase() === 'Reverted', 120);
    expect(lab.weights()).toEqual(BEFORE);
    expect(lab.status().message).toContain('could not be judged for 1 h: no request to v3 was counted yet');
  });

  it('may wait longer where somebody pauses the change', async () => {
    const lab = await begun({});
    await lab.pass(5 * 60);
    await lab.click('pause', 'UASK');
    await lab.pass(80 * 60);
    expect(lab.phase()).toBe('Progressing');
    await lab.click('resume', 'UBEN');
    await lab.pass(50 * 60);
    expect(lab.phase()).toBe('Progressing');
    await lab.until(() => lab.phase() === 'Reverted', 700);
  });

  it('is not passed by what was measured before the replica was held up', async () => {
    const lab = await begun();
    await lab.pass(100);
    // The next save takes a minute, until after the step is due.
    lab.saveTakes = 30_000;
    await lab.pass(9);
    lab.metrics = {};
    lab.saveTakes = 5;
    await lab.pass(120);
    expect(step(lab)).toBe(0);
    lab.metrics = GOOD;
    await lab.until(() => step(lab) === 1, 30);
  });
});
