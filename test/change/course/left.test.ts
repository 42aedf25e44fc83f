/** What a change left in the mesh that could neither go on nor back: it is on record, and `undo` takes it back. */
import { describe, expect, it } from 'vitest';
import { type KubeObject, refOf } from '../../../src/object.ts';
import type { Planning } from '../../../src/plan.ts';
import { BAD, BEFORE, begun, GOOD, step } from './begun.ts';
import { Lab } from './lab.ts';

async function undone(lab: Lab): Promise<void> {
  await lab.pass(5);
  expect(lab.buttons()).toEqual(['undo']);
  await lab.begin('undo change-1', 'undo-1');
  await lab.until(() => lab.phase() === 'Undone', 60);
  await lab.until(() => lab.phase('undo-1') === 'Verified', 60);
}

/** Reviews and ratings, each by the same steps, as one change. */
function both(lab: Lab): void {
  const plan = lab.plan.bind(lab);
  lab.plan = (change, world): Planning => {
    if (change.spec.verb !== 'shift') return plan(change, world);
    const of = (service: string, version: string) =>
      plan({ ...change, spec: { ...change.spec, arguments: { ...change.spec.arguments, service, version } } }, world);
    const [one, two] = [of('reviews', 'v3'), of('ratings', 'v2')];
    if (one.kind !== 'plan' || two.kind !== 'plan') return one.kind === 'plan' ? two : one;
    const steps = one.plan.rollout!.steps.map((each, at) => ({
      ...each,
      objects: [...each.objects, ...two.plan.rollout!.steps[at]!.objects],
    }));
    const rollout = { ...one.plan.rollout!, steps };
    return { kind: 'plan', plan: { ...one.plan, writes: [...one.plan.writes, ...two.plan.writes], rollout } };
  };
}

const weightOf = (object: KubeObject | undefined, weight: number) =>
  JSON.stringify(object?.spec ?? {}).includes(`${weight}`);

describe('undo', () => {
  it('takes back a step that stopped, once nobody else’s work would be lost', async () => {
    const lab = await begun();
    await lab.until(() => step(lab) === 1, 3_600);
    const ours = lab.live()!;
    lab.edit(object => ({ ...object, spec: { ...object.spec, http: [] } }));
    await lab.until(() => lab.phase() === 'Failed', 30);
    await lab.pass(5);
    await lab.ask('undo change-1', 'undo-0');
    expect(JSON.stringify(lab.status('undo-0').findings)).toContain('undo-moved');
    lab.edit(object => ({ ...object, spec: ours.spec! }));
    await undone(lab);
    expect(lab.weights()).toEqual(BEFORE);
  });

  it('takes back what a change could not take back itself', async () => {
    const lab = await begun();
    await lab.until(() => step(lab) === 1, 3_600);
    lab.api.webhook = () => 'a policy denies it';
    lab.metrics = BAD;
    await lab.until(() => lab.phase() === 'Failed', 30);
    expect(lab.status().message).toMatch(
      /Not taken back: a policy denies it\. What is there now was left as it is: look at it \(kubectl -n default get VirtualService reviews -o yaml\), then press Undo, or shift to what you want/,
    );
    lab.api.webhook = undefined;
    await undone(lab);
    expect(lab.weights()).toEqual(BEFORE);
    await lab.until(() => lab.shown('change-1', 'receipt').includes('undo-1'), 60);
    expect(lab.shown('change-1', 'receipt')).not.toContain('To take it back');
  });

  it('takes back what is partly written', async () => {
    const lab = new Lab();
    lab.start();
    await lab.ask('shift details v1 100');
    let refused = false;
    lab.api.webhook = (write, dryRun) => {
      refused ||= write.ref.kind === 'VirtualService' && !dryRun;
      return refused && !dryRun ? 'denied' : undefined;
    };
    await lab.click('approve', 'UBEN');
    await lab.until(() => lab.phase() === 'Failed', 30);
    await lab.pass(5);
    expect(lab.live('details', 'DestinationRule')).toBeDefined();
    expect(lab.shown()).toContain('PARTLY WRITTEN: DestinationRule default/details.');
    lab.api.webhook = undefined;
    await undone(lab);
    expect(lab.live('details', 'DestinationRule')).toBeUndefined();
  });
});

describe('a step of two objects', () => {
  async function twofold(): Promise<Lab> {
    const lab = new Lab();
    both(lab);
    lab.metrics = GOOD;
    await lab.begin('shift reviews v3 5,25 --every 2m --gate errors<1%');
    expect(lab.phase()).toBe('Progressing');
    return lab;
  }

  it('that stops at the second says where the first is, and is undone from there', async () => {
    const lab = await twofold();
    const before = lab.live('ratings')?.metadata.resourceVersion;
    lab.onWrite = write => {
      if (write.ref.name === 'ratings') return undefined;
      lab.onWrite = () => undefined;
      const ratings = lab.live('ratings')!;
      lab.edit(object => ({ ...object, spec: { ...object.spec, http: [] } }), 'ratings');
      lab.sim.after(60_000, () => lab.api.put(refOf(ratings), ratings));
      return undefined;
    };
    await lab.until(() => lab.phase() === 'Failed', 300);
    expect(lab.weights()).toEqual({ v1: 75, v3: 25 });
    expect(lab.status().message).toMatch(
      /^Stopped at 1 of 2 \(5 %\), VirtualService default\/reviews at 2 of 2 \(25 %\) already: VirtualService default\/ratings was changed/,
    );
    const { resourceVersion } = lab.live()!.metadata;
    expect(lab.status().written.find(({ ref }) => ref.name === 'reviews')).toMatchObject({ resourceVersion });
    expect(before).toBeDefined();
    await lab.pass(65);
    await undone(lab);
    expect(lab.weights()).toEqual(BEFORE);
    expect(weightOf(lab.live('ratings'), 25)).toBe(false);
  });

  it('whose second is refused takes the first back from where it is', async () => {
    const lab = await twofold();
    lab.api.webhook = (write, dryRun) =>
      !dryRun && write.ref.name === 'ratings' && weightOf(write.after, 25) ? 'denied' : undefined;
    await lab.until(() => lab.phase() === 'Reverted', 300);
    expect(lab.weights()).toEqual(BEFORE);
  });
});
