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

/** One thing that a check may notice, as its page tells it. */
export interface Rule {
  code: string;
  severity: 'error' | 'warning' | 'error or warning';
  /** What is wrong then, and what happens to requests. */
  what: string;
  /** The next step for a person. */
  fix: string;
  /** Where the rule comes from: a page of Istio, or a message of its analyzers (IST…) or of Kiali (KIA…). */
  source: string;
}

export type Check =
  /** What is wrong in one world, looking only at what the writes are about: asked of the world before and after. */
  | { about: 'state'; rules: Rule[]; find(world: World, context: CheckContext): Finding[] }
  /** What is wrong with the change itself. */
  | { about: 'change'; rules: Rule[]; find(context: CheckContext): Finding[] };

export interface RouteAt {
  object: KubeObject;
  section: Section;
  index: number;
  route: JsonObject;
  /** `VirtualService/default/reviews spec.http[0]` */
  path: string;
}

/** VirtualServices among the written objects, as they are in `world`. */
export function writtenVirtualServices(world: World, context: CheckContext): KubeObject[] {
  return written(world, context, 'VirtualService');
}

/** Objects of a kind among those written, as they are in `world`. */
export function written(world: World, { writes }: CheckContext, kind: string): KubeObject[] {
  return writes
    .filter(({ ref }) => ref.kind === kind)
    .flatMap(({ ref }) => world.get(ref.kind, ref.namespace, ref.name) ?? []);
}

/** `VirtualService/default/reviews` */
export function keyOf(object: KubeObject): string {
  return refKey(refOf(object));
}

export function routesAt(object: KubeObject): RouteAt[] {
  const key = keyOf(object);
  return SECTIONS.flatMap(section =>
    objectsOf(object.spec?.[section]).map((route, index) => ({
      object,
      section,
      index,
      route,
      path: `${key} spec.${section}[${index}]`,
    })),
  );
}

const texts = new WeakMap<JsonObject, string>();

/** A route as text, to be compared. Objects of the mesh and of writes are never changed in place. */
export function textOf(route: JsonObject): string {
  const known = texts.get(route);
  if (known !== undefined) return known;
  const text = JSON.stringify(route);
  texts.set(route, text);
  return text;
}

/** Routes that the writes make or alter; without a `before` object all of them. */
export function touchedRoutes(context: CheckContext): RouteAt[] {
  return context.writes.flatMap(({ ref, before, after }) => {
    if (ref.kind !== 'VirtualService' || !after) return [];
    const old = new Set(before ? routesAt(before).map(({ route }) => textOf(route)) : []);
    return routesAt(after).filter(({ route }) => !old.has(textOf(route)));
  });
}

/**
 * Routes of the written VirtualServices, as they are in `world`, that may be otherwise in the other world: what did not
 * change is not looked at. All of them where the object is new, or is for other hosts, gateways or namespaces now.
 */
export function changedRoutes(world: World, { writes }: CheckContext): RouteAt[] {
  return writes.flatMap(({ ref, before, after }) => {
    const object = ref.kind === 'VirtualService' && world.get(ref.kind, ref.namespace, ref.name);
    if (!object) return [];
    const other = object === after ? before : after;
    if (!other || !isForTheSame(object, other)) return routesAt(object);
    const same = new Set(routesAt(other).map(({ route }) => textOf(route)));
    return routesAt(object).filter(({ route }) => !same.has(textOf(route)));
  });
}

function isForTheSame(a: KubeObject, b: KubeObject): boolean {
  return ['hosts', 'gateways', 'exportTo'].every(
    field => JSON.stringify(a.spec?.[field]) === JSON.stringify(b.spec?.[field]),
  );
}

/**
 * Whether the watches tell of a namespace at all: where they do not, nothing can be missed there. A namespace of which
 * any Service is known is watched.
 */
export function isKnown(world: World, namespace: string): boolean {
  return world.inNamespace('Service', namespace).length > 0;
}
