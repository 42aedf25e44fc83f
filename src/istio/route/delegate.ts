/** A root's route merged with a route of the VirtualService it delegates to. */
import type { Json, JsonObject } from '../../object.ts';
import { labels, object, objects, strings, text } from './json.ts';

/** What the delegate's route takes over from the root's where it does not say it itself. */
const INHERITED = [
  'rewrite',
  'directResponse',
  'timeout',
  'retries',
  'fault',
  'mirror',
  'mirrors',
  'mirrorPercent',
  'mirror_percent',
  'mirrorPercentage',
  'corsPolicy',
  'headers',
];

/**
 * undefined: the conditions contradict, so the delegate's route is left out.
 * https://istio.io/latest/docs/reference/config/networking/virtual-service/#Delegate
 */
export function merge(root: JsonObject, leaf: JsonObject): JsonObject | undefined {
  const match = mergeMatches(objects(root.match), objects(leaf.match));
  if (!match) return undefined;
  const merged: JsonObject = { ...leaf };
  for (const field of INHERITED) {
    if (merged[field] === undefined && root[field] !== undefined) merged[field] = root[field];
  }
  if (match.length > 0) merged.match = match;
  const name = [text(root.name), text(leaf.name)].filter(each => each !== undefined).join('-');
  if (name !== '') merged.name = name;
  return merged;
}

/** Every match of the delegate must fit under one of the root's. */
function mergeMatches(roots: JsonObject[], leaves: JsonObject[]): JsonObject[] | undefined {
  if (roots.length === 0) return leaves;
  if (leaves.length === 0) return roots;
  const merged: JsonObject[] = [];
  for (const leaf of leaves) {
    const fitting = roots.filter(root => !contradict(root, leaf));
    if (fitting.length === 0) return undefined;
    merged.push(...fitting.map(root => mergeMatch(root, leaf)));
  }
  return merged;
}

const MAPS = ['headers', 'withoutHeaders', 'queryParams', 'sourceLabels'] as const;

function mergeMatch(root: JsonObject, leaf: JsonObject): JsonObject {
  const merged: JsonObject = { ...root, ...leaf };
  for (const field of MAPS) {
    if (root[field] || leaf[field]) merged[field] = { ...object(root[field]), ...object(leaf[field]) };
  }
  const name = [text(root.name), text(leaf.name)].filter(each => each !== undefined).join('-');
  if (name !== '') merged.name = name;
  return merged;
}

function contradict(root: JsonObject, leaf: JsonObject): boolean {
  const plain = ['uri', 'scheme', 'method', 'authority'].some(field => stringsContradict(root[field], leaf[field]));
  if (plain) return true;
  for (const field of ['headers', 'withoutHeaders', 'queryParams']) {
    const over = object(root[field]) ?? {};
    for (const [name, wanted] of Object.entries(object(leaf[field]) ?? {})) {
      if (stringsContradict(over[name], wanted)) return true;
    }
  }
  if ((root.ignoreUriCase === true) !== (leaf.ignoreUriCase === true)) return true;
  if (root.port && leaf.port && root.port !== leaf.port) return true;
  return sourcesContradict(root, leaf);
}

/** A namespace that the root asks for has to be asked for again; labels and gateways have to be no others than its. */
function sourcesContradict(root: JsonObject, leaf: JsonObject): boolean {
  if (text(root.sourceNamespace) !== undefined && leaf.sourceNamespace !== root.sourceNamespace) return true;
  const wide = labels(root.sourceLabels);
  if (Object.entries(labels(leaf.sourceLabels)).some(([name, value]) => (wide[name] ?? value) !== value)) return true;
  const [over, under] = [strings(root.gateways), strings(leaf.gateways)];
  return (
    over.length > 0 && under.length > 0 && (over.length < under.length || !under.every(each => over.includes(each)))
  );
}

/** The delegate may only narrow what the root says; where a regular expression is in play nobody can tell. */
function stringsContradict(root: Json | undefined, leaf: Json | undefined): boolean {
  const over = object(root);
  const under = object(leaf);
  if (!over || !under) return false;
  if (over.regex || under.regex) return true;
  const narrow = text(under.prefix) ?? text(under.exact);
  if (text(over.exact)) return under.prefix !== undefined || narrow !== over.exact;
  const wide = text(over.prefix);
  return wide === undefined || narrow === undefined || !narrow.startsWith(wide);
}
