/** One look at the whole mesh: what is wrong, what moved, who did what, how the services do. */
import { setImmediate } from 'node:timers/promises';
import { inForce } from '../change/freezing.ts';
import type { ChangeStore } from '../change/store.ts';
import type { World } from '../istio/world.ts';
import type { Certificates, Clock, Cluster, Log, Metrics, RecordStore } from '../ports.ts';
import type { MeshFreeze } from '../records/mesh-freeze.ts';
import { ending } from './certificates.ts';
import { type Event, eventsOn, eventsSince, type Waiting, waiting } from './events.ts';
import { withHands } from './hands.ts';
import { type Compared, compare, type Memory, remember } from './memory.ts';
import { isOfPace, type Pace, slower } from './pace.ts';
import { type Moved, movedSince, routingOf } from './routing.ts';
import type { Pause } from './slices.ts';
import { inOrder, type Problem, standing } from './standing.ts';

/** s over which rates are looked at. */
const WINDOW = 600;
const WEEK = 7 * 86_400_000;
/** How far back is looked where nothing is remembered. ms. */
const DAY = 86_400_000;
/** A quiet watch hears of the API server once a minute. ms. */
const STALE = 150_000;

export interface LookContext {
  cluster: Pick<Cluster, 'world' | 'read'>;
  changes: Pick<ChangeStore, 'list'>;
  /** What shall not be changed. */
  freezes?: Pick<RecordStore<MeshFreeze>, 'list'>;
  metrics: Metrics;
  certificates?: Certificates | undefined;
  clock: Clock;
  log?: Pick<Log, 'warn'>;
  /** Namespace whose services are called by their short names. */
  namespace: string;
  /** Between slices of long work. */
  pause?: Pause;
}

export interface Report extends Compared {
  /** Epoch ms. */
  at: number;
  /** Epoch ms from which on it tells what happened. */
  since: number;
  /** Whether a post before it is remembered. */
  isFirst: boolean;
  services: number;
  problems: Problem[];
  moved: Moved[];
  events: Event[];
  waiting: Waiting[];
  /** In force now. */
  frozen: MeshFreeze[];
  /** A string says why nothing is known. */
  pace: Pace | string;
  /** ms since the cluster was heard, where that is long ago. */
  stale?: number;
  memory: Memory;
}

/** `before`: what the last post remembered. */
export async function look(context: LookContext, before: Memory | undefined): Promise<Report> {
  const { cluster, changes, clock, namespace, pause = setImmediate } = context;
  const at = clock.now();
  // Of the same moment, so that what happens while it is looked is told by the next post alone.
  const changed = changes.list();
  const rates = await paceOf(context, at);
  const { world: live, age } = cluster.world();
  // As it is at this moment: the watches go on while it is looked at.
  const world = live.with([]);
  const certificates = context.certificates && (await ending(world, context.certificates, at));
  const unseen = (key: string): boolean =>
    (typeof rates === 'string' && isOfPace(key)) || certificates?.unseen.has(key) === true;
  const problems = inOrder([
    ...(await standing(world, namespace, at, pause)),
    ...(typeof rates === 'string' ? [] : slower(rates, namespace)),
    ...(certificates?.problems ?? []),
  ]);
  const { routing, partial } = await routingOf(world, pause);
  const since = before?.at ?? at - DAY;
  const events = eventsSince(changed, since);
  const moved = before ? movedSince(before.routing, routing, partial || before.partial) : [];
  const isOurs = (host: string): boolean => eventsOn(host, events, namespace).length > 0;
  return {
    ...compare(problems, before, unseen),
    at,
    since,
    isFirst: before === undefined,
    services: servicesIn(world),
    problems,
    moved: await withHands(moved, isOurs, { world, cluster, since }),
    events,
    // What is being proven is told as what it did.
    waiting: waiting(changed).filter(({ change }) => !events.some(event => event.change === change)),
    frozen: inForce(context.freezes?.list() ?? [], at),
    pace: rates,
    ...(age > STALE && { stale: age }),
    memory: remember({ problems, routing, partial }, before, at, unseen),
  };
}

async function paceOf({ metrics, log }: LookContext, at: number): Promise<Pace | string> {
  if (!metrics.services) return 'No Prometheus is known, so nothing is said of errors and latencies.';
  try {
    const [now, before] = await Promise.all([metrics.services(WINDOW), metrics.services(WINDOW, at - WEEK)]);
    return { now, before };
  } catch (error) {
    log?.warn({ err: error }, 'the metrics could not be read for a health post');
    return 'The metrics could not be read, so nothing is said of errors and latencies.';
  }
}

function servicesIn(world: World): number {
  return world.all('Service').filter(({ metadata }) => metadata.namespace !== 'kube-system').length;
}
