/** Who sent requests another way, where no change of meshbot's did: what the API server remembers of an object's writers. */
import { type Hand, handsOn } from '../change/why/hands.ts';
import { bearingOn } from '../istio/route/bearing.ts';
import type { World } from '../istio/world.ts';
import { refOf } from '../object.ts';
import { type Cluster, ClusterError } from '../ports.ts';
import type { Moved } from './routing.ts';

/** Services that are asked about in one look. */
const MOST = 10;
/** Writers' times are whole seconds, and their clock is the API server's. ms. */
const CLOCKS = 60_000;

/** Each that is not `isOurs` with those who wrote since; of what was deleted nobody is remembered. */
export async function withHands(
  moved: Moved[],
  isOurs: (host: string) => boolean,
  { world, cluster, since }: { world: World; cluster: Pick<Cluster, 'read'>; since: number },
): Promise<Moved[]> {
  const hosts = [...new Set(moved.map(({ host }) => host))].filter(host => !isOurs(host)).slice(0, MOST);
  const found = new Map(await Promise.all(hosts.map(async host => [host, await handsOf(host)] as const)));
  return moved.map(each => ({ ...each, ...(found.has(each.host) && { hands: found.get(each.host)! }) }));

  async function handsOf(host: string): Promise<Hand[]> {
    const routing = bearingOn(world, host).filter(({ kind }) => kind !== 'Gateway');
    const objects = await Promise.all(routing.map(object => cluster.read(refOf(object)).catch(passing)));
    const hands = objects.flatMap(object => (object ? handsOn(object, ['spec']) : { owners: [], others: [] }));
    const late = hands
      .flatMap(({ owners, others }) => [...owners, ...others])
      .filter(({ at = 0 }) => at > since - CLOCKS);
    const byName = new Map(late.map(hand => [hand.manager, hand]));
    return [...byName.values()];
  }
}

/** Who did it is an extra. */
function passing(error: unknown): undefined {
  if (!(error instanceof ClusterError)) throw error;
  return undefined;
}
