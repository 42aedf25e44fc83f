/** What a check is: a small pure question about the configuration that some writes would make. */

import type { JsonObject, KubeObject } from '../../object.ts';
import { refKey, refOf } from '../../object.ts';
import type { Finding } from '../../plan.ts';
import type { Write } from '../../ports.ts';
import { SECTIONS, type Section } from '../edit/place/inforce.ts';
import { objectsOf } from '../edit/read.ts';
import type { World } from '../world.ts';

export interface CheckContext {
  before: World;
  after: World;
  writes: Write[];
}

/** What is wrong in one world, looking only at what the writes are about. */
export type Check = (world: World, context: CheckContext) => Finding[];

export interface RouteAt {
  object: KubeObject;
  section: Section;
  index: number;
  route: JsonObject;
  /** `VirtualService/default/reviews spec.http[0]` */
  path: string;
}

/** VirtualServices among the written objects, as they are in `world`. */
export function writtenVirtualServices(world: World, { writes }: CheckContext): KubeObject[] {
  return writes
    .filter(({ ref }) => ref.kind === 'VirtualService')
    .flatMap(({ ref }) => world.get(ref.kind, ref.namespace, ref.name) ?? []);
}

export function routesAt(object: KubeObject): RouteAt[] {
  return SECTIONS.flatMap(section =>
    objectsOf(object.spec?.[section]).map((route, index) => ({
      object,
      section,
      index,
      route,
      path: `${refKey(refOf(object))} spec.${section}[${index}]`,
    })),
  );
}

/** Routes that the writes make or alter; without a `before` object all of them. */
export function touchedRoutes(context: CheckContext): RouteAt[] {
  return context.writes.flatMap(({ ref, before, after }) => {
    if (ref.kind !== 'VirtualService' || !after) return [];
    const old = new Set(before ? routesAt(before).map(({ route }) => JSON.stringify(route)) : []);
    return routesAt(after).filter(({ route }) => !old.has(JSON.stringify(route)));
  });
}
