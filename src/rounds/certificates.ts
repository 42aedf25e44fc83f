/** Certificates that Gateways present, as whoever connects sees them: meshbot may read no Secret. */
import { number, object, objects, strings, text } from '../istio/route/json.ts';
import type { World } from '../istio/world.ts';
import { refKey, refOf } from '../object.ts';
import type { Certificates } from '../ports.ts';
import type { Problem } from './standing.ts';

const DAY = 86_400_000;
/** Days before the end from which on it is told, and told as an error. */
const SOON = 14;
const VERY_SOON = 3;
/** Handshakes of one look, and at once. */
const MOST = 60;
const AT_ONCE = 6;

interface Shown {
  gateway: { namespace: string; name: string };
  port: number;
  /** As the Gateway writes it: `*.example.com`. */
  host: string;
  /** Name that a client asks for; undefined: none, as for `*`. */
  asked: string | undefined;
  /** Name of its Secret. */
  credential: string | undefined;
  path: string;
}

/** What ends soon, and the keys of what could not be looked at. */
export async function ending(
  world: World,
  certificates: Certificates,
  now: number,
): Promise<{ problems: Problem[]; unseen: Set<string> }> {
  const all = shown(world);
  const queue = all.slice(0, MOST);
  const problems: Problem[] = [];
  const unseen = new Set(all.slice(MOST).map(keyOf));
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      try {
        const until = await certificates.expiry(next.gateway, next.port, next.asked);
        if (until !== undefined && until - now < SOON * DAY) problems.push(problemOf(next, until, now));
      } catch {
        unseen.add(keyOf(next));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { problems, unseen };
}

/** One host for each certificate: those of one Secret are the same. */
function shown(world: World): Shown[] {
  const found = new Map<string, Shown>();
  for (const gateway of world.all('Gateway')) {
    const { name, namespace = '' } = gateway.metadata;
    const path = refKey(refOf(gateway));
    for (const server of objects(gateway.spec?.servers)) {
      const tls = object(server.tls);
      const port = number(object(server.port)?.number);
      const credential = text(tls?.credentialName);
      // What passes through encrypted shows the certificate of whoever is behind.
      if (!tls || port === undefined || !/^(SIMPLE|MUTUAL|OPTIONAL_MUTUAL)$/.test(text(tls.mode) ?? 'PASSTHROUGH'))
        continue;
      for (const each of strings(server.hosts)) {
        const host = each.slice(each.indexOf('/') + 1).toLowerCase();
        const same = `${path} ${port} ${credential ?? host}`;
        if (found.has(same)) continue;
        const asked = host === '*' ? undefined : host.replace(/^\*/, 'meshbot');
        found.set(same, { gateway: { namespace, name }, port, host, asked, credential, path });
      }
    }
  }
  return [...found.values()];
}

function keyOf({ path, port, credential, host }: Shown): string {
  return `certificate ${path} ${port} ${credential ?? host}`;
}

function problemOf(shown: Shown, until: number, now: number): Problem {
  const days = Math.floor((until - now) / DAY);
  const date = new Date(until).toISOString().slice(0, 10);
  const ends =
    until <= now
      ? `ended on ${date}`
      : `ends on ${date}, ${days === 0 ? 'today' : days === 1 ? 'in one day' : `in ${days} days`}`;
  const { credential } = shown;
  return {
    key: keyOf(shown),
    severity: until - now < VERY_SOON * DAY ? 'error' : 'warning',
    says: `The certificate for ${shown.host} at port ${shown.port} ${ends}.`,
    path: shown.path,
    fix: credential === undefined ? 'Renew it.' : `Renew it in the Secret ${credential}.`,
  };
}
