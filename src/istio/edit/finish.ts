/** What the edit of a service's routes comes to, whichever verb made it: the writes in order, and what people must know. */
import { type JsonObject, type KubeObject, refKey, refOf } from '../../object.ts';
import type { Write } from '../../ports.ts';
import type { Phrase } from '../../view.ts';
import { hostsOf } from '../route/mesh.ts';
import type { World } from '../world.ts';
import type { Refused } from './outcome.ts';
import type { HopSample } from './place/hop.ts';
import type { Lane } from './place/pick.ts';
import type { Place } from './place/places.ts';
import type { Sample } from './place/sample.ts';
import { staying } from './place/staying.ts';
import { refuseStrangers } from './place/strangers.ts';
import { planSubsets } from './service/rules.ts';
import type { Needed, Service } from './service/service.ts';
import { changed, created, type Manifests } from './writes.ts';

export interface Edit extends Seen {
  kind: 'edit';
  /** DestinationRule before VirtualService: a subset must be there before a route names it. */
  writes: Write[];
  notes: Phrase[];
  /** The VirtualService that clients see: the parent, where the edited one is a delegate. Absent: it is created. */
  root?: KubeObject;
  /** The route as it was, for what is on it (fault, timeout); empty where none was. */
  route: JsonObject;
  /** Other hosts that the object routes too. */
  alsoServes: string[];
}

/** The requests that it is about, in words, and how a proof can send some. */
export interface Seen {
  says: string;
  /** What a probe carries to fall under the route; undefined: none would. */
  sample: Sample | undefined;
  /** What else its trace must show. See Intent. */
  hop: HopSample | undefined;
}

export interface Scene {
  world: World;
  templates: Manifests;
  service: Service;
  lane: Lane;
  /** Names without a namespace are read by somebody of this one. */
  reader: string;
}

export interface Change {
  object: KubeObject;
  /** As the object is to be. */
  spec: JsonObject;
  /** Subsets that its routes name. */
  needs: Needed[];
  notes: Phrase[];
  /** The route that has the requests now; undefined: none has. */
  near: Place | undefined;
  /** The route that is changed, where none is made: the others stay. */
  meant: Place | undefined;
  all: Place[];
  seen: Seen;
  /** What becomes of the requests for other hosts of the same object; undefined: nothing that would hurt them. */
  theirs?: string | undefined;
}

/** Of a VirtualService that is there. Refused where it would take the requests of other services with it. */
export function finish(scene: Scene & { lane: Lane & { root: KubeObject } }, change: Change): Edit | Refused {
  const { world, templates, service, lane, reader } = scene;
  const { object, near, meant, all, theirs } = change;
  const { root } = lane;
  const isOwn = lane.gateway || theirs === undefined || near === undefined;
  const shared = isOwn ? undefined : refuseStrangers(world, service, near, all, reader);
  if (shared) return shared;
  const rules = planSubsets(world, templates, service, change.needs);
  const alsoServes = lane.gateway ? [] : hostsOf(root).filter(host => host !== service.fqdn);
  const others = `: their requests ${theirs ?? 'stay as they are'}.`;
  return {
    kind: 'edit',
    writes: [...(rules.write ? [rules.write] : []), changed(object, change.spec)],
    notes: [
      ...rules.notes,
      ...change.notes,
      ...staying(meant, all, reader),
      ...(alsoServes.length > 0 ? [[code(root), ` routes ${alsoServes.join(', ')} too${others}`]] : []),
      ...(refKey(refOf(object)) === refKey(refOf(root))
        ? []
        : [[meant ? 'The route is delegated: ' : 'The routes are delegated: ', code(object), ' is what changes.']]),
      ...lane.notes,
    ],
    ...change.seen,
    root,
    route: near?.route ?? {},
    alsoServes,
  };
}

/** Nothing routes the service yet: a VirtualService of its own does from now on. `rest`: what becomes of other requests. */
export function finishFirst(
  { world, templates, service, lane }: Scene,
  { object, needs, notes, rest, seen }: Pick<Change, 'object' | 'needs' | 'notes' | 'seen'> & { rest?: string },
): Edit {
  const rules = planSubsets(world, templates, service, needs);
  const said = rest === undefined ? ' is created.' : ` is created. ${rest}`;
  return {
    kind: 'edit',
    writes: [...(rules.write ? [rules.write] : []), created(object)],
    notes: [
      [`No VirtualService routes ${service.name} yet: `, code(object), said],
      ...rules.notes,
      ...notes,
      ...lane.notes,
    ],
    ...seen,
    route: {},
    alsoServes: [],
  };
}

/** A request to a service that has one route only. */
export const ALL_REQUESTS: Seen = { says: 'all requests', sample: { headers: {} }, hop: undefined };

function code(object: KubeObject): { code: string } {
  return { code: refKey(refOf(object)) };
}
