/** The Bookinfo shop from outside: which version of reviews its pages come with, and the state that a story begins in. */
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
  /** `spec` of an object of the shop's. */
  spec(kind: 'VirtualService' | 'DestinationRule' | 'Gateway', name: string): Promise<KubeObject['spec']>;
  /** Bookinfo as it is at the start: reviews are v1, except for jason. */
  reset(): Promise<void>;
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

  return {
    stars,
    async showsOnly(wanted, user) {
      const pages = 20;
      const end = Date.now() + 15_000;
      for (;;) {
        const seen = await stars(pages, user);
        if (seen[wanted] === pages) return;
        if (Date.now() > end)
          throw new Error(`${wanted} stars were to come for ${user ?? 'all'}: ${JSON.stringify(seen)}`);
        await sleep(200);
      }
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
    for (const object of await world.list(kind.toLowerCase() + (kind.endsWith('y') ? '' : 's'), 'default')) {
      const ref = refOf({ ...object, kind });
      if (!isWanted(ref)) await world.remove(ref);
    }
  }
}

/** In Bookinfo's own page and in the local world's. */
function starsIn(page: string): Stars {
  return (/(?:class="stars |color="?)(red|black)/.exec(page)?.[1] as Stars | undefined) ?? 'none';
}
