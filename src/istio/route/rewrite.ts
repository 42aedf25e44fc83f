/** The path as upstream sees it, and where a redirect leads. */
import type { JsonObject } from '../../object.ts';
import { number, object, text } from './json.ts';
import { pattern } from './match.ts';
import type { MeshRequest } from './request.ts';

/**
 * What was matched is replaced: a prefix by a prefix, an exact or regex match whole, and without a uri match only the
 * leading slash (`/outer` rewritten to `/inner` becomes `/innerouter`). The query stays.
 */
export function rewritten(path: string, rewrite: JsonObject | undefined, match: JsonObject | undefined): string {
  const [bare, query] = split(path);
  const regex = object(rewrite?.uriRegexRewrite);
  if (regex) {
    const read = pattern(text(regex.match) ?? '');
    const substitute = text(regex.rewrite) ?? '';
    const by = (groups: (string | undefined)[]) =>
      substitute.replaceAll(/\\([\\\d])/g, (_, sign: string) => (sign === '\\' ? sign : (groups[Number(sign)] ?? '')));
    return (read ? read.replaceAll(bare, by) : bare) + query;
  }
  const uri = text(rewrite?.uri);
  if (uri === undefined) return path;
  return uri + bare.slice(matchedLength(bare, match)) + query;
}

function matchedLength(path: string, match: JsonObject | undefined): number {
  const uri = object(match?.uri);
  if (typeof uri?.prefix === 'string') return uri.prefix.length;
  return uri && (uri.exact !== undefined || uri.regex !== undefined) ? path.length : 1;
}

const DEFAULT_PORT = { http: 80, https: 443 };

/** https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRedirect */
export function redirection(redirect: JsonObject, request: MeshRequest, port: number): string {
  const scheme = text(redirect.scheme) ?? request.scheme;
  const wanted = redirect.derivePort === 'FROM_REQUEST_PORT' ? port : number(redirect.port);
  const suffix = wanted === undefined || DEFAULT_PORT[scheme as 'http'] === wanted ? '' : `:${wanted}`;
  const bareHost = request.host.replace(/:\d+$/, '');
  // A host kept as it was keeps its port too, unless the scheme moves it to another.
  const kept = suffix === '' && scheme === request.scheme ? request.host : bareHost + suffix;
  const authority = text(redirect.authority);
  const [path, query] = split(request.path);
  const uri = text(redirect.uri);
  return `${scheme}://${authority === undefined ? kept : authority + suffix}${uri ?? path}${uri?.includes('?') ? '' : query}`;
}

function split(path: string): [string, string] {
  const at = path.indexOf('?');
  return at < 0 ? [path, ''] : [path.slice(0, at), path.slice(at)];
}
