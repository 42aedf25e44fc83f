/** Where the requests of one entrance go in one world: to which services and versions, or who answers instead. */
import { shortHost } from '../../hosts.ts';
import { versionOf } from '../../route/describe.ts';
import { routeAtGateway } from '../../route/gateway.ts';
import { gatewaysOf } from '../../route/mesh.ts';
import type { World } from '../../world.ts';
import { objectsOf } from '../read.ts';
import { entryOf } from '../service/service.ts';
import { sharesOf } from '../share/weights.ts';
import { type Entrance, letsIn, nameFor } from './entrances.ts';
import { isSwitchedOff } from './switched.ts';

export interface Reached {
  /** Fully qualified. */
  host: string;
  version?: string;
  /** Percent of the entrance's requests. */
  share: number;
}

export type Answer =
  | { kind: 'service'; reached: Reached[] }
  /** The gateway answers by itself, because a route or a server of it says so. */
  | { kind: 'gateway'; does: 'redirects' | 'answers' }
  /** Status 0: the connection is refused. */
  | { kind: 'nobody'; status: number };

export function answerTo(world: World, entrance: Entrance): Answer {
  const { scheme, sample, client } = entrance;
  if (scheme === undefined || !sample) return bySight(world, entrance);
  const host = nameFor(entrance);
  const { headers, path = '/' } = sample;
  const decision = routeAtGateway(
    world,
    { from: client, host, port: client.port, path, method: 'GET', scheme, headers },
    client,
  );
  switch (decision.kind) {
    case 'forward':
      return { kind: 'service', reached: decision.destinations.filter(({ share }) => share > 0) };
    case 'redirect':
      return { kind: 'gateway', does: 'redirects' };
    case 'direct-response':
      return { kind: 'gateway', does: 'answers' };
    case 'passthrough':
      return { kind: 'nobody', status: 404 };
    case 'none':
      return { kind: 'nobody', status: decision.status };
  }
}

/** Where no request can be made up: whether a Gateway that is on still has the same host, port and route. */
function bySight(world: World, entrance: Entrance): Answer {
  const { root, place } = entrance;
  const isThere = gatewaysOf(root).some(name => {
    const [namespace = '', own = ''] = name.split('/');
    const gateway = world.get('Gateway', namespace, own);
    return gateway !== undefined && !isSwitchedOff(gateway) && letsIn(gateway, entrance);
  });
  if (!isThere) return { kind: 'nobody', status: 0 };
  if (place.leads === 'redirect') return { kind: 'gateway', does: 'redirects' };
  if (place.leads !== 'destinations') return { kind: 'gateway', does: 'answers' };
  const entries = objectsOf(place.route.route).map(json => entryOf(json, place.object.metadata.namespace ?? ''));
  const shares = sharesOf(entries.map(({ weight }) => weight));
  const reached = entries.map(({ host, subset }, index): Reached => {
    const version = versionOf(world, host, subset);
    return { host, share: shares[index]!, ...(version !== undefined && { version }) };
  });
  return { kind: 'service', reached: reached.filter(({ share }) => share > 0) };
}

/** As the rows of a card name it: percent by destination in words. */
export function sharesIn(answer: Answer, reader: string): Map<string, number> {
  switch (answer.kind) {
    case 'service': {
      const shares = new Map<string, number>();
      for (const { host, version, share } of answer.reached) {
        const label = `${shortHost(host, reader)} ${version ?? '(any version)'}`;
        shares.set(label, (shares.get(label) ?? 0) + Math.round(share * 10) / 10);
      }
      return shares;
    }
    case 'gateway':
      return new Map([[`the gateway itself, which ${answer.does}`, 100]]);
    case 'nobody':
      return new Map([[answer.status === 0 ? 'nobody: refused' : `nobody: ${answer.status}`, 100]]);
  }
}

/** Fully qualified hosts that it leads to. */
export function servicesIn(answer: Answer): string[] {
  return answer.kind === 'service' ? [...new Set(answer.reached.map(({ host }) => host))] : [];
}
