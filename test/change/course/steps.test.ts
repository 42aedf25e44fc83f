/** A shift by steps: its way from first to last, and what its card shows of it. */
import { describe, expect, it } from 'vitest';
import { BAD, begun, GOOD, LINE, shares, step } from './begun.ts';
import { Lab } from './lab.ts';

describe('a shift by steps', () => {
  it('goes through each step in its time, and is proven at the last', async () => {
    const lab = await begun();
    const began = lab.sim.now;
    expect(lab.weights()).toEqual({ v1: 95, v3: 5 });
    await lab.pass(110);
    expect(lab.weights()).toEqual({ v1: 95, v3: 5 });
    await lab.until(() => step(lab) === 1, 30);
    expect(lab.weights()).toEqual({ v1: 75, v3: 25 });
    await lab.until(() => lab.phase() === 'Verified', 3_600);
    expect(lab.sim.now - began).toBeGreaterThan(8 * 60_000);
    expect(lab.sim.now - began).toBeLessThan(8.5 * 60_000);
    expect(shares(lab)).toEqual([5, 25, 50, 100]);
    expect(lab.status().history.map(({ phase }) => phase)).toEqual([
      'Requested',
      'Planned',
      'Approved',
      'Applying',
      'Progressing',
      'Applied',
      'Verified',
    ]);
  });

  it('is approved once, for all steps: its digest names each of them, the gates and the time', async () => {
    const lab = await begun();
    const { plan, approvals } = lab.status();
    expect(approvals).toMatchObject([{ user: 'UBEN', digest: plan?.digest }]);
    const digests = new Set<string | undefined>([plan?.digest]);
    for (const line of [
      'shift reviews v3 5,25,100 --every 2m --gate errors<1% --gate p95<500ms',
      'shift reviews v3 5,25,50,100 --every 3m --gate errors<1% --gate p95<500ms',
      'shift reviews v3 5,25,50,100 --every 2m --gate errors<2% --gate p95<500ms',
      'shift reviews v3 5,25,50,100 --every 2m --gate errors<1%',
      `${LINE} --for 2h`,
    ]) {
      const other = await begun(GOOD, line);
      digests.add(other.status().plan?.digest);
    }
    expect(digests.size).toBe(6);
  });

  it('writes over what its own step left, in as many writes as it has steps, and reads nothing', async () => {
    const lab = new Lab();
    lab.metrics = GOOD;
    const bases: (string | undefined)[] = [];
    lab.onWrite = ({ before }) => void bases.push(before?.metadata.resourceVersion);
    await lab.begin(LINE);
    await lab.until(() => lab.phase() === 'Verified', 3_600);
    const results = lab.api.commits.map(({ result }) => result?.metadata.resourceVersion);
    expect(bases).toHaveLength(4);
    expect(bases.slice(1)).toEqual(results.slice(0, 3));
  });

  it('leaves out the steps that are there already', async () => {
    const lab = await begun();
    await lab.until(() => step(lab) === 1, 3_600);
    await lab.click('abort', 'UASK');
    await lab.until(() => lab.phase() === 'Reverted');
    await lab.begin('shift reviews v3 25', 'change-2');
    await lab.until(() => lab.phase('change-2') === 'Verified');
    await lab.begin('shift reviews v3 25,100 --every 1m', 'change-3');
    await lab.until(() => lab.phase('change-3') === 'Verified');
    expect(lab.status('change-3').plan?.rollout).toBeUndefined();
  });

  it('of which one step is left has that judged', async () => {
    const lab = await begun(GOOD, 'shift reviews v3 25');
    await lab.until(() => lab.phase() === 'Verified');
    await lab.begin('shift reviews v3 25,100 --every 1m --gate errors<1%', 'change-2');
    expect(lab.status('change-2').plan?.rollout?.steps.map(({ percent }) => percent)).toEqual([100]);
    lab.metrics = BAD;
    await lab.until(() => lab.phase('change-2') === 'Reverted');
    expect(lab.weights()).toEqual({ v1: 75, v3: 25 });
  });

  it('whose last step is there already is refused: there is nothing to do', async () => {
    const lab = await begun(GOOD, 'shift reviews v3 50');
    await lab.until(() => lab.phase() === 'Verified');
    await lab.ask('shift reviews v3 10,50 --every 1m', 'change-2');
    expect(lab.status('change-2')).toMatchObject({
      phase: 'Refused',
      message: 'It gets 50 % already: no step leads further.',
    });
  });

  it('without gates goes by its time alone, and holds no last step', async () => {
    const lab = await begun({}, 'shift reviews v3 10,100 --every 1m');
    const began = lab.sim.now;
    await lab.until(() => lab.phase() === 'Verified');
    expect(lab.sim.now - began).toBeLessThan(75_000);
    expect(shares(lab)).toEqual([10, 100]);
  });

  it('makes what is missing with its first step, and takes that away when it goes back', async () => {
    const lab = await begun(GOOD, 'shift ratings v1 50,100 --every 1m --gate errors<1%');
    expect(lab.phase()).toBe('Progressing');
    expect(lab.live('ratings')).toBeDefined();
    await lab.click('abort', 'UASK');
    await lab.until(() => lab.phase() === 'Reverted');
    expect(lab.live('ratings')).toBeUndefined();
    expect(lab.live('ratings', 'DestinationRule')).toBeUndefined();
  });

  it('that is done is undone as a whole', async () => {
    const lab = await begun();
    const before = structuredClone(lab.api.commits[0]?.write.before?.spec);
    await lab.until(() => lab.phase() === 'Verified', 3_600);
    await lab.begin('undo change-1', 'undo-1');
    await lab.until(() => lab.phase() === 'Undone');
    expect(lab.live()?.spec).toEqual(before);
  });

  it('cannot be undone while it is under way: Abort is for that', async () => {
    const lab = await begun();
    await lab.ask('undo change-1', 'undo-1');
    expect(lab.phase('undo-1')).toBe('Refused');
    expect(JSON.stringify(lab.status('undo-1').findings)).toContain('press Abort on its card');
  });
});

describe('the card', () => {
  it('shows what is to be approved: every step with its time and gates', async () => {
    const lab = new Lab();
    lab.start();
    await lab.ask(LINE);
    const shown = lab.shown();
    for (const said of [
      '5 % to v3',
      '25 % to v3',
      '50 % to v3',
      '100 % to v3',
      'held for 2 min',
      'errors below 1 %',
      'p95 below 500 ms',
    ])
      expect(shown).toContain(said);
  });

  it('is redrawn as it goes, but not more often than a chat bears', async () => {
    const lab = await begun();
    let drawn = 0;
    const update = lab.slack.update.bind(lab.slack);
    lab.slack.update = (posted, view) => {
      drawn++;
      update(posted, view);
    };
    await lab.pass(100);
    // Slack takes fifty edits a minute, of all cards together.
    expect(drawn).toBeGreaterThan(3);
    expect(drawn).toBeLessThan(8);
    const lines = lab.card()!.view.parts.filter(({ kind }) => kind === 'lines');
    expect(lines).toMatchObject([
      { title: 'Errors of v3', unit: '%', series: [{ name: 'v3' }, { name: 'limit' }] },
      { title: 'p95 of v3', unit: 'ms', series: [{ name: 'v3' }, { name: 'limit' }] },
    ]);
    expect(lab.card()!.view.text).toContain('step 1 of 4 (5 %)');
  });

  it('keeps its status small over a long way', async () => {
    const lab = await begun(GOOD, 'shift reviews v3 5,10,20,30,40,50,60,70,80,100 --every 4m --gate errors<1%');
    await lab.until(() => lab.phase() === 'Verified', 3_600);
    expect(JSON.stringify(lab.status()).length).toBeLessThan(60_000);
  }, 60_000);
});
