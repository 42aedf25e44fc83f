/** The routes of a VirtualService as places that an edit can be made at, delegates followed into the child. */
import type { JsonObject, KubeObject } from '../../../object.ts';
import { refKey, refOf } from '../../../object.ts';
import { merge } from '../../route/delegate.ts';
import { delegateOf } from '../../route/http-routes.ts';
import type { World } from '../../world.ts';
import { objectsOf, stringOf } from '../read.ts';
import { SECTIONS, type Section } from './inforce.ts';
import { wordsOf } from './match.ts';

/** What a route does with a request. `delegate`: there is no child that could be delegated to, so nobody can tell. */
type Leads = 'destinations' | 'redirect' | 'directResponse' | 'delegate';

export interface Place {
  /** Holds the route: for a delegated one the child. */
  object: KubeObject;
  /** The VirtualService that names the host. */
  root: KubeObject;
  section: Section;
  index: number;
  /** As it stands in `object`. */
  route: JsonObject;
  /** As clients get it: a delegate's route joined with its parent's. */
  effective: JsonObject;
  name?: string;
  /** Its match in words. */
  says: string;
  catchAll: boolean;
  /** False after a catch-all of the same section: Istio drops it. */
  reachable: boolean;
  leads: Leads;
}

export function placesOf(world: World, root: KubeObject): Place[] {
  return SECTIONS.flatMap(section => {
    let open = true;
    const found = listed(world, root, section);
    return found.map(({ object, index, route, effective }): Place => {
      const words = wordsOf(effective, section);
      const name = stringOf(route.name);
      const reachable = open;
      if (words === undefined) open = false;
      return {
        object,
        root,
        section,
        index,
        route,
        effective,
        ...(name !== undefined && { name }),
        says: words ?? (found.length === 1 ? 'all requests' : 'all other requests'),
        catchAll: words === undefined,
        reachable,
        leads: leadsTo(route),
      };
    });
  });
}

/** `VirtualService/default/reviews spec.http[1]` */
export function pathOf(place: Place): string {
  return `${refKey(refOf(place.object))} spec.${place.section}[${place.index}]`;
}

/** What a person can pass as `--route` to mean this one of `all`; the same as long as its name and match are. */
export function keyOf(place: Place, all: Place[]): string {
  const alone = (of: (other: Place) => string | undefined) => all.filter(other => of(other) === of(place)).length === 1;
  if (place.name !== undefined && alone(other => other.name)) return place.name;
  if (place.says.length <= 150 && alone(other => other.says)) return place.says;
  return `${place.section}[${place.index}]`;
}

type Listed = Pick<Place, 'object' | 'index' | 'route' | 'effective'>;

/** A delegate's routes stand where the parent's one stands. https://istio.io/latest/docs/reference/config/networking/virtual-service/#Delegate */
function listed(world: World, root: KubeObject, section: Section): Listed[] {
  return objectsOf(root.spec?.[section]).flatMap((route, index): Listed[] => {
    const child = section === 'http' ? delegateOf(world, route, root.metadata.namespace ?? '') : undefined;
    if (!child) return [{ object: root, index, route, effective: route }];
    return objectsOf(child.spec?.http).flatMap((inner, at): Listed[] => {
      const effective = merge(route, inner);
      return effective ? [{ object: child, index: at, route: inner, effective }] : [];
    });
  });
}

function leadsTo(route: JsonObject): Leads {
  if (route.redirect !== undefined) return 'redirect';
  if (route.directResponse !== undefined) return 'directResponse';
  return route.delegate === undefined ? 'destinations' : 'delegate';
}
