/** Sends the requests of one look, some at a time, each with a trace of its own. */
import type { Expectation } from '../plan.ts';
import type { Probe, ProbeAnswer, Random } from '../ports.ts';
import { tracedHeaders } from './traced.ts';

export interface Sent {
  traceId: string;
  answer: ProbeAnswer;
}

export interface SendOptions {
  requests: number;
  /** Requests under way at once. */
  concurrency: number;
  /** ms for one request. */
  timeout: number;
  signal?: AbortSignal | undefined;
}

/** In the order in which they were begun; fewer than asked for where `signal` is aborted. Throws ProbeError when a request must not or cannot be sent. */
export async function sendAll(
  { probe, random }: { probe: Probe; random: Random },
  { probe: { from, url }, headers }: Expectation & { probe: NonNullable<Expectation['probe']> },
  { requests, concurrency, timeout, signal }: SendOptions,
): Promise<Sent[]> {
  const sent: Sent[] = [];
  let begun = 0;
  const sendNext = async (): Promise<void> => {
    while (begun < requests && !signal?.aborted) {
      const index = begun++;
      const traceId = random.hex(16);
      const traced = tracedHeaders(traceId, random.hex(8));
      const answer = await probe.send({ from, method: 'GET', url, headers: { ...headers, ...traced }, timeout });
      sent[index] = { traceId, answer };
    }
  };
  await Promise.all(Array.from({ length: concurrency }, sendNext));
  return sent;
}

/** HTTP status → how many requests were answered with it; 0: with none. */
export function statusesOf(sent: Sent[]): Record<string, number> {
  return tally(sent.map(({ answer }) => String(answer.status)));
}

/** How often each of them is there. */
export function tally(values: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

/** With one decimal; 0 of none. */
export function medianOf(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  return middle === undefined ? 0 : Math.round(middle * 10) / 10;
}
