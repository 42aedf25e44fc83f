/** The lab's etcd, asked by its JSON gateway: how often a key was written, what it holds, and compaction. */
import { ETCD } from '../mesh/run/control-plane.ts';

export interface Kept {
  /** Writes of this key since it was created: etcd counts them itself. */
  writes: number;
  value: Record<string, unknown>;
}

export const REVIEWS = '/registry/networking.istio.io/virtualservices/default/reviews';

export const changeKey = (name: string) => `/registry/meshbot.dev/meshchanges/meshbot/${name}`;

/** undefined: there is no such key. Custom resources are kept as JSON. */
export async function kept(key: string): Promise<Kept | undefined> {
  const { kvs = [] } = await ask<{ kvs?: { version: string; value: string }[] }>('range', { key: base64(key) });
  const [found] = kvs;
  if (!found) return undefined;
  return { writes: Number(found.version), value: JSON.parse(Buffer.from(found.value, 'base64').toString('utf8')) };
}

/** Everything before now is forgotten: who watches from an older version cannot go on. */
export async function compact(): Promise<void> {
  const { header } = await ask<{ header: { revision: string } }>('range', { key: base64(REVIEWS) });
  await ask('compaction', { revision: header.revision, physical: true });
}

async function ask<T>(what: string, body: object): Promise<T> {
  const answer = await fetch(`${ETCD}/v3/kv/${what}`, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`etcd answered ${what} with ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
