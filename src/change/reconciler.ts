/** Watches the changes and moves each on to its end, and draws it, alone or beside any number of other replicas. */
import { kept } from '../post-once.ts';
import { Book } from './book.ts';
import { Channels } from './channels.ts';
import { advance, type Context, isMine, type Ports, TIMING } from './context.ts';
import { Readings } from './course/readings.ts';
import { draw, type Easel, newEasel } from './drawing.ts';
import { goesBack, isSettled } from './due.ts';
import { Lane } from './lane.ts';
import type { MeshChange, Phase } from './meshchange.ts';
import { move, originalOf } from './moving.ts';
import { statusOf } from './phases.ts';
import { Turns } from './turns.ts';
import { Verdicts } from './verdicts.ts';

/** Phases that are usually over before a drawing of them would be read; drawn when they last. */
const PASSING: ReadonlySet<Phase> = new Set<Phase>(['Requested', 'Stale', 'Approved', 'Applying', 'Reverting']);
/** ms. */
const LASTS = 700;
/** ms; shorter than the claim period, so that a holder that fails is back before it is taken for dead. */
const LONGEST_MOVE_WAIT = 10_000;
const LONGEST_DRAW_WAIT = 30_000;
/** Changes that are moved at once. A command or click that comes in meanwhile waits behind no more than these. */
const AT_ONCE = 8;

export interface Reconciler {
  /** Finishes the steps that run, then lets go of what is held, so that others need not wait. */
  stop(): Promise<void>;
}

interface Worker {
  moving: Lane;
  drawing: Lane;
  easel: Easel;
}

export function startReconciler(ports: Ports): Reconciler {
  const stopping = new AbortController();
  const workers = new Map<string, Worker>();
  const context: Context = {
    ...ports,
    stopping: stopping.signal,
    timing: { ...TIMING, ...ports.timing },
    book: new Book(ports.store, ports.clock),
    readings: new Readings(ports.metrics, ports.clock, name => workers.get(name)?.moving.kick()),
    verdicts: new Verdicts(ports.clock, ports.log, name => workers.get(name)?.moving.kick()),
  };
  const channels = new Channels(ports.clock, stopping.signal);
  const turns = new Turns(AT_ONCE);

  function hear(change: MeshChange): void {
    if (stopping.signal.aborted) return;
    const name = change.metadata.name;
    context.book.note(change);
    // Judged by what was heard, not by what was just saved: older versions may still be on their way here.
    if (isSettled(change, originalOf(context, change), ports.clock.now())) {
      dismiss(name);
      return;
    }
    const worker = workers.get(name) ?? employ(name);
    worker.moving.kick();
    worker.drawing.kick();
  }

  function employ(name: string): Worker {
    const lane = (step: () => Promise<number | undefined>, longest: number, asked?: number): Lane =>
      new Lane({
        ...(asked !== undefined && { asked }),
        clock: ports.clock,
        random: ports.random,
        longest,
        step,
        failed: (error, wait) =>
          ports.log.warn({ change_id: name, err: error, wait }, 'step failed, will be tried again'),
      });
    const worker: Worker = {
      easel: newEasel(),
      moving: lane(() => moveInTurn(name, worker), LONGEST_MOVE_WAIT, LONGEST_MOVE_WAIT),
      drawing: lane(() => drawInLine(name, worker), LONGEST_DRAW_WAIT),
    };
    workers.set(name, worker);
    return worker;
  }

  /** A proof takes seconds and asks little of the API server: it holds up nobody. The way back waits for nobody. */
  function moveInTurn(name: string, worker: Worker): Promise<number | undefined> {
    const step = () => move(context, name, card => taken(worker, card));
    const change = context.book.latest(name);
    if (change?.status?.phase === 'Applied' || (change && goesBack(change))) return step();
    return turns.take(async () => {
      await ports.courtesy?.();
      return step();
    });
  }

  function taken(worker: Worker, card: boolean): void {
    worker.easel = newEasel();
    if (card) worker.easel.attempts.set('card', kept(ports.clock.now()));
    worker.drawing.kick();
  }

  async function drawInLine(name: string, worker: Worker): Promise<number | undefined> {
    const change = context.book.latest(name);
    if (!change || !isMine(context, change)) return undefined;
    const status = statusOf(change);
    const lasted = context.book.stoodStill(name);
    if (PASSING.has(status.phase) && status.message === undefined && lasted < LASTS) return LASTS - lasted;
    return channels.inLine(change.spec.origin.channel, async () => {
      await ports.courtesy?.();
      return draw(context, name, worker.easel);
    });
  }

  function dismiss(name: string): void {
    const worker = workers.get(name);
    workers.delete(name);
    context.readings.forget(name);
    context.verdicts.forget(name);
    context.book.forget(name);
    void worker?.moving.stop();
    void worker?.drawing.stop();
  }

  const unwatch = ports.store.watch(hear);

  return {
    async stop() {
      stopping.abort();
      unwatch();
      await Promise.all([...workers.values()].flatMap(({ moving, drawing }) => [moving.stop(), drawing.stop()]));
      const mine = context.book.open().filter(change => isMine(context, change));
      await Promise.allSettled(mine.map(change => advance(context, change.metadata.name, { type: 'released' })));
    },
  };
}
