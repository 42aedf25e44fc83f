/** A first write that a killed replica made and never recorded, and that nobody would make any more. */
import { describe, expect, it } from 'vitest';
import { refOf } from '../../../src/object.ts';
import { POLICY } from '../world/town.ts';
import { BAD, GOOD } from './begun.ts';
import { Lab } from './lab.ts';

const frozen = (lab: Lab) => {
  lab.freezes = [
    {
      apiVersion: 'meshbot.dev/v1alpha1',
      kind: 'MeshFreeze',
      metadata: { name: 'freeze-1', namespace: 'meshbot', uid: 'f1' },
      spec: {
        namespace: 'default',
        until: new Date(lab.sim.now + 7_200_000).toISOString(),
        by: { team: 'T1', user: 'UCAT' },
      },
    },
  ];
};

const stricter = (lab: Lab) => {
  lab.policy = { ...POLICY, rules: POLICY.rules.map(rule => ({ ...rule, approvals: 2 })) };
};

async function asked(line: string): Promise<Lab> {
  const lab = new Lab();
  lab.metrics = GOOD;
  lab.start();
  await lab.ask(line);
  return lab;
}

/** Approved; its replica dies once the first write is made, and another starts when `changed` is so. */
async function survived(lab: Lab, changed: (lab: Lab) => void, name = 'change-1'): Promise<void> {
  const first = lab.replicas[0]!;
  lab.onWrite = () => {
    lab.kill(first);
    return undefined;
  };
  void lab.click('approve', 'UBEN', name).catch(() => {});
  await lab.until(() => first.dead, 60);
  lab.onWrite = () => undefined;
  changed(lab);
  lab.start();
}

describe('a write that nobody recorded', () => {
  it.each([
    ['a freeze came', frozen],
    ['the policy asks for more', stricter],
  ])('is found though %s: it is proven, and on record', async (_, changed) => {
    const lab = await asked('shift reviews v3 50');
    await survived(lab, changed);
    await lab.until(() => lab.phase() === 'Verified', 300);
    expect(lab.weights()).toEqual({ v1: 50, v3: 50 });
    const { resourceVersion } = lab.live()!.metadata;
    expect(lab.status().written).toMatchObject([{ ref: { name: 'reviews' }, resourceVersion, warnings: [] }]);
  });

  it('keeps its time limit under a freeze', async () => {
    const lab = await asked('shift reviews v3 50 --for 10m');
    await survived(lab, frozen);
    await lab.until(() => lab.phase() === 'Lasting', 300);
    await lab.until(() => lab.phase() === 'Reverted', 900);
    expect(lab.weights()).toEqual({ v1: 100 });
  });

  it('is watched by its gates where a freeze came', async () => {
    const lab = await asked('shift reviews v3 5,50,100 --every 2m --gate errors<1%');
    await survived(lab, frozen);
    await lab.until(() => lab.phase() === 'Progressing', 60);
    lab.metrics = BAD;
    await lab.until(() => lab.phase() === 'Reverted', 60);
    expect(lab.weights()).toEqual({ v1: 100 });
  });

  it('and that took an object away is on record too', async () => {
    const lab = await asked('mirror ratings v1 50');
    await lab.click('approve', 'UBEN');
    await lab.until(() => lab.phase() === 'Verified', 300);
    await lab.ask('undo change-1', 'change-2');
    expect(lab.status('change-2').plan?.writes[0]?.after).toBeUndefined();
    await survived(lab, frozen, 'change-2');
    await lab.until(() => lab.phase('change-2') === 'Verified', 300);
    expect(lab.status('change-2').written[0]).toMatchObject({ resourceVersion: '' });
  });

  it('and that somebody has changed since is on record all the same', async () => {
    const lab = await asked('shift reviews v3 50');
    await survived(lab, () => {
      frozen(lab);
      lab.edit(object => ({ ...object, spec: { ...object.spec, exportTo: ['.'] } }));
    });
    await lab.until(() => lab.status().history.some(({ phase }) => phase === 'Applied'), 60);
    expect(lab.status().written[0]?.warnings).toEqual(['somebody else changed it again since']);
  });

  it('is not taken for made where it is not there: under a freeze nothing is written', async () => {
    const lab = await asked('shift reviews v3 50');
    await survived(lab, () => {
      frozen(lab);
      const before = lab.status().plan!.writes[0]!.before!;
      lab.api.put(refOf(before), before);
    });
    await lab.until(() => lab.status().history.some(({ phase }) => phase === 'Stale'), 60);
    expect(lab.status().written).toEqual([]);
    expect(lab.weights()).toEqual({ v1: 100 });
  });
});
