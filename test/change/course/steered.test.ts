/** People who hold up a shift by steps or bring it back, and other people’s edits that stop it. */
import { describe, expect, it } from 'vitest';
import { BEFORE, begun, step } from './begun.ts';
import type { Lab } from './lab.ts';

describe('people', () => {
  it('abort: back at once, and the card and the thread say who', async () => {
    const lab = await begun();
    await lab.pass(90);
    const since = lab.sim.now;
    await lab.click('abort', 'UCAT');
    await lab.until(() => lab.weights().v3 === undefined);
    expect(lab.sim.now - since).toBeLessThan(200);
    await lab.until(() => lab.phase() === 'Reverted');
    await lab.pass(30);
    expect(lab.status().history.at(-1)).toMatchObject({ by: 'UCAT', why: 'Aborted.' });
    expect(lab.shown()).toContain('"person":"UCAT"');
  });

  it('pause and resume: nothing is written meanwhile, and it goes on at once when its time is over', async () => {
    const lab = await begun();
    await lab.pass(60);
    await lab.click('pause', 'UASK');
    await lab.until(() => lab.buttons().includes('resume'));
    await lab.pass(600);
    expect(step(lab)).toBe(0);
    expect(lab.shown()).toContain('Paused');
    await lab.click('resume', 'UBEN');
    await lab.until(() => step(lab) === 1, 30);
    expect(lab.buttons()).toEqual(['pause', 'abort']);
  });

  it.each([
    ['pause', 'UASK', true],
    ['pause', 'UBEN', true],
    ['pause', 'UOUT', false],
    ['pause', 'UGUEST', false],
    ['abort', 'UASK', true],
    ['abort', 'UCAT', true],
    ['abort', 'UOUT', false],
    ['abort', 'UNOBODY', false],
  ] as const)('%s by %s counts: %s', async (kind, user, counts) => {
    const lab = await begun();
    await lab.click(kind, user);
    await lab.until(() => lab.status().decisions.every(({ verdict }) => verdict));
    expect(lab.status().decisions.at(-1)?.verdict).toBe(counts ? 'counted' : 'refused');
    await lab.pass(10);
    if (!counts) expect(lab.whispers(user)).toHaveLength(1);
  });

  it('who asked may take back their own pause, but nobody else’s', async () => {
    const lab = await begun();
    await lab.click('pause', 'UASK');
    await lab.until(() => lab.status().progress?.paused !== null);
    await lab.click('resume', 'UASK');
    await lab.until(() => lab.status().progress?.paused === null);
    await lab.click('pause', 'UCAT');
    await lab.until(() => lab.status().progress?.paused !== null);
    await lab.click('resume', 'UASK');
    await lab.until(() => lab.whispers('UASK').length > 0);
    expect(lab.status().progress?.paused).not.toBeNull();
    expect(lab.whispers('UASK')[0]).toContain('somebody else has to approve it');
  });

  it('who asked or approved can abort though the chat knows nobody any more', async () => {
    const lab = await begun();
    lab.slack.people.clear();
    lab.slack.groups.clear();
    await lab.click('abort', 'UBEN');
    await lab.until(() => lab.phase() === 'Reverted');
    expect(lab.weights()).toEqual(BEFORE);
  });

  it('who come too late are told what became of it', async () => {
    const lab = await begun();
    await lab.click('pause', 'UBEN');
    await lab.until(() => lab.status().progress?.paused !== null);
    await lab.click('pause', 'UCAT');
    await lab.until(() => lab.whispers('UCAT').length > 0);
    expect(lab.whispers('UCAT')).toEqual(['It is paused already, by @UBEN.']);
    await lab.click('abort', 'UASK');
    await lab.until(() => lab.phase() === 'Reverted');
    expect(await lab.click('abort', 'UCAT')).toBe('Too late: this change is reverted already.');
  });
});

describe('somebody else', () => {
  const other = (lab: Lab) =>
    lab.edit(object => {
      object.spec = JSON.parse(
        JSON.stringify(object.spec).replace('"weight":95', '"weight":90').replace('"weight":5', '"weight":10'),
      );
      return object;
    });

  it('who edits the route in mid-step stops it: all is left as it is, and they are named', async () => {
    const lab = await begun();
    await lab.pass(60);
    other(lab);
    await lab.until(() => lab.phase() === 'Failed', 10);
    expect(lab.weights()).toEqual({ v1: 90, v3: 10 });
    expect(lab.status().message).toMatch(
      /^Stopped at 1 of 4 \(5 %\): VirtualService default\/reviews was changed by kubectl-edit at \d\d:\d\d UTC/,
    );
    await lab.pass(60);
    expect(lab.buttons()).toEqual(['undo']);
    expect(lab.shown('change-1', 'receipt')).toContain('kubectl-edit');
    expect(lab.shown()).not.toContain('PARTLY WRITTEN');
    await lab.pass(600);
    expect(lab.weights()).toEqual({ v1: 90, v3: 10 });
  });

  it('who edits just as it goes back stops that too: their work is not lost', async () => {
    const lab = await begun();
    await lab.pass(60);
    let edited = false;
    lab.onWrite = () => {
      if (!edited) other(lab);
      edited = true;
      return undefined;
    };
    await lab.click('abort', 'UASK');
    await lab.until(() => lab.phase() === 'Failed');
    expect(lab.weights()).toEqual({ v1: 90, v3: 10 });
    expect(lab.status().message).toMatch(
      /^Aborted\. Not taken back: VirtualService default\/reviews was changed by kubectl-edit/,
    );
  });

  it('who only labels the object stops nothing, and keeps the label, on and back', async () => {
    const lab = await begun();
    await lab.pass(60);
    lab.edit(object => ({ ...object, metadata: { ...object.metadata, labels: { team: 'shop' } } }));
    await lab.until(() => step(lab) === 1, 3_600);
    expect(lab.live()?.metadata.labels).toEqual({ team: 'shop' });
    lab.edit(object => ({
      ...object,
      metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, note: 'x' } },
    }));
    await lab.click('abort', 'UASK');
    await lab.until(() => lab.phase() === 'Reverted');
    expect(lab.weights()).toEqual(BEFORE);
    expect(lab.live()?.metadata).toMatchObject({ labels: { team: 'shop' }, annotations: { note: 'x' } });
  });

  it('who deletes the object is not undone', async () => {
    const lab = await begun();
    await lab.pass(60);
    lab.api.put(
      { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'default', name: 'reviews' },
      undefined,
    );
    await lab.until(() => lab.phase() === 'Failed', 10);
    expect(lab.live()).toBeUndefined();
    expect(lab.status().message).toContain('was deleted by somebody else');
  });
});
