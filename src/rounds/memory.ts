/** What a post leaves for the next one to compare with, and the comparison. Pure. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Routing } from './routing.ts';
import type { Problem } from './standing.ts';

export interface Memory {
  /** Epoch ms of the look. */
  at: number;
  /** By key. `since`: epoch ms of the first post that told it. */
  problems: Record<string, { says: string; since: number }>;
  /** Marks of the keys of all others, where there are many. */
  others?: string[];
  routing: Routing;
  /** Not all routing is remembered. */
  partial?: boolean;
}

const schema = z.object({
  at: z.number(),
  problems: z.record(z.string(), z.object({ says: z.string(), since: z.number() })),
  others: z.array(z.string()).optional(),
  routing: z.record(z.string(), z.record(z.string(), z.string())),
  partial: z.boolean().optional(),
});

/** So many are remembered in words, and so many by a mark. */
const MOST = 200;
const MOST_MARKS = 5_000;
const LONGEST = 300;

/** undefined for what no meshbot of today wrote: then nothing is compared. */
export function memoryOf(json: string | undefined): Memory | undefined {
  try {
    const { partial, others, ...memory } = schema.parse(JSON.parse(json ?? ''));
    return { ...memory, ...(others && { others }), ...(partial && { partial }) };
  } catch {
    return undefined;
  }
}

export interface Compared {
  fresh: Problem[];
  /** `since`: epoch ms, where it is remembered. */
  standing: (Problem & { since?: number })[];
  /** What the last post told and is no more, in its words. */
  healed: string[];
}

/** `unseen`: whether a thing of this key could not be looked for this time; then it is neither healed nor told again. */
export function compare(
  problems: Problem[],
  before: Memory | undefined,
  unseen: (key: string) => boolean = () => false,
): Compared {
  const known = new Map(Object.entries(before?.problems ?? {}));
  const marked = new Set(before?.others);
  const now = new Set(problems.map(({ key }) => key));
  const isKnown = (key: string): boolean => known.has(key) || (marked.size > 0 && marked.has(markOf(key)));
  return {
    fresh: problems.filter(({ key }) => !isKnown(key)),
    standing: problems.flatMap(problem => {
      if (!isKnown(problem.key)) return [];
      const since = known.get(problem.key)?.since;
      return [{ ...problem, ...(since !== undefined && { since }) }];
    }),
    healed: [...known].flatMap(([key, { says }]) => (now.has(key) || unseen(key) ? [] : [says])),
  };
}

export function remember(
  { problems, routing, partial }: { problems: Problem[]; routing: Routing; partial: boolean },
  before: Memory | undefined,
  at: number,
  unseen: (key: string) => boolean = () => false,
): Memory {
  const known = new Map(Object.entries(before?.problems ?? {}));
  const carried = [...known].filter(([key]) => unseen(key));
  const kept = problems.slice(0, MOST).map(({ key, says }): [string, { says: string; since: number }] => {
    return [key, { says: says.slice(0, LONGEST), since: known.get(key)?.since ?? at }];
  });
  const others = problems.slice(MOST, MOST + MOST_MARKS).map(({ key }) => markOf(key));
  return {
    at,
    problems: Object.fromEntries([...carried, ...kept]),
    ...(others.length > 0 && { others }),
    routing,
    ...(partial && { partial }),
  };
}

/** Two keys of ten thousand have one mark once in a hundred billion meshes. */
function markOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 11);
}
