/** The message of a key in a channel or thread, looked for in Slack itself. */
import type { WebClient } from '@slack/web-api';
import type { MessageKey, Place, Posted } from '../ports.ts';
import type { Identity } from './identity.ts';
import { isOurs } from './metadata.ts';

/** Slack's clock and ours may differ by this much, ms. */
const SKEW = 5 * 60_000;
const PAGE = 200;
/** 10,000 messages since the post was tried: nobody waits longer. */
const MOST_PAGES = 50;

/** `since`: epoch ms from when on it can have been posted. */
export async function findPosted(
  client: WebClient,
  identity: Identity,
  place: Place,
  key: MessageKey,
  since: number,
): Promise<Posted | undefined> {
  const asked = {
    channel: place.channel,
    oldest: seconds(since - SKEW),
    include_all_metadata: true,
    limit: PAGE,
  };
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const next = { ...asked, ...(cursor && { cursor }) };
    const answer = place.thread
      ? await client.conversations.replies({ ...next, ts: place.thread })
      : await client.conversations.history(next);
    const found = answer.messages?.find(message => isOurs(message, key, identity));
    if (found?.ts) return { channel: place.channel, ts: found.ts };
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return undefined;
  }
  return undefined;
}

/** Slack's notation of a moment. */
function seconds(time: number): string {
  return (Math.max(0, time) / 1000).toFixed(6);
}
