/** Who goes where before and after some writes, match by match: the table of a card, and what the proof must see. */

import type { JsonObject, KubeObject } from '../../../object.ts';
import type { Earlier, Expectation, TrafficRow } from '../../../plan.ts';
import type { Write } from '../../../ports.ts';
import type { World } from '../../world.ts';
import { covers } from '../place/cover.ts';
import { SECTIONS } from '../place/inforce.ts';
import { objectOf, objectsOf } from '../read.ts';
import { type Flow, flowsOf } from './flows.ts';

export interface Traffic {
  rows: TrafficRow[];
  /** What is sent a second time, its answers thrown away. */
  copies: TrafficRow[];
  /** A version that had nothing of the requests of some route gets all of them; new routes are none. */
  allToNew: boolean;
  /** What the meant or first changed match gives each version after, over all of its requests that reach the service. */
  expected: Pick<Expectation, 'shares' | 'spread' | 'mirror'>;
  /** What those requests did before; undefined: not known. */
  was?: Earlier;
  /** The same of requests that carry nothing of what routes ask for, where those go another way. */
  others?: Pick<Expectation, 'shares' | 'spread'>;
}

interface Side {
  flows: Flow[];
  /** The first of each, as routes are asked in order. */
  byMatch: Map<string, Flow>;
  catchAll: Flow | undefined;
}

/** A route on both sides; one that is there on one side only stands against the one that has its requests instead. */
interface Pair {
  match: string;
  was: Flow | undefined;
  is: Flow | undefined;
  isNew: boolean;
}

/**
 * `root`: the VirtualService meant; without one the Service itself routes, or its host's VirtualService in the mesh.
 * `says`: the requests that the change is about, in words, where that is known.
 */
export function trafficOf(
  before: World,
  after: World,
  fqdn: string,
  reader: string,
  root: { before?: KubeObject | undefined; after?: KubeObject | undefined },
  says?: string,
): Traffic {
  const pairs = pairsOf(
    sideOf(flowsOf(before, fqdn, reader, root.before)),
    sideOf(flowsOf(after, fqdn, reader, root.after)),
  );
  const rows = pairs.flatMap(pair => rowsOf(pair.match, pair.was?.shares, pair.is?.shares));
  const meant =
    pairs.find(({ match }) => match === says) ??
    pairs.find(({ was, is }) => differ(was?.shares, is?.shares)) ??
    pairs.find(({ was, is }) => differ(was?.copies, is?.copies)) ??
    pairs.findLast(({ is }) => is);
  const others = meant && othersOf(pairs, meant);
  return {
    rows: kept(rows),
    copies: kept(pairs.flatMap(pair => rowsOf(`copies of ${pair.match}`, pair.was?.copies, pair.is?.copies))),
    allToNew: pairs.some(pair => !pair.isNew && rowsOf('', pair.was?.shares, pair.is?.shares).some(isAllToNew)),
    ...expectations(meant),
    ...(others && { others }),
  };
}

function isAllToNew({ before, after }: TrafficRow): boolean {
  return before === 0 && after === 100;
}

function sideOf(flows: Flow[]): Side {
  const catchAlls = flows.filter(flow => flow.catchAll);
  return {
    flows,
    byMatch: new Map(flows.map((flow): [string, Flow] => [flow.match, flow]).reverse()),
    catchAll: catchAlls.length === 1 ? catchAlls[0] : undefined,
  };
}

function pairsOf(then: Side, now: Side): Pair[] {
  const same = (flow: Flow, side: Side) => side.byMatch.get(flow.match) ?? (flow.catchAll ? side.catchAll : undefined);
  const there = firsts(now).map((flow): Pair => {
    const found = same(flow, then);
    return { match: flow.match, was: found ?? insteadOf(flow, then), is: flow, isNew: !found };
  });
  const gone = firsts(then).filter(flow => !same(flow, now));
  return [
    ...there,
    ...gone.map((flow): Pair => ({ match: flow.match, was: flow, is: insteadOf(flow, now), isNew: false })),
  ];
}

function firsts({ flows, byMatch }: Side): Flow[] {
  return flows.filter(flow => byMatch.get(flow.match) === flow);
}

/** The first route that takes all requests of one that is not there. */
function insteadOf(flow: Flow, { flows }: Side): Flow | undefined {
  if (flow.blocks.length === 0) return flows.find(each => each.catchAll);
  return flows.find(each => flow.blocks.every(block => each.blocks.some(wide => covers(wide, block))));
}

function rowsOf(match: string, then: Map<string, number> = new Map(), now: Map<string, number> = new Map()) {
  return [...new Set([...then.keys(), ...now.keys()])].map(
    (destination): TrafficRow => ({
      match,
      destination,
      before: then.get(destination) ?? 0,
      after: now.get(destination) ?? 0,
    }),
  );
}

function differ(then: Map<string, number> | undefined, now: Map<string, number> | undefined): boolean {
  return rowsOf('', then, now).some(({ before, after }) => before !== after);
}

/** Rows of matches where nothing moves, kept to be compared with; a plan is stored whole, so they must end somewhere. */
const STILL = 50;

function kept(rows: TrafficRow[]): TrafficRow[] {
  const moving = new Set(rows.filter(row => row.before !== row.after).map(row => row.match));
  let still = 0;
  return rows.filter(row => moving.has(row.match) || still++ < STILL);
}

/** What goes to other services is seen by no proof, so the rest counts as the whole. */
function expectedOf(flow: Flow | undefined): Pick<Expectation, 'shares' | 'spread'> {
  if (!flow) return { shares: {} };
  const { versions, spread } = flow;
  const here = [...versions.values()].reduce((sum, share) => sum + share, spread);
  // Rounded shares sum to 99.9 at times; that is no other service.
  const whole = here > 0 && here < 99 ? 100 / here : 1;
  return {
    shares: Object.fromEntries([...versions].map(([version, share]) => [version, share * whole])),
    ...(spread > 0 && { spread: spread * whole }),
  };
}

function expectations(meant: Pair | undefined): Pick<Traffic, 'expected' | 'was'> {
  if (!meant) return { expected: { shares: {} } };
  const { was, is } = meant;
  const moved = rowsOf('', was?.copied, is?.copied).filter(({ before, after }) => before !== after);
  // The version whose copies change, the growing one first.
  const [row] = moved.sort((a, b) => b.after - b.before - (a.after - a.before));
  const mirror = row && { version: row.destination, percent: row.after };
  return {
    expected: { ...expectedOf(is), ...(mirror && { mirror }) },
    ...(was && { was: { ...expectedOf(was), ...(row && { copies: row.before }) } }),
  };
}

/** Known where every other route asks for a header: then a request without any falls to the one for all others. */
function othersOf(pairs: Pair[], meant: Pair): Traffic['others'] {
  const flows = pairs.flatMap(({ is, match }) => (is?.match === match ? [is] : []));
  const rest = flows.find(flow => flow.catchAll);
  if (!rest || rest === meant.is) return undefined;
  const asks = (flow: Flow) => flow.blocks.length > 0 && flow.blocks.every(block => block.headers !== undefined);
  const expected = expectedOf(rest);
  return flows.every(flow => flow === rest || asks(flow)) && Object.keys(expected.shares).length > 0
    ? expected
    : undefined;
}

/** The VirtualService of a write's kind and name, as it is in `world`. */
export function virtualServiceIn(world: World, object: KubeObject): KubeObject | undefined {
  return world.get('VirtualService', object.metadata.namespace ?? '', object.metadata.name);
}

export function hasFault(route: unknown): boolean {
  return objectOf(route).fault !== undefined;
}

/** All routes that the VirtualServices of some writes will have. */
export function routesOfWrites(writes: Write[]): JsonObject[] {
  return writes.flatMap(({ after }) => SECTIONS.flatMap(section => objectsOf(after?.spec?.[section])));
}
