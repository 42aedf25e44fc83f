/** How two matches lie to each other: one takes all that the other takes, they share nothing, or what both take. */
import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../../object.ts';
import { isCatchAll, matchable, matches, onlyPresence } from '../../route/match.ts';
import { objectOf, stringOf, stringsOf } from '../read.ts';

const STRINGS = ['uri', 'method', 'scheme', 'authority'] as const;
const MAPS = ['headers', 'queryParams'] as const;
const EQUALS = ['port', 'sourceNamespace'] as const;
/** What a block of a match may say; a block with anything else is not understood, and so covers nothing but itself. */
const KNOWN = new Set<string>([
  ...STRINGS,
  ...MAPS,
  ...EQUALS,
  ...['withoutHeaders', 'sourceLabels', 'gateways', 'ignoreUriCase', 'name', 'statPrefix'],
]);

/** Every request that meets `narrow` meets `wide`. False where a regular expression leaves it open. */
export function covers(wide: JsonObject, narrow: JsonObject): boolean {
  if (sameBlock(wide, narrow)) return true;
  if (Object.keys(wide).some(field => !KNOWN.has(field))) return false;
  const gateways = stringsOf(wide.gateways);
  const theirs = stringsOf(narrow.gateways);
  return (
    STRINGS.every(field => stringCovers(field, wide, narrow)) &&
    MAPS.every(field => eachOf(wide[field], (name, wanted) => textCovers(wanted, objectOf(narrow[field])[name]))) &&
    EQUALS.every(field => !wide[field] || wide[field] === narrow[field]) &&
    eachOf(wide.sourceLabels, (name, value) => objectOf(narrow.sourceLabels)[name] === value) &&
    eachOf(wide.withoutHeaders, (name, value) => isDeepStrictEqual(objectOf(narrow.withoutHeaders)[name], value)) &&
    (gateways.length === 0 || (theirs.length > 0 && theirs.every(gateway => gateways.includes(gateway))))
  );
}

/** No request meets both. False where that cannot be told. */
export function excludes(a: JsonObject, b: JsonObject): boolean {
  const [ours, theirs] = [stringsOf(a.gateways), stringsOf(b.gateways)];
  const differs = (field: string) => Boolean(a[field]) && Boolean(b[field]) && a[field] !== b[field];
  return (
    STRINGS.some(field => textExcludes(a[field], b[field], a.ignoreUriCase === true || b.ignoreUriCase === true)) ||
    MAPS.some(field => !eachOf(a[field], (name, wanted) => !textExcludes(wanted, objectOf(b[field])[name]))) ||
    EQUALS.some(differs) ||
    !eachOf(a.sourceLabels, (name, value) => (objectOf(b.sourceLabels)[name] ?? value) === value) ||
    lacks(a, b) ||
    lacks(b, a) ||
    (ours.length > 0 && theirs.length > 0 && !ours.some(gateway => theirs.includes(gateway)))
  );
}

/** What meets both. undefined: nothing does, or no one match can say it. */
export function both(a: JsonObject, b: JsonObject): JsonObject | undefined {
  if (excludes(a, b)) return undefined;
  const joined: JsonObject = { ...a, ...b };
  for (const field of STRINGS) {
    if (a[field] === undefined || b[field] === undefined) continue;
    const narrower = stringCovers(field, a, b) ? b[field] : stringCovers(field, b, a) ? a[field] : undefined;
    if (narrower === undefined) return undefined;
    joined[field] = narrower;
  }
  for (const field of [...MAPS, 'withoutHeaders', 'sourceLabels']) {
    if (a[field] === undefined || b[field] === undefined) continue;
    const [ours, theirs] = [objectOf(a[field]), objectOf(b[field])];
    const clash = Object.keys(ours).some(
      name => theirs[name] !== undefined && !isDeepStrictEqual(ours[name], theirs[name]),
    );
    if (clash) return undefined;
    joined[field] = { ...ours, ...theirs };
  }
  return joined;
}

/** The same requests, alternative by alternative, whatever the alternatives are called. */
export function sameMatch(a: JsonObject[], b: JsonObject[]): boolean {
  const within = (some: JsonObject[], others: JsonObject[]) =>
    some.every(block => others.some(other => sameBlock(block, other)));
  return within(a, b) && within(b, a);
}

export function sameBlock(a: JsonObject, b: JsonObject): boolean {
  return isDeepStrictEqual(plainly(a), plainly(b));
}

/** Names are for people; header names know no case; a path that every request has says nothing. */
function plainly(block: JsonObject): JsonObject {
  const { name: _, statPrefix: __, ...rest } = block;
  const isOpen = rest.uri !== undefined && isCatchAll({ uri: rest.uri });
  const entries = Object.entries(rest).filter(([field]) => !(field === 'uri' && isOpen));
  return Object.fromEntries(
    entries.map(([field, value]) => [field, field === 'headers' || field === 'withoutHeaders' ? lower(value) : value]),
  );
}

function lower(headers: Json): Json {
  return Object.fromEntries(Object.entries(objectOf(headers)).map(([name, value]) => [name.toLowerCase(), value]));
}

function stringCovers(field: (typeof STRINGS)[number], wide: JsonObject, narrow: JsonObject): boolean {
  const wanted = wide[field];
  if (!wanted || (field === 'uri' && isCatchAll({ uri: wanted }))) return true;
  if (field !== 'uri' || wide.ignoreUriCase !== true) {
    return !(field === 'uri' && narrow.ignoreUriCase === true) && textCovers(wanted, narrow[field]);
  }
  return textCovers(folded(wanted), narrow[field] === undefined ? undefined : folded(narrow[field]));
}

/** Absent on the narrow side: any value, or none at all. */
function textCovers(wide: unknown, narrow: unknown): boolean {
  if (narrow === undefined) return false;
  if (onlyPresence(wide) || isDeepStrictEqual(wide, narrow)) return true;
  if (onlyPresence(narrow)) return false;
  const [over, under] = [objectOf(wide), objectOf(narrow)];
  const exact = stringOf(under.exact);
  const prefix = stringOf(under.prefix);
  if (typeof over.exact === 'string') return exact === over.exact;
  if (typeof over.prefix === 'string') return (exact ?? prefix)?.startsWith(over.prefix) === true;
  if (typeof over.regex !== 'string') return true;
  if (exact !== undefined) return takes(over, exact);
  // Nobody can ask an expression for all that begins so; one that takes the beginning and any end takes the rest.
  return prefix !== undefined && takes(over, prefix) && takes(over, `${prefix}/~any~`);
}

function textExcludes(a: unknown, b: unknown, ignoreCase = false): boolean {
  if (a === undefined || b === undefined || onlyPresence(a) || onlyPresence(b)) return false;
  const [one, other] = ignoreCase ? [folded(a), folded(b)] : [objectOf(a), objectOf(b)];
  const begins = (value: JsonObject) => stringOf(value.exact) ?? stringOf(value.prefix);
  for (const [first, second] of [
    [one, other],
    [other, one],
  ] as const) {
    const exact = stringOf(first.exact);
    if (exact === undefined) continue;
    if (typeof second.exact === 'string') return exact !== second.exact;
    if (typeof second.prefix === 'string') return !exact.startsWith(second.prefix);
    if (typeof second.regex === 'string') return !ignoreCase && !takes(second, exact);
  }
  const [left, right] = [begins(one), begins(other)];
  return left !== undefined && right !== undefined && !left.startsWith(right) && !right.startsWith(left);
}

/** Whether a value meets one matcher, as Envoy reads it. */
function takes(matcher: JsonObject, value: string): boolean {
  const from = { kind: 'sidecar' as const, namespace: '', labels: {} };
  const request = { from, host: '', port: 80, path: '/', method: 'GET', scheme: 'http' as const, headers: { value } };
  return matches({ headers: { value: matcher } }, matchable(request));
}

/** `a` asks for a header that `b` must not have. */
function lacks(a: JsonObject, b: JsonObject): boolean {
  const wanted = objectOf(a.headers);
  return !eachOf(b.withoutHeaders, (name, value) => wanted[name] === undefined || !textCovers(value, wanted[name]));
}

function folded(value: unknown): JsonObject {
  return Object.fromEntries(
    Object.entries(objectOf(value)).map(([kind, text]) => [
      kind,
      typeof text === 'string' && kind !== 'regex' ? text.toLowerCase() : text,
    ]),
  );
}

function eachOf(map: unknown, holds: (name: string, value: Json) => boolean): boolean {
  return Object.entries(objectOf(map)).every(([name, value]) => holds(name, value));
}
