/** A shift by steps through refusals, lost answers, a store that somebody changed, and killed replicas. */
import { describe, expect, it } from 'vitest';
import { ClusterError } from '../../../src/ports.ts';
import { BEFORE, begun, GOOD, LINE, shares, step } from './begun.ts';
import { Lab } from './lab.ts';

describe('the store', () => {
  it('in which somebody changed a step: it is not written', async () => {
    const lab = await begun();
    await lab.pass(60);
    const change = structuredClone(lab.change());
    const [, second] = change.status!.plan!.rollout!.steps;
    second!.objects = JSON.parse(JSON.stringify(second!.objects).replace('"weight":25', '"weight":99'));
    lab.api.saveStatus(change);
    await lab.until(() => lab.phase() === 'Failed', 3_600);
    expect(shares(lab)).toEqual([5]);
    expect(lab.status().message).toContain('the stored plan is not the one that was approved');
  });

  it('in which somebody changed what was before: that is not written on the way back', async () => {
    const lab = await begun();
    await lab.pass(60);
    const change = structuredClone(lab.change());
    const [write] = change.status!.plan!.writes;
    write!.before!.spec = { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'elsewhere' } }] }] };
    lab.api.saveStatus(change);
    await lab.pass(1);
    await lab.click('abort', 'UASK');
    await lab.until(() => lab.phase() === 'Failed');
    expect(lab.weights()).toEqual({ v1: 95, v3: 5 });
  });
});

describe('the API server', () => {
  it('that refuses a step: back to what was before, with its words', async () => {
    const lab = await begun();
    lab.api.webhook = ({ after }, dryRun) =>
      !dryRun && JSON.stringify(after?.spec).includes('"weight":25') ? 'denied by policy' : undefined;
    await lab.until(() => lab.phase() === 'Reverted', 3_600);
    expect(lab.weights()).toEqual(BEFORE);
    expect(lab.status().message).toBe(
      'Step 2 of 4 (25 %) was not taken: VirtualService default/reviews: denied by policy.',
    );
  });

  it('that is away for the way back is asked until it answers', async () => {
    const lab = await begun();
    lab.onWrite = () => {
      throw new ClusterError('busy', 'too many requests');
    };
    await lab.click('abort', 'UASK');
    await lab.pass(90);
    expect(lab.phase()).toBe('Reverting');
    lab.onWrite = () => undefined;
    await lab.until(() => lab.phase() === 'Reverted', 60);
    expect(lab.weights()).toEqual(BEFORE);
  });

  it('whose answer to a step is lost has it written once', async () => {
    const lab = await begun();
    let lost = 0;
    lab.onWrite = () => (lost++ === 0 ? 'lost' : undefined);
    await lab.until(() => step(lab) === 1, 3_600);
    expect(shares(lab)).toEqual([5, 25]);
  });
});

describe('a replica', () => {
  it('that is killed in mid-step is followed by another, which goes on where it was', async () => {
    const lab = await begun();
    await lab.until(() => step(lab) === 1, 3_600);
    await lab.pass(60);
    lab.kill(lab.replicas[0]!);
    lab.start(30_000);
    await lab.until(() => lab.phase() === 'Verified', 3_600);
    expect(shares(lab)).toEqual([5, 25, 50, 100]);
    expect(lab.slack.messages.map(({ key }) => key.slot)).toEqual(['card', 'receipt']);
  });

  it('that is killed between a step’s write and its record: no step is taken twice', async () => {
    const lab = await begun();
    await lab.killAtWrite();
    expect(lab.weights()).toEqual({ v1: 75, v3: 25 });
    expect(step(lab)).toBe(0);
    lab.start(-30_000);
    await lab.until(() => lab.phase() === 'Verified', 3_600);
    expect(shares(lab)).toEqual([5, 25, 50, 100]);
  });

  it('that is killed then, and the change is aborted: the step nobody recorded goes back too', async () => {
    const lab = await begun();
    await lab.killAtWrite();
    lab.start();
    await lab.pass(1);
    await lab.click('abort', 'UASK');
    await lab.until(() => lab.phase() === 'Reverted');
    expect(lab.weights()).toEqual(BEFORE);
  });

  it('that is killed on the way back is followed by another, which finishes it', async () => {
    const lab = await begun();
    await lab.killAtWrite(() => lab.click('abort', 'UASK'));
    lab.start();
    await lab.until(() => lab.phase() === 'Reverted');
    expect(lab.weights()).toEqual(BEFORE);
  });

  it('beside others takes each step once', async () => {
    const lab = new Lab();
    lab.metrics = GOOD;
    for (const skew of [0, 20_000, -20_000]) lab.start(skew);
    await lab.begin(LINE);
    await lab.until(() => lab.phase() === 'Verified', 3_600);
    expect(shares(lab)).toEqual([5, 25, 50, 100]);
  });
});
