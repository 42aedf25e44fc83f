/** What every step of the reconciler works with. */
import type { World } from '../istio/world.ts';
import type { Planning } from '../plan.ts';
import type { Chat, Clock, Cluster, Log, Metrics, Random } from '../ports.ts';
import type { Book } from './book.ts';
import type { Readings } from './course/readings.ts';
import type { WatchedFreezes } from './freezing.ts';
import type { MeshChange, Phase, Receipt } from './meshchange.ts';
import type { Applied } from './phases.ts';
import type { Policy } from './policy.ts';
import { isRefusal } from './refusal.ts';
import type { ChangeStore } from './store.ts';
import { type ChangeEvent, transition } from './transition.ts';
import type { Verdicts } from './verdicts.ts';

/** All in ms. */
export interface Timing {
  /** How long a change must stand still, with work due, before another replica takes it over. */
  claim: number;
  /** Older knowledge of the mesh than this is not planned on; older knowledge of freezes lets nothing go on. */
  worldAge: number;
  /** How often a plan that waits is compared with the mesh. */
  compare: number;
  /** Between two edits of one message. */
  redraw: number;
  /** Between two edits where nothing moved but what is measured. */
  measured: number;
  /** How long a change may wait to be planned. */
  patience: number;
  /** How long a click waits for a chat that cannot say who clicked. */
  hesitation: number;
  /** How long to try to prove. */
  proving: number;
}

export const TIMING: Timing = {
  claim: 15_000,
  worldAge: 150_000,
  compare: 10_000,
  redraw: 2_000,
  measured: 30_000,
  patience: 3_600_000,
  hesitation: 30_000,
  proving: 300_000,
};

/** What is counted of the work, for metrics. Every method may be left out. */
export interface Observer {
  /** `ms` in the phase before. */
  phase?(from: Phase, to: Phase, ms: number): void;
  decision?(kind: string, verdict: 'counted' | 'refused'): void;
  /** A step that took `ms`. */
  step?(name: 'plan' | 'apply' | 'prove' | 'draw', ms: number, ok: boolean): void;
  takeover?(): void;
}

export interface Ports {
  store: ChangeStore;
  cluster: Cluster;
  chat: Chat;
  /** Pure; reads the change's arguments with `argumentsOf`. */
  planner(change: MeshChange, world: World): Planning;
  /** Long; sends requests, writes nothing. Ends early when `signal` is aborted. `tell`: shown while it goes on. */
  prover(change: Applied, signal: AbortSignal, tell: (progress: string) => void): Promise<Receipt>;
  /** Which proxies hold what it wrote, now. Never rejects; undefined: nobody can be asked. */
  held?(change: MeshChange): Promise<Receipt['proxies']>;
  /** What is measured of requests; without it, shares are all that is shown. */
  metrics?: Metrics;
  /** As it is now. */
  policy(): Policy;
  /** As the watches have them. */
  freezes?: WatchedFreezes;
  clock: Clock;
  random: Random;
  log: Log;
  /** Resolves when nobody waits for an acknowledgement any more: they go first. */
  courtesy?(): Promise<void>;
  /** Unique to this process. */
  holder: string;
  /** Team of the bot's own token. */
  home?: string;
  observer?: Observer;
  timing?: Partial<Timing>;
}

export interface Context extends Omit<Ports, 'timing'> {
  timing: Timing;
  book: Book;
  /** What the metrics last said of changes that go by steps. */
  readings: Readings;
  /** What the chat says of clicks on changes that are in the mesh. */
  verdicts: Verdicts;
  /** Aborted when the replica stops: what takes long ends early, without an outcome. */
  stopping: AbortSignal;
}

export function isMine(context: Pick<Context, 'holder'>, change: MeshChange): boolean {
  return change.status?.claim?.holder === context.holder;
}

/**
 * Saves an event of a change that this replica holds; undefined: it does not (any more), or the event no longer fits.
 * `then`: what follows of it without anything in between, and is saved with it in one write.
 */
export async function advance(
  context: Context,
  name: string,
  event: ChangeEvent | ((change: MeshChange) => ChangeEvent | undefined),
  then: (change: MeshChange) => ChangeEvent | undefined = () => undefined,
): Promise<MeshChange | undefined> {
  let way: MeshChange[] = [];
  const saved = await context.book.revise(name, change => {
    if (!isMine(context, change)) return undefined;
    const happened = typeof event === 'function' ? event(change) : event;
    if (!happened) return undefined;
    const next = transition(change, happened, context.clock.now());
    if (isRefusal(next)) {
      context.log.info({ change_id: name, event: happened.type, why: next.refused }, 'event refused');
      return next;
    }
    const follows = then(next);
    const last = follows ? transition(next, follows, context.clock.now()) : next;
    way = isRefusal(last) || last === next ? [change] : [change, next];
    return isRefusal(last) ? next : last;
  });
  if (saved) for (const [at, from] of way.entries()) observe(context, from, way[at + 1] ?? saved);
  return saved;
}

function observe(context: Context, from: MeshChange, to: MeshChange): void {
  const [before, after] = [from.status?.phase ?? 'Requested', to.status?.phase ?? 'Requested'];
  if (before === after) return;
  const entered = from.status?.history?.at(-1)?.at ?? Date.parse(from.metadata.creationTimestamp ?? '');
  const now = context.clock.now();
  context.observer?.phase?.(before, after, Number.isNaN(entered) ? 0 : now - entered);
  context.log.info({ change_id: to.metadata.name, from: before, to: after, why: to.status?.message }, 'change moved');
}
