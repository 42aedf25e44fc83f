/** Waits until a trace is there, and whole: proxies send their spans some seconds late, and each when it likes. */
import type { Clock, Hop, Traces } from '../../src/ports.ts';

/** ms for which a trace is waited for. */
export const PATIENCE = 30_000;
/** ms without growth after which a trace that looks whole is taken for whole. */
const SHORT = 2_500;
/** ms after which any is: Envoy sends its spans every 5 s. */
const LONG = 5_500;
/** ms after its end from which on a trace grows no more. */
const OLD = 15_000;
/** ms between two news while there are none. */
const SILENCE = 8_000;

export interface Awaited {
  /** undefined: it never came. */
  hops: Hop[] | undefined;
  /** What the tracer said last instead of answering. */
  trouble?: string;
}

/** `news` is told of what has come so far, and after how many ms. Never throws for what the tracer answers. */
export async function awaitTrace(
  { traces, clock }: { traces: Traces; clock: Clock },
  traceId: string,
  news: (hops: Hop[] | undefined, waited: number) => Promise<void>,
): Promise<Awaited> {
  const begin = clock.now();
  let slept = 0;
  let hops: Hop[] | undefined;
  let trouble: string | undefined;
  let grewAt = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  for (let pause = 200; ; pause = Math.min(2_000, pause * 1.5)) {
    const before = hops?.length;
    try {
      hops = (await traces.find(traceId)) ?? hops;
      trouble = undefined;
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
    }
    const waited = Math.max(slept, clock.now() - begin);
    if (hops?.length !== before) grewAt = waited;
    if (hops && (isOld(hops, clock.now()) || waited - grewAt >= (isClosed(hops) ? SHORT : LONG))) return { hops };
    if (waited >= PATIENCE) return { hops, ...(trouble !== undefined && { trouble }) };
    if (hops?.length !== before || waited - toldAt >= SILENCE) {
      toldAt = waited;
      await news(hops, waited);
    }
    await clock.sleep(pause);
    slept += pause;
  }
}

function isOld(hops: Hop[], now: number): boolean {
  return Math.max(...hops.map(({ start, took }) => start + took)) + OLD < now;
}

/** One hop is above all others, and every call that was made was also answered. */
function isClosed(hops: Hop[]): boolean {
  const above = new Set(hops.map(({ parent }) => parent));
  const roots = hops.filter(({ parent }) => parent === undefined);
  return roots.length === 1 && hops.every(({ side, id }) => side !== 'client' || above.has(id));
}
