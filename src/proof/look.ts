/** One look at the mesh: sends requests that each carry a trace of their own, and collects where they went. */
import type { Expectation } from '../plan.ts';
import type { Clock, Hop, Probe, Random, Traces } from '../ports.ts';
import { type SendOptions, sendAll, statusesOf, tally } from './sending.ts';
import { versionAt } from './tracing.ts';

/** Once no more of the traces grow for so long, the missing ones were not sampled. ms. */
const DRY = 4_000;

export interface LookOptions extends SendOptions {
  /** ms to wait for the traces of all requests. */
  traces: number;
}

export interface Look {
  sent: number;
  /** Requests whose version at the host is known. */
  seen: Record<string, number>;
  statuses: Record<string, number>;
  /** ms, of each request. */
  took: number[];
  /** Requests whose trace came, wherever it leads. */
  traced: number;
  /** Of those whose trace shows the version that answered. */
  known: { traceId: string; version: string; hops: Hop[] }[];
  /** What the tracer said instead of answering. */
  tracer?: string;
  /** What the first request said that had no answer at all. */
  failure?: string;
}

interface Ports {
  probe: Probe;
  traces: Traces;
  clock: Clock;
  random: Random;
}

/** Throws ProbeError when a request must not or cannot be sent. */
export async function lookOnce(
  ports: Ports,
  expectation: Expectation & { probe: NonNullable<Expectation['probe']> },
  options: LookOptions,
): Promise<Look> {
  const requests = await sendAll(ports, expectation, options);
  const answers = requests.map(({ answer }) => answer);
  const ids = requests.map(({ traceId }) => traceId);
  const { found, tracer } = await collect(ports, ids, options);
  const known = [...found].flatMap(([traceId, hops]) => {
    const version = versionAt(hops, expectation.host, expectation.where);
    return version === undefined ? [] : [{ traceId, version, hops }];
  });
  const failure = answers.find(answer => answer.status === 0)?.error;
  return {
    sent: answers.length,
    seen: tally(known.map(({ version }) => version)),
    statuses: statusesOf(requests),
    traced: found.size,
    took: answers.map(({ took }) => took),
    known,
    ...(tracer !== undefined && { tracer }),
    ...(failure !== undefined && { failure }),
  };
}

/** Two looks as one. */
export function together(first: Look, second: Look): Look {
  const tracer = second.tracer ?? first.tracer;
  const failure = first.failure ?? second.failure;
  return {
    sent: first.sent + second.sent,
    seen: summed(first.seen, second.seen),
    statuses: summed(first.statuses, second.statuses),
    traced: first.traced + second.traced,
    took: [...first.took, ...second.took],
    known: [...first.known, ...second.known],
    ...(tracer !== undefined && { tracer }),
    ...(failure !== undefined && { failure }),
  };
}

function summed(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  const all = { ...a };
  for (const [key, count] of Object.entries(b)) all[key] = (all[key] ?? 0) + count;
  return all;
}

/** Asks again for what is not there, until all is there or time is up: tracers are some seconds behind. */
async function collect(
  { traces, clock }: Ports,
  ids: string[],
  options: LookOptions,
): Promise<{ found: Map<string, Hop[]>; tracer?: string }> {
  const found = new Map<string, Hop[]>();
  /** A trace grows while its spans come in: it is whole when it has not grown since the last look. */
  const sizes = new Map<string, number>();
  const until = clock.now() + options.traces;
  let grewAt = clock.now();
  let tracer: string | undefined;
  for (let pause = 200; !options.signal?.aborted; pause = Math.min(2_000, pause * 1.6)) {
    tracer = undefined;
    const open = ids.filter(each => !found.has(each));
    const findNext = async (): Promise<void> => {
      for (let id = open.shift(); id !== undefined && tracer === undefined; id = open.shift()) {
        try {
          const hops = await traces.find(id);
          if (!hops) continue;
          if (sizes.get(id) === hops.length) found.set(id, hops);
          else grewAt = clock.now();
          sizes.set(id, hops.length);
        } catch (error) {
          tracer ??= error instanceof Error ? error.message : String(error);
        }
      }
    };
    await Promise.all(Array.from({ length: options.concurrency }, findNext));
    const dried = found.size > 0 && found.size === sizes.size && clock.now() - grewAt > DRY;
    if (found.size === ids.length || dried || clock.now() >= until) break;
    await clock.sleep(pause, options.signal);
  }
  return { found, ...(tracer !== undefined && { tracer }) };
}
