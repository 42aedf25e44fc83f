/** One tracer that speaks several versions of an API: the newest that it understands is found out by asking. */
import type { z } from 'zod';
import type { Hop } from '../ports.ts';
import { addressOf, ask, TelemetryError } from './ask.ts';
import { checkId } from './hops.ts';

export interface Dialect<T> {
  /** Below the server's address. */
  path(traceId: string): string;
  schema: z.ZodType<T>;
  hops(answer: T): Hop[];
  /** How a 404 says that there is no such trace; undefined: as that of an API that is not there, which tells nothing. */
  absence?: z.ZodType;
}

export interface Speaker {
  server: string;
  /** In the order in which they are tried. */
  addresses: string[];
  tenant?: string | undefined;
}

type Asking = (traceId: string) => Promise<{ settled: boolean; hops?: Hop[] }>;

/** Fixes one dialect's types where it is written, so that a list can hold several. */
export function dialect<T>({ path, schema, hops, absence }: Dialect<T>): (speaker: Speaker, address: string) => Asking {
  return ({ server, tenant }, address) =>
    async traceId => {
      const answer = await ask({
        ...{ server, schema, tenant, url: addressOf(address, path(traceId)) },
        ...(absence && { absence }),
      });
      if (answer === undefined) return { settled: absence !== undefined };
      const found = hops(answer);
      return { settled: true, ...(found.length > 0 && { hops: found }) };
    };
}

/**
 * A `find` that tries each dialect at each address until one answers in a way that only it does; from then on that one
 * alone is asked. Throws TelemetryError when the server is not there, or understands none of them.
 */
export function findingBy(
  speaker: Speaker,
  dialects: ReturnType<typeof dialect>[],
): (traceId: string) => Promise<Hop[] | undefined> {
  const all = speaker.addresses.flatMap(address => dialects.map(speak => speak(speaker, address)));
  let known: Asking | undefined;
  return async traceId => {
    checkId(traceId);
    let failure: TelemetryError | undefined;
    let answered = false;
    const trusted = known;
    for (const asking of trusted ? [trusted] : all) {
      try {
        const { settled, hops } = await asking(traceId);
        known = settled ? asking : undefined;
        if (settled) return hops;
        answered = true;
      } catch (error) {
        // Without any answer there is nobody to try another dialect on.
        if (trusted || !(error instanceof TelemetryError) || error.status === undefined) throw error;
        failure ??= error;
      }
    }
    if (failure && !answered) throw failure;
    return undefined;
  };
}
