/** A version that no pod answers any more: its requests fail, and the proxies count them for no version at all. */
import { describe, expect, it } from 'vitest';
import { withUnanswered } from '../../../src/change/course/unanswered.ts';
import { refOf } from '../../../src/object.ts';
import { BEFORE, begun, shares, step } from './begun.ts';
import type { Lab } from './lab.ts';

const GATED = 'shift reviews v3 25,50 --every 10m --gate errors<1%';
const UNGATED = 'shift reviews v3 25,50 --every 10m';
const FINE = { v1: { rate: 75, errors: 0 }, v3: { rate: 25, errors: 0 } };

/** What 5 minutes hold of which v3 answered nothing in the last two. */
const DYING = { v1: { rate: 75, errors: 0 }, v3: { rate: 15, errors: 0 }, unknown: { rate: 10, errors: 1 } };
const DEAD = { v1: { rate: 75, errors: 0 }, unknown: { rate: 25, errors: 1 } };

/** Or ready again. */
function unready(lab: Lab, ready = false): void {
  for (const pod of [...lab.api.objects.values()]) {
    if (pod.kind !== 'Pod' || pod.metadata.labels?.app !== 'reviews' || pod.metadata.labels.version !== 'v3') continue;
    const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }];
    lab.api.put(refOf(pod), { ...pod, status: { ...(pod.status as object), conditions } });
  }
}

describe('a version that no pod answers', () => {
  it.each([
    ['has lost its pods a while ago', DYING],
    ['never had an answer counted', DEAD],
  ])('breaks its gate where it %s, by the requests that reached no pod', async (_, told) => {
    const lab = await begun(FINE, GATED);
    await lab.pass(8 * 60);
    lab.metrics = told;
    await lab.until(() => lab.phase() === 'Reverted', 30);
    expect(lab.weights()).toEqual(BEFORE);
    expect(shares(lab)).not.toContain(50);
    expect(lab.status().message).toMatch(/errors \d+ % of \d+ requests \(must be below 1 %\); \d+ of its requests/);
  });

  it('is not gone on with where only few requests were lost, or no gate counts errors', async () => {
    for (const [line, unknown] of [
      [GATED, { rate: 0.05, errors: 1 }],
      ['shift reviews v3 25,50 --every 10m --gate p95<500ms', { rate: 10, errors: 1 }],
    ] as const) {
      const lab = await begun(
        { v1: { rate: 75, errors: 0, p95: 20 }, v3: { rate: 25, errors: 0, p95: 20 }, unknown },
        line,
      );
      await lab.pass(12 * 60);
      expect(step(lab)).toBe(0);
      expect(lab.phase()).toBe('Progressing');
      expect(lab.status().progress?.judged).toMatchObject({ verdict: 'inconclusive', says: /reached no pod/ });
    }
  });

  it('is not blamed for requests that reached no pod before it either', async () => {
    const before = { v1: { rate: 90, errors: 0 }, unknown: { rate: 10, errors: 1 } };
    const lab = await begun(
      { v1: { rate: 65, errors: 0 }, v3: { rate: 25, errors: 0 }, unknown: before.unknown },
      GATED,
    );
    lab.before = before;
    await lab.until(() => step(lab) === 1, 11 * 60);
    expect(lab.status().progress?.past[0]?.says).toMatch(/^errors 0 % of 7500 requests/);
  });

  it('goes back before its next step where the mesh has no ready pod of it, whatever was measured', async () => {
    const lab = await begun(FINE, GATED);
    await lab.pass(9 * 60);
    unready(lab);
    await lab.until(() => lab.phase() === 'Reverted', 120);
    expect(lab.weights()).toEqual(BEFORE);
    expect(shares(lab)).toEqual([25]);
    expect(lab.status().message).toMatch(
      /Step 1 of 2 \(25 %\) could not be left: no ready pod of reviews\..* in subset v3/,
    );
  });

  it('holds its next step where there are no gates, says why, and goes on when a pod is ready', async () => {
    const lab = await begun(FINE, UNGATED);
    await lab.pass(9 * 60);
    unready(lab);
    await lab.pass(5 * 60);
    expect(step(lab)).toBe(0);
    expect(lab.shown()).toContain('Held in step 1 of 2 (25 %)');
    expect(lab.shown()).toContain('no ready pod of reviews');
    unready(lab, true);
    await lab.until(() => step(lab) === 1 || lab.phase() !== 'Progressing', 30);
    expect(shares(lab)).toEqual([25, 50]);
  });
});

describe('requests that reached no pod', () => {
  it('count as failures of the version by as much as they grew', () => {
    const now = {
      v1: { rate: 60, errors: 0 },
      v3: { rate: 20, errors: 0.1, p95: 9 },
      unknown: { rate: 20, errors: 1 },
    };
    const { byVersion, lost } = withUnanswered(now, 100, 'v3', { v1: { rate: 95 }, unknown: { rate: 5, errors: 1 } });
    expect(lost).toBe(1500);
    expect(byVersion.v3).toEqual({ rate: 35, errors: expect.closeTo(17 / 35), p95: 9 });
    expect(byVersion.unknown).toEqual({ rate: 5, errors: 1 });
  });

  it('count for nobody where they were answered, or are as many as before but for chance', () => {
    const answered = { v3: { rate: 1, errors: 0 }, unknown: { rate: 20, errors: 0 } };
    expect(withUnanswered(answered, 100, 'v3', undefined)).toEqual({ byVersion: answered, lost: 0 });
    const steady = { v3: { rate: 9, errors: 0 }, unknown: { rate: 1.1, errors: 1 } };
    const before = { v1: { rate: 9 }, unknown: { rate: 1, errors: 1 } };
    expect(withUnanswered(steady, 60, 'v3', before)).toEqual({ byVersion: steady, lost: 0 });
  });
});
