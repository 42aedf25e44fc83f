/** What people did by meshbot since the last post, and what of it still waits. Pure. */
import type { MeshChange } from '../change/meshchange.ts';
import { enteredAt, isEnd, statusOf } from '../change/phases.ts';
import { serviceOf, shortHost } from '../istio/hosts.ts';

export interface Event {
  change: string;
  title: string;
  /** Short names of the services, as their namespace calls them. */
  services: string[];
  requester: string;
  approvers: string[];
  outcome: 'verified' | 'not proven' | 'undone' | 'being proven';
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

/** Changes that wrote to the mesh after `since`, or whose outcome came after it; the oldest first. */
export function eventsSince(changes: MeshChange[], since: number): Event[] {
  return changes
    .flatMap((change): Event[] => {
      const { history, phase, plan, approvals } = statusOf(change);
      const wrote = history.find(entry => entry.phase === 'Applied');
      const last = history.filter(entry => OUTCOMES[entry.phase] !== undefined).at(-1);
      const at = last?.at ?? wrote?.at;
      if (!wrote || at === undefined || at <= since) return [];
      const standing = approvals.filter(approval => !approval.void && approval.digest === plan?.digest);
      return [
        {
          change: change.metadata.name,
          title: titleOf(change),
          services: plan?.services ?? [],
          requester: change.spec.requester.user,
          approvers: [...new Set(standing.map(({ user }) => user))],
          outcome: OUTCOMES[phase] ?? 'being proven',
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

const OUTCOMES: Partial<Record<string, Event['outcome']>> = {
  Verified: 'verified',
  Failed: 'not proven',
  Undone: 'undone',
};

/** Changes to which something is still to happen, the longest-waiting first. */
export function waiting(changes: MeshChange[]): Waiting[] {
  return changes
    .filter(change => !isEnd(statusOf(change).phase))
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
