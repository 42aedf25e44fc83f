/** How long a step that cannot be judged is held: an hour in which somebody looked, whatever was before. */
import { describe, expect, it } from 'vitest';
import { begun, GOOD, step } from './begun.ts';
import type { Lab } from './lab.ts';

const freeze = (lab: Lab, ms: number) => {
  const until = new Date(lab.sim.now + ms).toISOString();
  lab.freezes = [
    {
      apiVersion: 'meshbot.dev/v1alpha1',
      kind: 'MeshFreeze',
      metadata: { name: 'freeze-1', namespace: 'meshbot', uid: 'f1' },
      spec: { namespace: 'default', until, by: { team: 'T1', user: 'UCAT' } },
    },
  ];
};

describe('the patience with a step that cannot be judged', () => {
  it('does not count the time for which meshbot was away', async () => {
    const lab = await begun();
    await lab.pass(60);
    lab.kill(lab.replicas[0]!);
    await lab.pass(70 * 60);
    lab.start();
    await lab.until(() => step(lab) === 1, 60);
    expect(lab.weights()).toEqual({ v1: 75, v3: 25 });
  });

  it('begins anew with the replica that takes it over', async () => {
    const lab = await begun({});
    await lab.pass(30 * 60);
    lab.kill(lab.replicas[0]!);
    await lab.pass(70 * 60);
    lab.start();
    await lab.until(() => lab.status().claim?.holder === 'replica-2', 60);
    await lab.pass(59 * 60);
    expect(lab.phase()).toBe('Progressing');
    await lab.until(() => lab.phase() === 'Reverted', 120);
    expect(lab.status().message).toContain('could not be judged for 1 h');
  });

  it('does not count a long freeze, and the card says until when', async () => {
    const lab = await begun();
    freeze(lab, 72 * 60_000);
    await lab.pass(71 * 60);
    lab.metrics = undefined;
    await lab.pass(120);
    expect(lab.phase()).toBe('Progressing');
    const since = lab.status().progress?.unjudgedSince;
    expect(lab.sim.now - since!).toBeLessThan(61_000);
    expect(lab.shown()).toContain(`"time":${since! + 3_600_000}`);
    lab.metrics = GOOD;
    await lab.until(() => step(lab) === 1, 60);
    expect(lab.status().progress?.unjudgedSince).toBeUndefined();
  });
});
