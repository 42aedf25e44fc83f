/** Cuts a list into pages with Slack's cursors. */
import type { JsonObject } from '../../../object.ts';
import { SlackRefusal } from '../errors.ts';
import type { Arguments } from './arguments.ts';

/** `next`: what goes into response_metadata. Throws invalid_cursor. */
export function pageOf<T>(list: T[], args: Arguments, fallback = 100): { items: T[]; next: JsonObject; more: boolean } {
  const size = args.whole('limit', fallback, 1000);
  const start = startOf(args.text('cursor'));
  if (start > list.length) throw new SlackRefusal('invalid_cursor');
  const end = start + size;
  const more = end < list.length;
  return {
    items: list.slice(start, end),
    next: { next_cursor: more ? Buffer.from(`next:${end}`).toString('base64') : '' },
    more,
  };
}

function startOf(cursor: string | undefined): number {
  if (!cursor) return 0;
  const match = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString());
  if (!match) throw new SlackRefusal('invalid_cursor');
  return Number(match[1]);
}
