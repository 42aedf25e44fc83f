/** The messages in which the changes behind an explanation are told: their receipts, or else their cards. */
import type { MeshChange, MessageRecord } from '../../src/change/meshchange.ts';
import type { Explained, Origin } from '../../src/change/why/explaining.ts';
import type { QueryContext } from '../../src/command.ts';
import type { Posted } from '../../src/ports.ts';

export interface Told {
  change: MeshChange;
  /** Absent: no message of it is known. */
  posted?: Posted;
  /** Where a person can open it; absent where the chat does not say. */
  link?: string;
}

/** Each change once, the newest write first. */
export async function receiptsOf(
  explained: Explained[],
  { permalink }: Pick<QueryContext, 'permalink'>,
): Promise<Told[]> {
  const changes = new Map(
    explained.flatMap(({ origin }) => changesIn(origin)).map(found => [found.change.metadata.name, found]),
  );
  const sorted = [...changes.values()].sort((a, b) => b.at - a.at);
  return Promise.all(
    sorted.map(async ({ change }): Promise<Told> => {
      const posted = messageOf(change);
      const link = posted && (await permalink?.(posted));
      return { change, ...(posted && { posted }), ...(link !== undefined && { link }) };
    }),
  );
}

function changesIn(origin: Origin): { change: MeshChange; at: number }[] {
  if (origin.by !== 'change') return [];
  return [origin, ...(origin.restores ? changesIn(origin.restores) : [])].map(({ change, at }) => ({ change, at }));
}

/** Successors of a message are called `card#2`, `card#3`: the last that is there counts. */
function messageOf(change: MeshChange): Posted | undefined {
  const messages = Object.entries(change.status?.messages ?? {});
  for (const slot of ['receipt', 'card']) {
    const kept = messages.filter(([name]) => name.split('#')[0] === slot).map(([, record]) => record);
    const found = kept.findLast(
      (record): record is MessageRecord & Posted => !!record.ts && !!record.channel && !record.gone,
    );
    if (found) return { channel: found.channel, ts: found.ts };
  }
  return undefined;
}
