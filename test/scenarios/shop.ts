/** The Bookinfo shop from outside: which version of reviews its pages come with, and the state that a story begins in. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { loadAll } from 'js-yaml';
import { type KubeObject, type ObjectRef, refOf } from '../../src/object.ts';
import type { World } from './world/world.ts';

const TRAFFIC = new URL('../../src/sandbox/bookinfo/traffic.yaml', import.meta.url);

/** Kinds that stories make; none is left of one story in the next. */
const KINDS = [
  'VirtualService',
  'DestinationRule',
  'Gateway',
  'ServiceEntry',
  'AuthorizationPolicy',
  'PeerAuthentication',
];

export type Stars = 'none' | 'black' | 'red';

export interface Shop {
  /** Pages by the colour of their stars: v1 has none, v2 black, v3 red ones. What is no page counts as its status. */
  stars(visits: number, user?: string): Promise<Partial<Record<Stars | `${number}`, number>>>;
  /** Visits until all pages come with these stars, as a proxy takes a moment; throws with what came instead. */
  showsOnly(stars: Stars, user?: string): Promise<void>;
  /** Visits until pages come with different stars, as they do without a rule. */
  alternates(): Promise<void>;
  /** Requests that pods of a version ever got, copies of a mirror too, as Prometheus has it. */
  received(app: string, version: string): Promise<number>;
  /** The same once it stands still. */
  settled(app: string, version: string): Promise<number>;
  /** Which versions of `service` answered in the trace of one page, as Zipkin has it. */
  traced(service: string, user?: string): Promise<string[]>;
  /** `spec` of an object of the shop's. */
  spec(kind: 'VirtualService' | 'DestinationRule' | 'Gateway', name: string): Promise<KubeObject['spec']>;
  /** Bookinfo as it is at the start: reviews are v1, except for jason. */
  reset(): Promise<void>;
}

/** ms after which a count that did not move has settled: proxies write their logs once a second, Prometheus reads each. */
const STANDSTILL = { local: 50, mesh: 3_000 };

/** Zipkin has a trace a moment after it happened, and not all of it at once. */
async function spansOf(zipkin: string, id: string, service: string): Promise<string[]> {
  let versions: string[] = [];
  await visited(async () => {
    const answer = await fetch(`${zipkin}/api/v2/trace/${id}`);
    const spans = answer.ok ? ((await answer.json()) as { kind?: string; tags?: Record<string, string> }[]) : [];
    const served = spans.filter(({ kind, tags }) => kind === 'SERVER' && tags?.['istio.canonical_service'] === service);
    versions = served.map(({ tags }) => tags?.['istio.canonical_revision'] ?? '');
    return versions.length > 0 ? undefined : `Zipkin has no span of ${service} in the trace ${id}`;
  });
  return versions;
}

/** Tries until nothing is wrong; throws with what was wrong last. */
async function visited(wrong: () => Promise<string | undefined>): Promise<void> {
  const end = Date.now() + 30_000;
  for (;;) {
    const why = await wrong();
    if (why === undefined) return;
    if (Date.now() > end) throw new Error(why);
    await sleep(200);
  }
}

/** Pages that are asked for at the same time. */
const AT_ONCE = 4;

export function shopIn(world: World): Shop {
  async function stars(visits: number, user?: string) {
    const counts: Partial<Record<Stars | `${number}`, number>> = {};
    let left = visits;
    const visitor = async () => {
      while (left-- > 0) {
        const page = await world.visit({ path: '/productpage', ...(user !== undefined && { user }) });
        const seen = page.status === 200 ? starsIn(page.body) : (`${page.status}` as const);
        counts[seen] = (counts[seen] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, visitor));
    return counts;
  }

  async function received(app: string, version: string) {
    const labels = `reporter="destination",destination_app="${app}",destination_version="${version}"`;
    const query = encodeURIComponent(`sum(istio_requests_total{${labels}})`);
    const answer = await fetch(`${world.prometheus}/api/v1/query?query=${query}`);
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    return Number(data.result[0]?.value[1] ?? 0);
  }

  return {
    stars,
    async showsOnly(wanted, user) {
      const pages = 20;
      await visited(async () => {
        const seen = await stars(pages, user);
        if (seen[wanted] === pages) return undefined;
        return `${wanted} stars were to come for ${user ?? 'all'}: ${JSON.stringify(seen)}`;
      });
    },
    async alternates() {
      await visited(async () => {
        const seen = await stars(20);
        return Object.keys(seen).length > 1 ? undefined : `pages were to differ: ${JSON.stringify(seen)}`;
      });
    },
    received,
    async settled(app, version) {
      for (let last = -1; ; await sleep(STANDSTILL[world.name])) {
        const now = await received(app, version);
        if (now === last) return now;
        last = now;
      }
    },
    async traced(service, user) {
      const id = randomBytes(16).toString('hex');
      const b3 = { 'x-b3-traceid': id, 'x-b3-spanid': id.slice(16), 'x-b3-sampled': '1' };
      const headers = { ...b3, traceparent: `00-${id}-${id.slice(16)}-01` };
      await world.visit({ path: '/productpage', headers, ...(user !== undefined && { user }) });
      return spansOf(world.zipkin, id, service);
    },
    async spec(kind, name) {
      return (await world.read({ apiVersion: 'networking.istio.io/v1', kind, namespace: 'default', name }))?.spec;
    },
    async reset() {
      const wanted = loadAll(readFileSync(TRAFFIC, 'utf8')) as KubeObject[];
      await removeOthers(world, wanted);
      for (const object of wanted) {
        const found = await world.read(refOf(object));
        if (!isDeepStrictEqual(found?.spec, object.spec)) await world.apply(object);
      }
      await this.showsOnly('none');
    },
  };
}

async function removeOthers(world: World, wanted: KubeObject[]): Promise<void> {
  const isWanted = ({ kind, name }: ObjectRef) =>
    wanted.some(object => object.kind === kind && object.metadata.name === name);
  for (const kind of KINDS) {
    for (const object of await world.list(kind, 'default')) {
      const ref = refOf({ ...object, kind });
      if (!isWanted(ref)) await world.remove(ref);
    }
  }
}

/** In Bookinfo's own page and in the local world's. */
function starsIn(page: string): Stars {
  return (/(?:class="stars |color="?)(red|black)/.exec(page)?.[1] as Stars | undefined) ?? 'none';
}
