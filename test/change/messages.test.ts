/** What people see of a change in each phase, and which buttons they have. */
import { describe, expect, it } from 'vitest';
import { approveButton, readButton } from '../../src/change/button.ts';
import { digestOf } from '../../src/change/digest.ts';
import type { ChangeStatus, MeshChange, Phase, Receipt, StoredPlan } from '../../src/change/meshchange.ts';
import { messagesOf } from '../../src/change/messages.ts';
import { PHASES } from '../../src/change/phases.ts';
import { plain } from '../../src/change/phrases.ts';
import type { Plan } from '../../src/plan.ts';
import { waterfall } from '../../src/proof/waterfall.ts';
import type { Part, View } from '../../src/view.ts';
import { planOf, routed, serviceRef } from './world/plans.ts';

const BEFORE = routed('reviews', 0);
BEFORE.metadata = { ...BEFORE.metadata, uid: 'u1', resourceVersion: '7', managedFields: [{ manager: 'kubectl' }] };

function stored(more: Partial<Plan> = {}): StoredPlan {
  const write = { ref: serviceRef('reviews'), before: BEFORE, after: routed('reviews', 50, BEFORE) };
  const plan = { ...planOf('Send 50 % of reviews to v3', ['reviews'], [write], 50), ...more };
  const approvers = { who: { users: [], groups: ['SONCALL'], everyone: false }, approvals: 1, own: false };
  return { ...plan, revision: 1, digest: digestOf(plan), at: 1, approvers };
}

const PLAN = stored();
const RECEIPT: Receipt = {
  verdict: 'proven',
  summary: 'consistent with 50 % to v3',
  sent: 40,
  seen: { v1: 21, v3: 19 },
  intervals: { v1: { low: 31.1, high: 72.9 }, v3: { low: 27.1, high: 68.9 } },
  confidence: 99,
  expected: { v1: 50, v3: 50 },
  statuses: { '200': 39, '0': 1 },
  median: 12.3,
  traceId: 'f00d',
  traceLink: 'http://tracing.example.test/f00d',
  trace: [
    { service: 'productpage.default', version: 'v1', depth: 0, start: 0, took: 40 },
    { service: 'reviews.default', version: 'v3', depth: 1, start: 10, took: 20, status: 503 },
  ],
  from: 'the ingress gateway',
  at: 1,
};

function at(phase: Phase, more: Partial<ChangeStatus> = {}): MeshChange {
  const applied = ['Applied', 'Verified', 'Undone'].includes(phase);
  const status: ChangeStatus = {
    phase,
    plan: PLAN,
    expiresAt: 5_000,
    decisions: [],
    approvals: applied || phase === 'Approved' ? [{ team: 'T', user: 'UBEN', at: 1, digest: PLAN.digest }] : [],
    written: applied ? [{ ref: serviceRef('reviews'), resourceVersion: '8', at: 1, warnings: [] }] : [],
    messages: { card: { since: 1, channel: 'C1', ts: '1.1' } },
    history: [
      { phase: 'Requested', at: 1 },
      ...(applied ? [{ phase: 'Applied' as const, at: 2 }] : []),
      { phase, at: 3 },
    ],
    ...more,
  };
  const spec = {
    verb: 'shift',
    arguments: {},
    text: 'shift reviews v3 50',
    requester: { team: 'T', user: 'UASK' },
    origin: { channel: 'C1' },
  };
  return { apiVersion: 'meshbot.dev/v1alpha1', kind: 'MeshChange', metadata: { name: 'shift-1' }, spec, status };
}

const card = (change: MeshChange): View => messagesOf(change).find(({ slot }) => slot === 'card')!.view;
const receipt = (change: MeshChange) => messagesOf(change).find(({ slot }) => slot === 'receipt');
const buttons = (view: View) => view.parts.flatMap(part => (part.kind === 'actions' ? part.actions : []));
const code = (view: View) => view.parts.filter(part => part.kind === 'code');

/** All that a view says, without marks. */
function words(view: View): string {
  const said = (part: Part): string => {
    switch (part.kind) {
      case 'text':
      case 'note':
        return plain(part.text);
      case 'bullets':
        return part.items.map(plain).join('\n');
      case 'fields':
        return part.fields.map(({ name, value }) => `${name}: ${plain(value)}`).join('\n');
      case 'table':
        return part.rows.map(row => row.map(plain).join(' | ')).join('\n');
      case 'code':
        return part.text;
      default:
        return '';
    }
  };
  return view.parts.map(said).join('\n');
}

describe('a card', () => {
  it.each([
    ['Requested', /Planning…/],
    ['Planned', /Waiting for approval until 1970-01-01 00:00 UTC. Nothing is written yet/],
    ['Stale', /Planning again…/],
    ['Approved', /Approved by @UBEN. Writing next/],
    ['Applying', /Writing…/],
    ['Applied', /Written, now proving/],
    ['Verified', /Done and proven/],
    ['Expired', /Expired.*Nothing was written/],
  ] as const)('says of a change that is %s what that means', (phase, said) => {
    expect(words(card(at(phase)))).toMatch(said);
  });

  it('names who rejected it, and why', () => {
    const history = [{ phase: 'Rejected' as const, at: 3, by: 'UCAT' }];
    expect(words(card(at('Rejected', { history, message: 'not tonight' })))).toContain(
      'Rejected by @UCAT. not tonight.',
    );
  });

  it('names the change that undid it', () => {
    expect(words(card(at('Undone', { undoneBy: 'undo-2' })))).toContain('Undone by undo-2');
  });

  it('says who asked, and in its text alone what and how it stands', () => {
    const view = card(at('Planned'));
    expect(words(view)).toContain('Send 50 % of reviews to v3 · asked by @UASK');
    expect(view.text).toBe('Send 50 % of reviews to v3: waiting for approval');
  });

  it('shows traffic before and after, the diff, the notes, the risk, who may approve and until when', () => {
    const view = card(at('Planned'));
    expect(words(view)).toContain('all requests | reviews v3 | 0 % | 50 %');
    expect(words(view)).toContain('end-user = jason stays on v2');
    expect(words(view)).toContain('Who may approve: @SONCALL, not the one who asked');
    expect(view.parts).toContainEqual(expect.objectContaining({ kind: 'bars', unit: '%' }));
  });

  it('has a diff of what people wrote, not of what the cluster keeps', () => {
    const [diff] = code(card(at('Planned')));
    expect(diff).toMatchObject({ language: 'diff', file: 'shift-1-virtualservice-reviews.diff' });
    expect(diff!.text).toMatch(/^-\s+weight: 100$/m);
    expect(diff!.text.match(/^\+\s+weight: 50$/gm)).toHaveLength(2);
    expect(diff!.text).not.toMatch(/managedFields|resourceVersion|uid/);
  });

  it('says that it was planned again, why, and that earlier approvals do not count', () => {
    const plan = { ...PLAN, replanned: 'VirtualService default/reviews was changed by somebody else' };
    expect(words(card(at('Planned', { plan })))).toMatch(
      /Planned again. VirtualService default\/reviews was changed by somebody else. Approvals of the plan before do not count/,
    );
  });

  it('tells how many approvals are still to come', () => {
    const approvers = { ...PLAN.approvers!, approvals: 2 };
    const approvals = [{ team: 'T', user: 'UBEN', at: 1, digest: PLAN.digest }];
    expect(words(card(at('Planned', { plan: { ...PLAN, approvers }, approvals })))).toContain(
      'Approvals: 1 of 2 (@UBEN',
    );
  });

  it('of a refusal shows what was found and how to go on', () => {
    const finding = {
      code: 'x',
      severity: 'error' as const,
      path: 'spec.http[0]',
      message: 'It redirects',
      fix: 'Use --route',
    };
    const view = card(at('Refused', { findings: [finding], message: 'The checks found what must not be.' }));
    expect(words(view)).toMatch(/Refused.*Nothing was written/);
    expect(words(view)).toContain('⛔ It redirects. Use --route. spec.http[0]');
  });

  it('asks its question with a menu that carries only the name of the change', () => {
    const question = { argument: 'route', question: 'Which route?', choices: [{ value: '0', label: 'first' }] };
    const menu = card(at('Choosing', { question })).parts.find(part => part.kind === 'choice');
    expect(menu).toMatchObject({ id: 'choose', value: 'shift-1', choices: [{ value: '0', label: 'first' }] });
  });

  it('shouts when a change is partly written, and names the objects', () => {
    const written = [{ ref: serviceRef('reviews'), resourceVersion: '8', at: 1, warnings: [] }];
    const change = at('Failed', { written, message: 'It could not be taken back' });
    expect(words(card(change))).toContain('PARTLY WRITTEN: VirtualService default/reviews.');
    expect(receipt(change)?.view.text).toMatch(/^Partly written/);
    expect(buttons(card(change))).toMatchObject([{ id: 'undo' }]);
  });

  it('does not say that anything is in the mesh when all of it was taken back', () => {
    const change = at('Failed', { message: 'Not written: denied' });
    expect(words(card(change))).toContain('Not written: denied. Nothing of it is in the mesh.');
    expect(receipt(change)).toBeUndefined();
  });
});

describe('buttons', () => {
  const ids = (phase: Phase) => buttons(card(at(phase))).map(button => button.id);

  it.each(PHASES)('of a change that is %s are those that still mean something', phase => {
    const expected: Partial<Record<Phase, string[]>> = {
      Choosing: ['reject'],
      Planned: ['approve', 'reject'],
      Applied: ['undo'],
      Progressing: ['pause', 'abort'],
      Lasting: ['keep', 'revert'],
      Verified: ['undo'],
    };
    expect(ids(phase)).toEqual(expected[phase] ?? []);
  });

  it('offer to undo what was written but could not be proven', () => {
    const verified = at('Verified');
    const failed = at('Failed', { written: verified.status!.written, history: verified.status!.history });
    expect(buttons(card(failed))).toMatchObject([{ id: 'undo', value: 'shift-1' }]);
  });

  it.each([
    ['low', 'primary', false],
    ['medium', 'primary', true],
    ['high', 'danger', true],
  ] as const)('at %s risk are %s, and asked about twice: %s', (risk, style, confirmed) => {
    const [approve] = buttons(card(at('Planned', { plan: stored({ risk }) })));
    expect(approve).toMatchObject({ style });
    expect(approve!.confirm !== undefined).toBe(confirmed);
  });

  it('carry names only; Approve also which plan it was drawn for', () => {
    const [approve, reject] = buttons(card(at('Planned')));
    expect(reject!.value).toBe('shift-1');
    expect(readButton(approve!.value)).toEqual({ change: 'shift-1', seen: PLAN.digest.slice(0, 16) });
    expect(readButton(approveButton('a.b-c', PLAN.digest)).change).toBe('a.b-c');
  });
});

describe('a receipt', () => {
  it('waits for its card, and stands by itself where the chat will never have that', () => {
    const waiting = { card: { since: 1 } };
    expect(receipt(at('Applied', { messages: waiting }))).toBeUndefined();
    const gone = { card: { since: 1, channel: 'C1', ts: '1.1', gone: true }, 'card#2': { since: 2, gone: true } };
    expect(receipt(at('Verified', { receipt: RECEIPT, messages: gone }))?.place).toEqual({ channel: 'C1' });
  });

  const verified = at('Verified', { receipt: RECEIPT, message: RECEIPT.summary });

  it('answers the card', () => {
    expect(receipt(verified)?.place).toEqual({ channel: 'C1', thread: '1.1' });
  });

  it('stays in the thread in which the change was asked for', () => {
    const threaded = { ...verified, spec: { ...verified.spec, origin: { channel: 'C1', thread: '0.5' } } };
    expect(messagesOf(threaded).map(({ place }) => place.thread)).toEqual(['0.5', '0.5']);
  });

  it('waits for the card', () => {
    expect(receipt(at('Verified', { messages: {} }))).toBeUndefined();
  });

  it('tells what was written, where requests went, how sure that is, and how to take it back', () => {
    const said = words(receipt(verified)!.view);
    expect(said).toMatch(/VirtualService default\/reviews.*8/);
    expect(said).toContain('v3 | 50 % | 19 (47.5 %) | 27.1 % – 68.9 %');
    expect(said).toContain(
      '40 requests from the ingress gateway; the way of 40 is known. 1 × no answer, 39 × 200; median 12.3 ms.',
    );
    expect(said).toContain('Proven: consistent with 50 % to v3.');
    expect(said).toContain('To take it back: undo shift-1');
  });

  it('says no more than that it was written while nothing is proven', () => {
    const said = words(receipt(at('Applied'))!.view);
    expect(said).toContain('Sending requests');
    expect(said).not.toMatch(/proven/i);
  });

  it('says meanwhile what the proof knows already, or waits for', () => {
    const [, receipt] = messagesOf(at('Applied', { message: '7 of 7 proxies hold the new route.' }));
    expect(JSON.stringify(receipt?.view.parts)).toContain('⏳ 7 of 7 proxies hold the new route…');
  });

  it('shows what the API server warned of', () => {
    const written = [{ ref: serviceRef('reviews'), resourceVersion: '8', at: 1, warnings: ['deprecated field'] }];
    expect(words(receipt(at('Applied', { written }))!.view)).toContain(
      '⚠️ VirtualService default/reviews: deprecated field',
    );
  });
});

describe('a waterfall', () => {
  it('is aligned, narrow, and tells versions and failures apart', () => {
    const deep = Array.from({ length: 12 }, (_, depth) => ({
      service: `a-service-with-a-rather-long-name-${depth}.some-namespace`,
      version: 'v10',
      depth,
      start: depth * 1234.5,
      took: 99_999,
      status: 503,
    }));
    const lines = waterfall([...RECEIPT.trace!, ...deep]).split('\n');
    expect(lines).toHaveLength(14);
    expect(Math.max(...lines.map(line => [...line].length))).toBeLessThanOrEqual(48);
    const starts = new Set(
      waterfall(RECEIPT.trace!)
        .split('\n')
        .map(line => [...line].findIndex(char => /[·█]/.test(char))),
    );
    expect(starts.size).toBe(1);
    expect(waterfall(RECEIPT.trace!)).toMatch(/reviews v3 503/);
  });

  it('is nothing when there is nothing to show', () => {
    expect(waterfall([])).toBe('');
  });
});
