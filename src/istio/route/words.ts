/** A match of a VirtualService in words: `end-user = jason and path starts with /api`. */
import type { JsonObject } from '../../object.ts';
import { labels, number, object, objects, strings, text } from './json.ts';
import { isCatchAll, onlyPresence } from './match.ts';

/** Which requests a route takes: its matches joined by 'or'; undefined where it takes every one. */
export function matchWords(route: JsonObject): string | undefined {
  const matches = objects(route.match);
  const words = matches.map(conditions);
  if (matches.length === 0 || words.some(each => each === '')) return undefined;
  return [...new Set(words)].join(' or ');
}

/** '' for a match without a condition. */
function conditions(match: JsonObject): string {
  const uri = isCatchAll(match) ? undefined : object(match.uri);
  const port = number(match.port);
  const source = labels(match.sourceLabels);
  return [
    ...(uri && uri.prefix !== '/' ? [wanted('path', uri) + (match.ignoreUriCase === true ? ' in any case' : '')] : []),
    ...(['method', 'scheme'] as const).flatMap(field => (match[field] ? [wanted(field, match[field])] : [])),
    ...(match.authority ? [wanted('host', match.authority)] : []),
    ...Object.entries(object(match.headers) ?? {}).map(([name, value]) => wanted(name, value)),
    ...Object.entries(object(match.withoutHeaders) ?? {}).map(([name, value]) => `not ${wanted(name, value)}`),
    ...Object.entries(object(match.queryParams) ?? {}).map(([name, value]) => wanted(`?${name}`, value)),
    ...(port ? [`port = ${port}`] : []),
    ...Object.entries(source).map(([name, value]) => `from ${name} = ${value}`),
    ...(text(match.sourceNamespace) ? [`from namespace ${text(match.sourceNamespace)}`] : []),
    ...(strings(match.gateways).length > 0 ? [`through ${strings(match.gateways).join(' or ')}`] : []),
  ].join(' and ');
}

function wanted(name: string, value: unknown): string {
  const matcher = object(value) ?? {};
  if (onlyPresence(value)) return `${name} is there`;
  if (typeof matcher.exact === 'string') return `${name} = ${matcher.exact === '' ? '(empty)' : matcher.exact}`;
  if (typeof matcher.prefix === 'string') return `${name} starts with ${matcher.prefix}`;
  return `${name} matches ${text(matcher.regex) ?? ''}`;
}
