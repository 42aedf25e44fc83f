/** What people did by meshbot since the last post, and what of it still waits. Pure. */
import type { ChangeStatus, MeshChange, Phase } from '../change/meshchange.ts';
import { enteredAt, isEnd, isUnderWay, statusOf } from '../change/phases.ts';
import { serviceOf, shortHost } from '../istio/hosts.ts';

export interface Event {
  change: string;
  title: string;
  /** Short names of the services, as their namespace calls them. */
  services: string[];
  requester: string;
  approvers: string[];
  /** What became of it so far: `verified`, `going by steps`. */
  outcome: string;
  /** Epoch ms. */
  at: number;
}

export interface Waiting {
  change: string;
  title: string;
  requester: string;
  phase: string;
  /** Epoch ms since when it is in this phase. */
  since: number;
}

/** Changes that did something to the mesh after `since`, and those that are at it; the oldest first. */
export function eventsSince(changes: MeshChange[], since: number): Event[] {
  return changes
    .flatMap((change): Event[] => {
      const { history, phase, plan, approvals, written } = statusOf(change);
      const done = history.filter(entry => OUTCOMES[entry.phase] !== undefined);
      const hasWritten = written.length > 0 || done.some(({ phase }) => phase === 'Applied' || phase === 'Progressing');
      const at = done.at(-1)?.at;
      const outcome = phase === 'Failed' ? failedAs(statusOf(change)) : OUTCOMES[phase];
      if (!hasWritten || at === undefined || outcome === undefined) return [];
      if (at <= since && !isUnderWay(phase)) return [];
      const standing = approvals.filter(approval => !approval.void && approval.digest === plan?.digest);
      return [
        {
          change: change.metadata.name,
          title: titleOf(change),
          services: plan?.services ?? [],
          requester: change.spec.requester.user,
          approvers: [...new Set(standing.map(({ user }) => user))],
          outcome,
          at,
        },
      ];
    })
    .sort((a, b) => a.at - b.at);
}

/** Those that were about a service. */
export function eventsOn(host: string, events: Event[], reader: string): Event[] {
  const names = [shortHost(host, reader), shortHost(host, serviceOf(host)?.namespace)];
  return events.filter(({ services }) => services.some(service => names.includes(service)));
}

/** By phase: how people are told what became of what was written. */
const OUTCOMES: Partial<Record<Phase, string>> = {
  Progressing: 'going by steps',
  Applied: 'being proven',
  Lasting: 'for a while',
  Reverting: 'going back',
  Verified: 'verified',
  Failed: 'failed',
  Reverted: 'went back',
  Undone: 'undone',
};

/** Only what was written whole, and then looked at, is merely not proven. */
function failedAs({ receipt, progress }: ChangeStatus): string {
  if (receipt) return 'not proven';
  return progress ? 'stopped on its way' : 'written in part';
}

/** Changes that are not over and not in the mesh yet, the longest-waiting first. */
export function waiting(changes: MeshChange[]): Waiting[] {
  return changes
    .filter(change => !isEnd(statusOf(change).phase) && !isUnderWay(statusOf(change).phase))
    .map(change => ({
      change: change.metadata.name,
      title: titleOf(change),
      requester: change.spec.requester.user,
      phase: statusOf(change).phase,
      since: enteredAt(change) ?? Date.parse(change.metadata.creationTimestamp ?? ''),
    }))
    .sort((a, b) => a.since - b.since);
}

function titleOf(change: MeshChange): string {
  return change.status?.plan?.title ?? change.spec.text;
}
