/** Sends many requests at once and tells of each what became of it, from the answer, the proxy's log and the echoes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientName } from '../case.ts';
import {
  type Arrival,
  flagsOf,
  type Observed,
  type Outcome,
  only,
  REQUEST_HEADERS,
  RESPONSE_HEADERS,
} from '../outcome.ts';
import type { Order } from './batch.ts';
import { arrivals, type Back, type Lab, type Seen, send } from './lab.ts';

const LANES = 12;
/** Requests in one call to a sender: an answer has to come within the client's 30 s. */
const PIECE = 600;

export interface Asked {
  client: ClientName;
  orders: Order[];
}

/** In the order of `asked`, and of the orders in each. */
export async function observations(lab: Lab, asked: Asked[]): Promise<Observed[][]> {
  await arrivals(lab);
  const byClient = new Map<ClientName, Order[]>();
  for (const { client, orders } of asked) byClient.set(client, [...(byClient.get(client) ?? []), ...orders]);
  const back = new Map<string, Back>();
  await Promise.all(
    [...byClient].map(async ([client, orders]) => {
      for (let at = 0; at < orders.length; at += PIECE) {
        for (const each of await send(lab, client, orders.slice(at, at + PIECE), LANES)) back.set(each.id, each);
      }
    }),
  );
  const ids = [...back.values()].filter(each => each.status !== 0).map(each => each.id);
  for (let left = 40; left > 0 && !ids.every(id => lab.logs.has(id)); left -= 1) await sleep(100);
  const seen = new Map<string, Seen[]>();
  for (const each of await arrivals(lab)) seen.set(each.id, [...(seen.get(each.id) ?? []), each]);
  return asked.map(({ orders }) => orders.map(({ id }) => observed(lab, back.get(id)!, seen.get(id) ?? [])));
}

function observed(lab: Lab, back: Back, seen: Seen[]): Observed {
  const log = lab.logs.take(back.id);
  const nonce = nonceOf(back.body);
  const main = seen.find(each => each.nonce === nonce);
  const outcome: Outcome = {
    status: back.status,
    flags: back.status === 0 ? '-' : log ? flagsOf(log.flags) : '?',
    headers: only(RESPONSE_HEADERS, back.headers),
    ...(main
      ? {
          cluster: clusterName(log?.cluster),
          tries: Number(main.headers['x-envoy-attempt-count'] ?? 1),
          upstream: arrivalOf(main),
        }
      : bodied(back.body)),
    ...(back.headers.location === undefined ? {} : { location: back.headers.location }),
  };
  return {
    outcome,
    ...(main ? { version: main.version } : {}),
    mirrors: seen.filter(each => each !== main).map(each => ({ arrival: arrivalOf(each), version: each.version })),
    took: back.took,
  };
}

/** Since 1.23 a semicolon ends the name in statistics. */
const clusterName = (name = '?') => name.replace(/;.*$/, '');

/** Envoy's own words for an upstream that failed say nothing more than the flags. */
function bodied(body: string): { body?: string } {
  return body === '' || body.startsWith('upstream ') ? {} : { body };
}

function nonceOf(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { nonce?: string }).nonce;
  } catch {
    return undefined;
  }
}

function arrivalOf({ namespace, port, path, authority, headers }: Seen): Arrival {
  return { namespace, port, path, authority, headers: only(REQUEST_HEADERS, headers) };
}
