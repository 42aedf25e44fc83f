/** A shift by steps: each step judged, held, paused, taken back, and gone on with by whichever replica is there. */
import { describe, expect, it } from 'vitest';
import { ClusterError } from '../../../src/ports.ts';
import { Lab } from './lab.ts';

const LINE = 'shift reviews v3 5,25,50,100 --every 2m --gate errors<1% --gate p95<500ms';
const GOOD = { v1: { rate: 90, errors: 0, p95: 40 }, v3: { rate: 10, errors: 0.001, p95: 50 } };
const BAD = { v1: { rate: 90, errors: 0, p95: 40 }, v3: { rate: 10, errors: 0.2, p95: 50 } };
const SLOW = { v1: { rate: 90, errors: 0, p95: 40 }, v3: { rate: 10, errors: 0, p95: 900 } };
const BEFORE = { v1: 100 };

async function begun(metrics: Lab['metrics'] = GOOD, line = LINE): Promise<Lab> {
  const lab = new Lab();
  lab.metrics = metrics;
  await lab.begin(line);
  return lab;
}

const step = (lab: Lab) => lab.status().progress?.step;
/** Writes of reviews' VirtualService by which it got another share. */
const shares = (lab: Lab) =>
  lab.api.commits.flatMap(({ result }) => {
    const found = JSON.stringify(result?.spec).match(/"v3"},"weight":(\d+)/);
    return found ? [Number(found[1])] : [];
  });

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
});

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
    expect(lab.buttons()).toEqual([]);
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
    const first = lab.replicas[0]!;
    lab.onWrite = () => {
      lab.kill(first);
      return undefined;
    };
    await lab.until(() => first.dead, 3_600);
    lab.onWrite = () => undefined;
    expect(lab.weights()).toEqual({ v1: 75, v3: 25 });
    expect(step(lab)).toBe(0);
    lab.start(-30_000);
    await lab.until(() => lab.phase() === 'Verified', 3_600);
    expect(shares(lab)).toEqual([5, 25, 50, 100]);
  });

  it('that is killed then, and the change is aborted: the step nobody recorded goes back too', async () => {
    const lab = await begun();
    const first = lab.replicas[0]!;
    lab.onWrite = () => {
      lab.kill(first);
      return undefined;
    };
    await lab.until(() => first.dead, 3_600);
    lab.onWrite = () => undefined;
    lab.start();
    await lab.pass(1);
    await lab.click('abort', 'UASK');
    await lab.until(() => lab.phase() === 'Reverted');
    expect(lab.weights()).toEqual(BEFORE);
  });

  it('that is killed on the way back is followed by another, which finishes it', async () => {
    const lab = await begun();
    const first = lab.replicas[0]!;
    lab.onWrite = () => {
      lab.kill(first);
      return undefined;
    };
    await lab.click('abort', 'UASK');
    await lab.until(() => first.dead);
    lab.onWrite = () => undefined;
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
    expect(drawn).toBeGreaterThan(8);
    expect(drawn).toBeLessThan(17);
    const lines = lab.card()!.view.parts.filter(({ kind }) => kind === 'lines');
    expect(lines).toMatchObject([
      { title: 'Errors of v3', unit: '%', series: [{ name: 'v3' }, { name: 'limit' }] },
      { title: 'p95 of v3', unit: 'ms', series: [{ name: 'v3' }, { name: 'limit' }] },
    ]);
    expect(lab.card()!.view.text).toContain('step 1 of 4 (5 %)');
  });

  it('keeps its status small over a long way', async () => {
    const lab = await begun(GOOD, 'shift reviews v3 5,10,20,30,40,50,60,70,80,100 --every 10m --gate errors<1%');
    await lab.until(() => lab.phase() === 'Verified', 7_200);
    expect(JSON.stringify(lab.status()).length).toBeLessThan(60_000);
  });
});
