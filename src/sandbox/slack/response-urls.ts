/** response_urls: where the app can answer what one person did, five times within half an hour. */
import { secret } from './ids.ts';

const RESPONSE_URL_USES = 5;
const RESPONSE_URL_LIFETIME = 30 * 60_000;

export interface ResponseUrl {
  user: string;
  channel: string;
  /** The message that was acted on: the original that may be replaced or deleted. */
  clicked?: { ts: string; ephemeral: boolean };
  /** Without one, the last message that the app sent this way. */
  said?: { ts: string; ephemeral: boolean };
}

export interface ResponseUrls {
  /** An address below `base`. `about` is kept, not copied. */
  issue(base: string, about: ResponseUrl): string;
  /** Counts one use. A string is Slack's error code. */
  use(ticket: string): ResponseUrl | string;
}

export function newResponseUrls(now: () => number): ResponseUrls {
  const known = new Map<string, { about: ResponseUrl; at: number; uses: number }>();
  return {
    issue(base, about) {
      if (known.size > 5000) {
        for (const [ticket, old] of known) if (now() - old.at > 2 * RESPONSE_URL_LIFETIME) known.delete(ticket);
      }
      const ticket = secret(16);
      known.set(ticket, { about, at: now(), uses: 0 });
      return `${base}respond/${ticket}`;
    },
    use(ticket) {
      const entry = known.get(ticket);
      if (!entry) return 'no_service';
      if (now() - entry.at >= RESPONSE_URL_LIFETIME) return 'expired_url';
      if (entry.uses >= RESPONSE_URL_USES) return 'used_url';
      entry.uses += 1;
      return entry.about;
    },
  };
}
