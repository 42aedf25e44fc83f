/** Every event in every phase: what it makes of a change, and that nothing else happens. */
import { describe, expect, it } from 'vitest';
import type { Judgement } from '../../src/change/course/gates.ts';
import { digestOf } from '../../src/change/digest.ts';
import type { ChangeStatus, Decision, MeshChange, Phase, Progress, StoredPlan } from '../../src/change/meshchange.ts';
import { endsAt, isEnd, PHASES, statusOf } from '../../src/change/phases.ts';
import { isRefusal } from '../../src/change/refusal.ts';
import { ALLOWED, type ChangeEvent, transition } from '../../src/change/transition.ts';
import { planOf, routed, serviceRef } from './world/plans.ts';
import { frozen } from './world/simulation.ts';

const NOW = 1_000_000;
const made = planOf('Send 50 % of a to v3', ['a'], [{ ref: serviceRef('a'), after: routed('a', 50) }], 50);
const PLAN: StoredPlan = { ...made, revision: 1, digest: digestOf(made), at: NOW - 10 };
const WRITTEN = { ref: serviceRef('a'), resourceVersion: '7', at: NOW, warnings: [] };

const decision = (kind: Decision['kind'], more: Partial<Decision> = {}): Decision => ({
  id: kind,
  kind,
  team: 'T1',
  user: 'UBEN',
  at: NOW - 1,
  digest: PLAN.digest,
  ...more,
});

const DECISIONS = [
  decision('approve'),
  decision('reject', { reason: 'not tonight' }),
  decision('choose', { choice: 'a' }),
  decision('pause'),
  decision('resume'),
  decision('abort'),
  decision('keep'),
];

const receipt = (verdict: 'proven' | 'not-proven') => ({
  verdict,
  summary: 'consistent with 50 %',
  sent: 40,
  seen: {},
  intervals: {},
  confidence: 99,
  expected: {},
  statuses: {},
  median: 1,
  from: '',
  at: NOW,
});

const STEPPED: StoredPlan = {
  ...PLAN,
  rollout: {
    version: 'v3',
    counted: { host: 'a.default.svc.cluster.local', version: 'v3' },
    every: 60_000,
    gates: [],
    steps: [
      { percent: 10, objects: [routed('a', 10)] },
      { percent: 50, objects: [routed('a', 50)] },
    ],
  },
};
const JUDGED: Judgement = { verdict: 'pass', says: 'errors 0 %' };
const progress = (step: number, more: Partial<Progress> = {}): Progress => ({
  step,
  began: NOW - 60_000,
  due: NOW,
  paused: null,
  held: false,
  judged: JUDGED,
  past: [],
  measured: [],
  ...more,
});
const inSteps = (step: number, more: Partial<Progress> = {}): Partial<ChangeStatus> => ({
  plan: STEPPED,
  written: [WRITTEN],
  progress: progress(step, more),
});
const LASTING: Partial<ChangeStatus> = {
  plan: { ...PLAN, lasts: 60_000 },
  written: [WRITTEN],
  receipt: receipt('proven'),
};

/** A change in a phase, with all that belongs to it and clicks of each kind waiting. */
function at(phase: Phase, more: Partial<ChangeStatus> = {}): MeshChange {
  const planned = phase !== 'Requested' && phase !== 'Choosing' && phase !== 'Refused';
  const approved = ['Approved', 'Applying', 'Applied', 'Verified', 'Failed'].includes(phase);
  const applied = ['Applied', 'Lasting', 'Verified', 'Failed'].includes(phase);
  const status: ChangeStatus = {
    phase,
    decisions: DECISIONS,
    approvals: approved ? [{ team: 'T1', user: 'UCAT', at: 1, digest: PLAN.digest }] : [],
    written: applied ? [WRITTEN] : [],
    messages: {},
    history: [{ phase: 'Requested', at: 1 }, ...(applied ? [{ phase: 'Applied' as const, at: 2 }] : [])],
    claim: { holder: 'one', term: 1 },
    ...(planned && { plan: PLAN }),
    ...((phase === 'Planned' || phase === 'Choosing') && { expiresAt: NOW + 60_000 }),
    ...(phase === 'Choosing' && {
      question: { argument: 'service', question: 'Which?', choices: [{ value: 'a', label: 'a' }] },
    }),
    ...more,
  };
  const spec = {
    verb: 'set',
    arguments: {},
    text: 'set a 50',
    requester: { team: 'T1', user: 'UASK' },
    origin: { channel: 'C1' },
  };
  const metadata = { name: 'one', namespace: 'meshbot', resourceVersion: '1' };
  return frozen({ apiVersion: 'meshbot.dev/v1alpha1', kind: 'MeshChange', metadata, spec, status });
}

/** Each event, the phases in which it may happen, and the phase after; 'same' where it stays. */
const TABLE: Record<
  ChangeEvent['type'],
  {
    event: ChangeEvent;
    from: readonly Phase[];
    to: Phase | 'same' | ((from: Phase) => Phase | 'same');
    given?: Partial<ChangeStatus>;
  }
> = {
  claimed: { event: { type: 'claimed', holder: 'two' }, from: PHASES, to: 'same' },
  beat: { event: { type: 'beat' }, from: PHASES, to: 'same' },
  released: { event: { type: 'released' }, from: PHASES, to: 'same' },
  held: {
    event: { type: 'held', why: 'slow' },
    from: ['Requested', 'Stale', 'Approved', 'Applying', 'Progressing', 'Applied', 'Reverting'],
    to: 'same',
  },
  planned: { event: { type: 'planned', plan: PLAN, expiresAt: NOW + 1 }, from: ['Requested', 'Stale'], to: 'Planned' },
  asked: {
    event: { type: 'asked', question: { argument: 's', question: '?', choices: [] }, expiresAt: NOW + 1 },
    from: ['Requested', 'Stale'],
    to: 'Choosing',
  },
  refused: { event: { type: 'refused', message: 'no', findings: [] }, from: ['Requested', 'Stale'], to: 'Refused' },
  clicked: {
    event: { type: 'clicked', decision: decision('approve', { id: 'new' }) },
    from: PHASES.filter(phase => !isEnd(phase)),
    to: 'same',
  },
  'turned-down': { event: { type: 'turned-down', decision: 'approve', why: 'no' }, from: PHASES, to: 'same' },
  told: { event: { type: 'told', decision: 'approve' }, from: PHASES, to: 'same' },
  chosen: { event: { type: 'chosen', decision: 'choose' }, from: ['Choosing'], to: 'Requested' },
  approved: { event: { type: 'approved', decision: 'approve', enough: true }, from: ['Planned'], to: 'Approved' },
  rejected: {
    event: { type: 'rejected', decision: 'reject' },
    from: ['Requested', 'Choosing', 'Planned', 'Stale'],
    to: 'Rejected',
  },
  expired: {
    event: { type: 'expired', why: 'late' },
    from: ['Requested', 'Choosing', 'Planned', 'Stale'],
    to: 'Expired',
  },
  moved: { event: { type: 'moved', why: 'edited' }, from: ['Planned', 'Approved', 'Applying'], to: 'Stale' },
  applying: { event: { type: 'applying', holder: 'one' }, from: ['Approved'], to: 'Applying' },
  wrote: { event: { type: 'wrote', index: 0, object: WRITTEN }, from: ['Applying'], to: 'same' },
  'backing-out': { event: { type: 'backing-out', why: 'no', into: 'Stale' }, from: ['Applying'], to: 'same' },
  'backed-out': {
    event: { type: 'backed-out' },
    from: ['Applying'],
    to: 'Stale',
    given: { backingOut: { why: 'no', into: 'Stale' }, written: [WRITTEN] },
  },
  failed: {
    event: { type: 'failed', message: 'no', written: [] },
    from: ['Applying', 'Progressing', 'Lasting', 'Reverting'],
    to: 'Failed',
  },
  stepped: {
    event: { type: 'stepped', step: 1, written: [WRITTEN], judged: JUDGED },
    from: ['Progressing'],
    to: 'same',
    given: inSteps(0),
  },
  observed: { event: { type: 'observed', judged: JUDGED }, from: ['Progressing'], to: 'same', given: inSteps(0) },
  completed: { event: { type: 'completed', judged: JUDGED }, from: ['Progressing'], to: 'Applied', given: inSteps(1) },
  paused: { event: { type: 'paused', decision: 'pause' }, from: ['Progressing'], to: 'same', given: inSteps(0) },
  resumed: {
    event: { type: 'resumed', decision: 'resume' },
    from: ['Progressing'],
    to: 'same',
    given: inSteps(0, { paused: { by: 'UBEN', at: 1 } }),
  },
  reverting: {
    event: { type: 'reverting', why: 'no', decision: 'abort' },
    from: ['Progressing', 'Applied', 'Lasting'],
    to: 'Reverting',
    given: { ...LASTING, progress: progress(0) },
  },
  reverted: { event: { type: 'reverted' }, from: ['Reverting'], to: 'Reverted' },
  kept: {
    event: { type: 'kept', decision: 'keep', enough: true },
    from: ['Applied', 'Lasting'],
    to: from => (from === 'Applied' ? 'same' : 'Verified'),
    given: { ...LASTING, history: [{ phase: 'Applied', at: 2 }] },
  },
  applied: { event: { type: 'applied', written: [WRITTEN] }, from: ['Applying'], to: 'Applied' },
  proved: { event: { type: 'proved', receipt: receipt('proven') }, from: ['Applied'], to: 'Verified' },
  looked: {
    event: { type: 'looked', again: { at: NOW, moved: [] } },
    from: ['Lasting', 'Verified', 'Failed'],
    to: 'same',
  },
  undone: { event: { type: 'undone', by: 'two' }, from: ['Applied', 'Lasting', 'Verified', 'Failed'], to: 'Undone' },
  drawn: { event: { type: 'drawn', messages: { card: { since: 1 } } }, from: PHASES, to: 'same' },
};

describe('an event', () => {
  for (const [type, { event, from, to: leads, given }] of Object.entries(TABLE)) {
    for (const phase of PHASES) {
      const to = typeof leads === 'function' ? leads(phase) : leads;
      const allowed = from.includes(phase);
      const outcome = !allowed ? 'is refused' : to === 'same' ? 'leaves the phase' : `leads to ${to}`;
      it(`${type} of a change that is ${phase} ${outcome}`, () => {
        const before = at(phase, given);
        const after = transition(before, event, NOW);
        expect(ALLOWED[event.type].includes(phase)).toBe(allowed);
        expect(isRefusal(after)).toBe(!allowed);
        if (isRefusal(after)) return;
        const { history } = statusOf(after);
        expect(statusOf(after).phase).toBe(to === 'same' ? phase : to);
        expect(history).toHaveLength(statusOf(before).history.length + (to === 'same' ? 0 : 1));
        if (to !== 'same') expect(history.at(-1)).toMatchObject({ phase: to, at: NOW });
        expect(after.spec).toBe(before.spec);
        expect(after.metadata).toBe(before.metadata);
      });
    }
  }
});

describe('an approval', () => {
  it.each([
    ['for another plan', decision('approve', { digest: 'another' })],
    ['that names no plan', { ...decision('approve'), digest: undefined }],
    ['after the plan expired', decision('approve', { at: NOW + 60_001 })],
    ['that was judged before', decision('approve', { verdict: 'refused' })],
    ['that is none', decision('reject', { id: 'approve' })],
  ])('%s is refused', (_, click) => {
    const change = at('Planned', { decisions: [click as Decision] });
    expect(isRefusal(transition(change, { type: 'approved', decision: 'approve', enough: true }, NOW))).toBe(true);
  });

  it('of the same person twice is refused', () => {
    const change = at('Planned', { approvals: [{ team: 'T1', user: 'UBEN', at: 1, digest: PLAN.digest }] });
    expect(isRefusal(transition(change, { type: 'approved', decision: 'approve', enough: true }, NOW))).toBe(true);
  });

  it('that is not enough is kept, and the change goes on waiting', () => {
    const after = transition(at('Planned'), { type: 'approved', decision: 'approve', enough: false }, NOW);
    expect(after).toMatchObject({ status: { phase: 'Planned', approvals: [{ user: 'UBEN', digest: PLAN.digest }] } });
  });

  it('binds nothing any more, but stays on record, once its plan has moved', () => {
    const after = transition(at('Approved'), { type: 'moved', why: 'edited' }, NOW);
    expect(after).toMatchObject({ status: { phase: 'Stale', approvals: [{ user: 'UCAT', void: true }] } });
  });

  it('that is void lets nothing be written', () => {
    const approvals = [{ team: 'T1', user: 'UCAT', at: 1, digest: PLAN.digest, void: true }];
    expect(isRefusal(transition(at('Approved', { approvals }), { type: 'applying', holder: 'one' }, NOW))).toBe(true);
  });
});

describe('a change that is being written', () => {
  it('keeps each write once, though it is told twice', () => {
    const once = transition(at('Applying'), { type: 'wrote', index: 0, object: WRITTEN }, NOW) as MeshChange;
    expect(isRefusal(transition(once, { type: 'wrote', index: 0, object: WRITTEN }, NOW))).toBe(true);
  });

  it('is not applied before all of it is written', () => {
    expect(isRefusal(transition(at('Applying'), { type: 'applied', written: [] }, NOW))).toBe(true);
  });

  it('cannot go Stale while something of it is in the mesh', () => {
    const change = at('Applying', { written: [WRITTEN] });
    expect(isRefusal(transition(change, { type: 'moved', why: 'edited' }, NOW))).toBe(true);
  });

  it('is not applied while it is being taken back', () => {
    const change = at('Applying', { backingOut: { why: 'no', into: 'Failed' } });
    expect(isRefusal(transition(change, { type: 'applied', written: [WRITTEN] }, NOW))).toBe(true);
  });
});

describe('a proof that fails', () => {
  it('leaves the change Failed, with what was written and a sentence that says so', () => {
    const after = transition(at('Applied'), { type: 'proved', receipt: receipt('not-proven') }, NOW);
    expect(after).toMatchObject({
      status: { phase: 'Failed', message: 'Written, but not proven: consistent with 50 %', written: [WRITTEN] },
    });
  });
});

describe('a rejection', () => {
  it('without a reason is refused', () => {
    const change = at('Planned', { decisions: [decision('reject', { reason: ' ' })] });
    expect(isRefusal(transition(change, { type: 'rejected', decision: 'reject' }, NOW))).toBe(true);
  });
});

describe('a choice', () => {
  it('becomes an argument of the next planning', () => {
    const after = transition(at('Choosing'), { type: 'chosen', decision: 'choose' }, NOW);
    expect(after).toMatchObject({ status: { phase: 'Requested', answers: { service: 'a' } } });
  });

  it('of something that was not offered is refused', () => {
    const change = at('Choosing', { decisions: [decision('choose', { choice: 'z' })] });
    expect(isRefusal(transition(change, { type: 'chosen', decision: 'choose' }, NOW))).toBe(true);
  });
});

describe('undoing', () => {
  it('what was never written is refused', () => {
    const change = at('Failed', { history: [{ phase: 'Requested', at: 1 }], written: [] });
    expect(isRefusal(transition(change, { type: 'undone', by: 'two' }, NOW))).toBe(true);
  });

  it('twice is refused, so that the first stays on record', () => {
    const once = transition(at('Verified'), { type: 'undone', by: 'two' }, NOW) as MeshChange;
    expect(statusOf(once).undoneBy).toBe('two');
    expect(isRefusal(transition(once, { type: 'undone', by: 'three' }, NOW))).toBe(true);
  });
});

describe('a change by steps', () => {
  it('stands in its first step once that is written, and holds it for its time', () => {
    const change = at('Applying', { plan: STEPPED });
    const after = transition(change, { type: 'applied', written: [WRITTEN] }, NOW);
    expect(after).toMatchObject({
      status: { phase: 'Progressing', progress: { step: 0, began: NOW, due: NOW + 60_000, paused: null } },
    });
  });

  it('holds no last step that nothing is judged by', () => {
    const event: ChangeEvent = { type: 'stepped', step: 1, written: [WRITTEN], judged: JUDGED };
    const after = transition(at('Progressing', inSteps(0)), event, NOW);
    expect(after).toMatchObject({ status: { progress: { step: 1, due: NOW, past: [{ says: 'errors 0 %' }] } } });
  });

  it('skips no step, and takes none twice', () => {
    for (const step of [0, 2]) {
      const event: ChangeEvent = { type: 'stepped', step, written: [WRITTEN], judged: JUDGED };
      expect(isRefusal(transition(at('Progressing', inSteps(0)), event, NOW))).toBe(true);
    }
  });

  it('goes no further while it is paused, and is not complete before its last step', () => {
    const paused = at('Progressing', inSteps(0, { paused: { by: 'UBEN', at: 1 } }));
    const next: ChangeEvent = { type: 'stepped', step: 1, written: [WRITTEN], judged: JUDGED };
    expect(isRefusal(transition(paused, next, NOW))).toBe(true);
    expect(isRefusal(transition(at('Progressing', inSteps(0)), { type: 'completed', judged: JUDGED }, NOW))).toBe(true);
  });

  it('is held where it cannot be judged when its time is over', () => {
    const unknown: Judgement = { verdict: 'inconclusive', says: 'Prometheus does not answer' };
    const late = transition(at('Progressing', inSteps(0)), { type: 'observed', judged: unknown }, NOW) as MeshChange;
    expect(late.status?.progress).toMatchObject({ held: true, judged: unknown });
    const early = at('Progressing', inSteps(0, { due: NOW + 1 }));
    const soon = transition(early, { type: 'observed', judged: unknown }, NOW) as MeshChange;
    expect(soon.status?.progress).toMatchObject({ held: false });
  });

  it('keeps few of many measures, first and last among them', () => {
    let change: MeshChange = at('Progressing', inSteps(0));
    for (let look = 1; look <= 500; look++) {
      const measured = { at: NOW + look, rate: 1, others: 2 };
      change = transition(change, { type: 'observed', judged: JUDGED, measured }, NOW) as MeshChange;
    }
    const kept = change.status?.progress?.measured ?? [];
    expect(kept.length).toBeLessThanOrEqual(60);
    expect([kept[0]?.at, kept.at(-1)?.at]).toEqual([NOW + 1, NOW + 500]);
  });
});

describe('a change with a time limit', () => {
  const proven: ChangeEvent = { type: 'proved', receipt: receipt('proven') };

  it('lasts once it is proven, or not, until its time is over', () => {
    const change = at('Applied', { plan: { ...PLAN, lasts: 60_000 } });
    const after = transition(change, proven, NOW) as MeshChange;
    expect(after.status?.phase).toBe('Lasting');
    // Counted from the write, not from the proof.
    expect(endsAt(statusOf(after))).toBe(2 + 60_000);
    const unproven = transition(change, { type: 'proved', receipt: receipt('not-proven') }, NOW) as MeshChange;
    expect(unproven.status).toMatchObject({
      phase: 'Lasting',
      message: 'Written, but not proven: consistent with 50 %',
    });
  });

  it('that is kept ends as its proof says', () => {
    const keep: ChangeEvent = { type: 'kept', decision: 'keep', enough: true };
    const after = transition(at('Lasting', { ...LASTING, receipt: receipt('not-proven') }), keep, NOW);
    expect(after).toMatchObject({
      status: { phase: 'Failed', message: 'Written, but not proven: consistent with 50 %' },
    });
  });

  it('is not kept by one where two must want it', () => {
    const after = transition(at('Lasting', LASTING), { type: 'kept', decision: 'keep', enough: false }, NOW);
    expect(after).toMatchObject({ status: { phase: 'Lasting' } });
    expect(statusOf(after as MeshChange).decisions).toContainEqual({ ...decision('keep'), verdict: 'counted' });
  });
});

describe('the status stays small', () => {
  it('but never forgets an approval, what counted, or what nobody judged', () => {
    const counted = decision('approve', { id: 'counted', verdict: 'counted' });
    const open = decision('approve', { id: 'open' });
    const noise = Array.from({ length: 500 }, (_, index) =>
      decision('approve', { id: `noise-${index}`, verdict: 'refused', told: true }),
    );
    const approvals = Array.from({ length: 50 }, (_, index) => ({
      team: 'T',
      user: `U${index}`,
      at: 1,
      digest: 'd',
      void: true,
    }));
    const history = Array.from({ length: 300 }, (_, index) => ({ phase: 'Stale' as const, at: index }));
    const before = at('Stale', { decisions: [counted, ...noise, open], approvals, history });
    const after = statusOf(transition(before, { type: 'expired', why: 'late' }, NOW) as MeshChange);
    expect(after.decisions.length).toBeLessThanOrEqual(100);
    expect(after.decisions.map(({ id }) => id)).toEqual(expect.arrayContaining(['counted', 'open']));
    expect(after.approvals).toHaveLength(50);
    expect(after.history.length).toBeLessThanOrEqual(60);
    expect(after.history[0]).toMatchObject({ at: 0 });
    expect(after.history.at(-1)).toMatchObject({ phase: 'Expired' });
  });
});
