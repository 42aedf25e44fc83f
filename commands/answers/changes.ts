/** Changes as rows of a table: what, how far, who, when. */
import { HEADLINES } from '../../src/change/headlines.ts';
import type { MeshChange, Phase } from '../../src/change/meshchange.ts';
import { isEnd } from '../../src/change/phases.ts';
import { hostMeant } from '../../src/istio/hosts.ts';
import type { Part, Phrase, Span } from '../../src/view.ts';

/** Something is still to happen to it: an answer, an approval, a write, a proof. */
export function isPending(change: MeshChange): boolean {
  return !isEnd(phaseOf(change));
}

export function phaseOf(change: MeshChange): Phase {
  return change.status?.phase ?? 'Requested';
}

/**
 * `host`: fully qualified. Plans name services as their namespace does; before a change is planned only its arguments
 * tell, as `namespace` would read them.
 */
export function isAbout(change: MeshChange, host: string, namespace: string): boolean {
  const plan = change.status?.plan;
  if (plan) return plan.services.some(service => hostMeant(service, plan.namespace) === host);
  const { service } = change.spec.arguments;
  return typeof service === 'string' && hostMeant(service, namespace) === host;
}

export function titleOf(change: MeshChange): string {
  return change.status?.plan?.title ?? change.spec.text;
}

function askedAt(change: MeshChange): number | undefined {
  const at = change.status?.history[0]?.at ?? Date.parse(change.metadata.creationTimestamp ?? '');
  return Number.isNaN(at) ? undefined : at;
}

/** Slack draws at most 100 rows of a table; a long list is cut at `most` and says so. */
export function changesTable(changes: MeshChange[], most = 20): Part[] {
  const rows = changes
    .slice(0, most)
    .map((change): Phrase[] => [
      [{ code: change.metadata.name }],
      titleOf(change),
      HEADLINES[phaseOf(change)],
      [{ person: change.spec.requester.user }],
      approvers(change),
      whenAsked(change),
    ]);
  const columns = ['Change', 'What', 'State', 'Asked by', 'Approved by', 'Asked'].map(title => ({ title }));
  const left = changes.length - rows.length;
  const more: Part[] = left > 0 ? [{ kind: 'note', text: `${left} older ones are not shown.` }] : [];
  return [{ kind: 'table', columns, rows }, ...more];
}

function approvers(change: MeshChange): Phrase {
  const people = (change.status?.approvals ?? []).filter(approval => !approval.void);
  if (people.length === 0) return '–';
  return people.flatMap(({ user }, index): Span[] => [...(index > 0 ? [', '] : []), { person: user }]);
}

function whenAsked(change: MeshChange): Phrase {
  const at = askedAt(change);
  return at === undefined ? '–' : [{ time: at }];
}
