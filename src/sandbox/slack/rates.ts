/** Slack's own rate limits, for when they are switched on: calls a minute by method, messages a second by channel. */

/** Calls a minute (docs.slack.dev, rate limits: tiers 2, 3 and 4). */
const PER_MINUTE: Record<string, number> = {
  'usergroups.list': 20,
  'usergroups.users.list': 20,
  'users.list': 20,
  'conversations.list': 20,
  'chat.update': 50,
  'chat.delete': 50,
  'conversations.info': 50,
  'conversations.history': 50,
  'conversations.replies': 50,
  'reactions.add': 50,
};
const OTHERS = 100;

/** Messages: one a second in each channel, with a little patience for a burst. */
const POST = { size: 3, perSecond: 1 };

export interface Rates {
  /** Counts the call. Seconds to wait when it is too many, else undefined. */
  take(method: string, channel: string | undefined): number | undefined;
}

export function newRates(now: () => number): Rates {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    take(method, channel) {
      if (method === 'apps.connections.open' || method === 'auth.test') return undefined;
      const posting = method === 'chat.postMessage';
      const perMinute = PER_MINUTE[method] ?? OTHERS;
      const { size, perSecond } = posting ? POST : { size: perMinute, perSecond: perMinute / 60 };
      const name = posting ? `${method} ${channel}` : method;
      const bucket = buckets.get(name) ?? { left: size, at: now() };
      buckets.set(name, bucket);
      bucket.left = Math.min(size, bucket.left + ((now() - bucket.at) / 1000) * perSecond);
      bucket.at = now();
      if (bucket.left < 1) return Math.ceil((1 - bucket.left) / perSecond);
      bucket.left -= 1;
      return undefined;
    },
  };
}
