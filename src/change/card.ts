/** A change's card: what it does, where it stands, and the buttons that still mean something. Drawn from the change alone. */
import type { ActionButton, Part, Phrase, View } from '../view.ts';
import { approveButton } from './button.ts';
import { findingParts, planParts, riskField } from './card-plan.ts';
import { wentBack } from './course/back-view.ts';
import { progressHeadline, progressParts, progressPhrase } from './course/progress-view.ts';
import { HEADLINES } from './headlines.ts';
import type { ChangeStatus, MeshChange } from './meshchange.ts';
import { endsAt, isEnd, isTimed, isUnderWay, statusOf, wasApplied } from './phases.ts';
import { objectName, plain, sentence, spans, whoIs } from './phrases.ts';
import { notStaying } from './receipt-parts.ts';
import { liveRecord } from './slots.ts';
import { canBeUndone } from './undoable.ts';

export function cardOf(change: MeshChange): View {
  const status = statusOf(change);
  const asked = change.spec.text;
  const title: Phrase = status.plan ? [{ bold: status.plan.title }] : [{ code: asked }];
  const standing = standingOf(change, status);
  const parts: Part[] = [
    { kind: 'text', text: [...title, ' · asked by ', { person: change.spec.requester.user }] },
    { kind: 'text', text: standing },
    ...shownDirectly(change, status),
    ...notStaying(status),
  ];
  if (status.phase === 'Choosing' && status.question) {
    parts.push({
      kind: 'choice',
      id: 'choose',
      prompt: status.question.question,
      placeholder: 'Choose one',
      value: change.metadata.name,
      choices: status.question.choices,
    });
  }
  const replanned = status.plan?.replanned;
  if (status.phase === 'Planned' && replanned !== undefined) {
    parts.push({
      kind: 'text',
      text: [{ bold: 'Planned again. ' }, sentence(replanned), ' Approvals of the plan before do not count.'],
    });
  }
  const actions = actionsOf(change, status);
  // Whoever has to stop it must not look for the button.
  const isOpen = isUnderWay(status.phase) || isTimed(change);
  if (isOpen && actions.length > 0) parts.push({ kind: 'actions', actions });
  if (status.progress) parts.push(...progressParts(status));
  if (status.phase === 'Refused') parts.push(...findingParts(status.findings ?? []));
  else if (status.plan)
    parts.push(
      ...planParts(status.plan, { name: change.metadata.name, brief: isEnd(status.phase) || isUnderWay(status.phase) }),
    );
  if (!status.progress && status.phase !== 'Refused') parts.push(...progressParts(status));
  if (status.phase === 'Planned') parts.push({ kind: 'fields', fields: approvalFields(status) });
  if (!isOpen && actions.length > 0) parts.push({ kind: 'actions', actions });
  parts.push({ kind: 'note', text: footOf(change, status) });
  const what = status.plan?.title ?? asked;
  return { text: `${what}: ${headline(status)}`, parts };
}

/** Where the channel could not be written to, only the one who asked sees the card, and nobody could approve it. */
function shownDirectly(change: MeshChange, status: ChangeStatus): Part[] {
  if (liveRecord(status.messages, 'card')?.record.place?.channel !== change.spec.requester.user) return [];
  const next = isEnd(status.phase) ? '' : ' Invite it there with /invite @meshbot, then give the command again.';
  return [{ kind: 'text', text: `meshbot cannot write in the channel where you asked, so only you see this.${next}` }];
}

function headline(status: ChangeStatus): string {
  if (status.phase === 'Failed' && status.message !== undefined) return sentence(status.message);
  if (status.phase === 'Progressing') return progressHeadline(status);
  const why = status.phase === 'Reverting' || status.phase === 'Reverted' ? status.message : undefined;
  return why === undefined ? HEADLINES[status.phase] : `${HEADLINES[status.phase]}: ${sentence(why)}`;
}

/** Where it stands, in one or two short sentences. */
function standingOf(change: MeshChange, status: ChangeStatus): Phrase {
  const said = status.message === undefined ? [] : [' ', sentence(status.message)];
  const last = status.history.at(-1);
  const by: Phrase = last?.by === undefined ? [] : [' by ', { person: last.by }];
  switch (status.phase) {
    case 'Requested':
      return ['⏳ Planning…', ...said];
    case 'Choosing':
      return ['❓ One thing to choose first, until ', { time: status.expiresAt ?? 0 }, '.'];
    case 'Planned':
      return ['✋ Waiting for approval until ', { time: status.expiresAt ?? 0 }, '. Nothing is written yet.'];
    case 'Stale':
      return ['⏳ Planning again…', ...said];
    case 'Approved':
      return ['⏳ ', ...approvedBy(status), ' Writing next.', ...said];
    case 'Applying':
      return [
        '⏳ ',
        ...approvedBy(status),
        status.backingOut ? ' Taking back what was written: ' + sentence(status.backingOut.why) : ' Writing…',
        ...said,
      ];
    case 'Applied':
      return ['⏳ ', ...approvedBy(status), ' Written, now proving.', ...said, ...untilWhen(change, status)];
    case 'Progressing':
      return [...progressPhrase(status), ' ', ...approvedBy(status), ...said];
    case 'Lasting':
      return lasting(status);
    case 'Reverting':
      return ['↩️ ', { bold: 'Going back' }, ' to what was before.', ...said];
    case 'Reverted':
      return wentBack(status);
    case 'Verified':
      return [
        '✅ ',
        { bold: 'Done and proven' },
        status.message === undefined ? '.' : `: ${sentence(status.message)}`,
        ' ',
        ...approvedBy(status),
      ];
    case 'Rejected':
      return ['🚫 ', { bold: 'Rejected' }, ...by, '. ', ...spans(sentence(status.message ?? 'No reason was kept'))];
    case 'Expired':
      return [
        '⌛ ',
        { bold: 'Expired.' },
        ...said,
        ' Nothing was written. Give the command again if it is still wanted.',
      ];
    case 'Refused':
      return ['⛔ ', { bold: 'Refused.' }, ...said, ' Nothing was written.'];
    case 'Failed':
      return failed(status, wasApplied(change));
    case 'Undone':
      return [
        '↩️ ',
        { bold: 'Undone' },
        ' by ',
        { code: status.undoneBy ?? 'another change' },
        '. ',
        ...approvedBy(status),
      ];
  }
}

function lasting(status: ChangeStatus): Phrase {
  const proven = status.receipt?.verdict === 'proven';
  const said = sentence(status.message ?? '');
  return [
    proven ? '⏳ ' : '⚠️ ',
    { bold: proven ? 'Done and proven, for a while' : 'For a while' },
    `: ${said}`,
    ...goesBackAt(status),
    ' ',
    ...approvedBy(status),
  ];
}

/** Of what is being proven still. */
function untilWhen(change: MeshChange, status: ChangeStatus): Exclude<Phrase, string> {
  if (isTimed(change)) return goesBackAt(status);
  return status.stays ? [' It stays: enough people said so.'] : [];
}

/** How many must say so is read from the policy at each click, as it is then. */
function goesBackAt(status: ChangeStatus): Exclude<Phrase, string> {
  const keep = status.decisions.filter(({ kind, verdict }) => kind === 'keep' && verdict === 'counted').length;
  const want = keep === 1 ? '1 person wants' : `${keep} people want`;
  const wanted = keep === 0 ? '' : ` ${want} it to stay, which by the policy is not enough yet.`;
  return [' It goes back by itself: ', { time: endsAt(status) ?? 0 }, `.${wanted}`];
}

function failed(status: ChangeStatus, applied: boolean): Phrase {
  const why = sentence(status.message ?? 'No reason was kept');
  if (applied || status.progress) return ['⚠️ ', { bold: why }, ' ', ...approvedBy(status)];
  if (status.written.length === 0) return ['❌ ', { bold: 'Failed.' }, ` ${why} Nothing of it is in the mesh.`];
  const left = status.written.map(({ ref }) => objectName(ref)).join(', ');
  return [
    '🚨 ',
    { bold: `PARTLY WRITTEN: ${left}.` },
    ` ${why} Look at each object now, then press Undo or repair it by hand.`,
  ];
}

/** `Approved by A and B.` — of the plan that was written, or is about to be. */
function approvedBy(status: ChangeStatus): Exclude<Phrase, string> {
  const given = status.approvals.filter(approval => !approval.void && approval.digest === status.plan?.digest);
  if (given.length === 0) return [];
  const people = given.map(({ user }, index) => [index === 0 ? '' : ', ', { person: user }]);
  return ['Approved by ', ...people.flat().filter(span => span !== ''), '.'];
}

function approvalFields(status: ChangeStatus): { name: string; value: Phrase }[] {
  const { plan, approvals } = status;
  if (!plan) return [];
  const given = approvals.filter(approval => !approval.void && approval.digest === plan.digest);
  const needed = plan.approvers?.approvals ?? 1;
  const who = plan.approvers ? whoIs(plan.approvers.who) : ['whoever the policy names'];
  const own = plan.approvers?.own ? [] : [', not the one who asked'];
  const fields: { name: string; value: Phrase }[] = [
    riskField(plan.risk),
    { name: 'Who may approve', value: [...who, ...own] },
  ];
  if (needed > 1) {
    const people = given.length === 0 ? [] : [' (', ...given.flatMap(({ user }) => [{ person: user }, ' ']), ')'];
    fields.push({ name: 'Approvals', value: [`${given.length} of ${needed}`, ...people] });
  }
  return fields;
}

function actionsOf(change: MeshChange, status: ChangeStatus): ActionButton[] {
  const value = change.metadata.name;
  if (status.phase === 'Planned' && status.plan) {
    const { risk, title, digest } = status.plan;
    const approve: ActionButton = {
      id: 'approve',
      label: 'Approve',
      value: approveButton(value, digest),
      style: risk === 'high' ? 'danger' : 'primary',
    };
    if (risk !== 'low') {
      approve.confirm = {
        title: risk === 'high' ? 'High risk: really approve?' : 'Approve this change?',
        text: cut(`${title}. It is written as soon as you say yes.`, 290),
        yes: 'Approve',
        no: 'Not yet',
      };
    }
    return [approve, { id: 'reject', label: 'Reject', value }];
  }
  if (status.phase === 'Choosing') return [{ id: 'reject', label: 'Withdraw', value }];
  if (status.phase === 'Progressing') {
    const pause: ActionButton = status.progress?.paused
      ? { id: 'resume', label: 'Resume', value, style: 'primary' }
      : { id: 'pause', label: 'Pause', value };
    return [pause, { id: 'abort', label: 'Abort', value, style: 'danger' }];
  }
  if (status.phase === 'Lasting' || isTimed(change)) {
    return [
      { id: 'keep', label: 'Keep', value, style: 'primary' },
      { id: 'revert', label: 'Revert now', value, style: 'danger' },
    ];
  }
  if (canBeUndone(change)) return [{ id: 'undo', label: 'Undo', value }];
  return [];
}

function footOf(change: MeshChange, status: ChangeStatus): Phrase {
  const plan = status.plan;
  const revision = plan ? ` · plan ${plan.revision}, ${plan.digest.slice(0, 12)}` : '';
  return plain([change.metadata.name, revision]);
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
