/**
 * Cases in which something decides that seldom would among all else: a DestinationRule of the mesh's root namespace,
 * which counts only where client and service have none; and who may see a ServiceEntry.
 */
import type { JsonObject } from '../../../src/object.ts';
import { type Made, NAMESPACES, serviceHost } from '../case.ts';
import type { Draw } from '../random.ts';
import type { Known } from './action.ts';
import { gateway, made, serviceEntry, virtualService } from './objects.ts';

const { a, b, c, gate, root } = NAMESPACES;
const VERSIONS = ['v1', 'v2', 'v3'];

/** Routes to subsets of reviews, which the root namespace has; some clients have a rule of their own. */
export function rootRules(draw: Draw, slot: string): Made[] {
  const host = serviceHost(`reviews-${slot}`, b);
  const rule = (namespace: string, named: string, least: number, exportTo: JsonObject) => {
    const subsets = draw.some(VERSIONS, least, 3).map(version => ({ name: version, labels: { version } }));
    return made(draw, 'DestinationRule', `reviews-${slot}`, namespace, { host: named, subsets, ...exportTo });
  };
  const wide = `*-${slot}.${b}.svc.cluster.local`;
  const exported = draw.maybe(25, () => ({ exportTo: draw.pick([['*'], ['.'], [a], [b, a], [gate]]) }));
  const rules = [rule(root, draw.often(80) ? host : wide, 2, exported)];
  if (draw.often(25)) rules.push(rule(draw.pick([a, c, gate]), host, 1, {}));
  const known = [{ host, subsets: VERSIONS, ports: [80] }];
  return [...rules, ...routed(draw, slot, draw.pick([b, b, a, c]), host, known)];
}

/** Routes to a ServiceEntry that not everybody sees, and requests for it. */
export function exportedEntry(draw: Draw, slot: string): Made[] {
  const host = `${slot}.example.com`;
  const entry = serviceEntry(draw, slot);
  const exportTo = draw.pick([['.'], ['.'], ['*'], [a], [b, a], ['.', c], [c, b], [gate], ['~']]);
  entry.object.spec = { ...entry.object.spec, exportTo };
  const reviews = serviceHost(`reviews-${slot}`, b);
  const known = [host, host, host, reviews].map(each => ({ host: each, subsets: [], ports: [80] }));
  return [entry, ...routed(draw, slot, draw.pick([a, b, c]), draw.pick([host, host, reviews]), known)];
}

/** One VirtualService for the host, in the mesh and some at a gateway, too. */
function routed(draw: Draw, slot: string, namespace: string, host: string, known: Known[]): Made[] {
  const around = { slot, namespace, external: false, guarded: false, known };
  const name = `route0-${slot}`;
  if (!draw.often(30)) return virtualService(draw, name, [host], undefined, around);
  const outside = `${slot}.example.com`;
  const door = gateway(draw, slot, 'front', [outside]);
  const bound = [`${door.object.metadata.namespace}/${door.object.metadata.name}`, 'mesh'];
  return [door, ...virtualService(draw, name, [...new Set([host, outside])], bound, around)];
}
