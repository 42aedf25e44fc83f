/** What a post leaves for the next one to compare with, and the comparison. Pure. */
import { z } from 'zod';
import type { Routing } from './routing.ts';
import type { Problem } from './standing.ts';

export interface Memory {
  /** Epoch ms of the look. */
  at: number;
  /** By key. `since`: epoch ms of the first post that told it. */
  problems: Record<string, { says: string; since: number }>;
  routing: Routing;
  /** Not all routing is remembered. */
  partial?: boolean;
}

const schema = z.object({
  at: z.number(),
  problems: z.record(z.string(), z.object({ says: z.string(), since: z.number() })),
  routing: z.record(z.string(), z.record(z.string(), z.string())),
  partial: z.boolean().optional(),
});

/** More than so many are counted, not told one by one. */
const MOST = 200;
const LONGEST = 300;

/** undefined for what no meshbot of today wrote: then nothing is compared. */
export function memoryOf(json: string | undefined): Memory | undefined {
  try {
    const { partial, ...memory } = schema.parse(JSON.parse(json ?? ''));
    return { ...memory, ...(partial && { partial }) };
  } catch {
    return undefined;
  }
}

export interface Compared {
  fresh: Problem[];
  standing: (Problem & { since: number })[];
  /** What the last post told and is no more, in its words. */
  healed: string[];
}

/** `unseen`: whether a thing of this key could not be looked for this time; then it is neither healed nor told again. */
export function compare(
  problems: Problem[],
  before: Memory | undefined,
  unseen: (key: string) => boolean = () => false,
): Compared {
  const known = before?.problems ?? {};
  const now = new Set(problems.map(({ key }) => key));
  return {
    fresh: problems.filter(({ key }) => !Object.hasOwn(known, key)),
    standing: problems.flatMap(problem =>
      Object.hasOwn(known, problem.key) ? [{ ...problem, since: known[problem.key]!.since }] : [],
    ),
    healed: Object.entries(known).flatMap(([key, { says }]) => (now.has(key) || unseen(key) ? [] : [says])),
  };
}

export function remember(
  { problems, routing, partial }: { problems: Problem[]; routing: Routing; partial: boolean },
  before: Memory | undefined,
  at: number,
  unseen: (key: string) => boolean = () => false,
): Memory {
  const carried = Object.entries(before?.problems ?? {}).filter(([key]) => unseen(key));
  const kept = problems.slice(0, MOST).map(({ key, says }): [string, { says: string; since: number }] => {
    const known = before?.problems;
    const since = known && Object.hasOwn(known, key) ? known[key]!.since : at;
    return [key, { says: says.slice(0, LONGEST), since }];
  });
  return { at, problems: Object.fromEntries([...carried, ...kept]), routing, ...(partial && { partial }) };
}
