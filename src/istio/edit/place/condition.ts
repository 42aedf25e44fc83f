/** Which requests a person means, from the words they typed, as one block of a match. */
import type { JsonObject } from '../../../object.ts';
import { isCatchAll, pattern } from '../../route/match.ts';
import type { World } from '../../world.ts';
import { type Refused, refuse } from '../outcome.ts';

export interface Conditions {
  /** As `pairs` reads them: `k=v`; `k=~v` leaves the `~` before the value, `k^=v` the `^` behind the name. */
  header?: { name: string; value: string }[] | undefined;
  /** Short for the header `end-user`. */
  user?: string | undefined;
  /** `/p` exactly, `/p*` all that begins so, `~regex`. */
  path?: string | undefined;
  method?: string | undefined;
  /** The workload that asks, `productpage` or `productpage.shop`. */
  from?: string | undefined;
}

/** `{}` where nothing was said. `namespace`: where a workload without one is looked for first. */
export function conditionOf(said: Conditions, world: World, namespace: string): JsonObject | Refused {
  const headers: JsonObject = {};
  const listed = [...(said.header ?? []), ...(said.user === undefined ? [] : [{ name: 'end-user', value: said.user }])];
  for (const pair of listed) {
    const { name, matcher } = headerOf(pair);
    const fault = headerFault(name, matcher, headers);
    if (fault) return fault;
    headers[name] = matcher;
  }
  const uri = said.path === undefined ? undefined : pathOf(said.path);
  if (uri && isRefused(uri)) return uri;
  const method = said.method?.toUpperCase();
  if (method !== undefined && !METHODS.includes(method)) {
    return refuse('method-unknown', '', `${said.method} is no method of HTTP.`, `Say one of ${METHODS.join(', ')}.`);
  }
  const source = said.from === undefined ? {} : sourceOf(said.from, world, namespace);
  if (isRefused(source)) return source;
  return {
    ...(uri && !isCatchAll({ uri }) && { uri }),
    ...(method !== undefined && { method: { exact: method } }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...source,
  };
}

export function isRefused(value: object): value is Refused {
  return (value as { kind?: unknown }).kind === 'refused';
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'];

/** Istio wants them in lower case. https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest */
function headerOf({ name, value }: { name: string; value: string }): { name: string; matcher: JsonObject } {
  const plain = name.toLowerCase();
  if (plain.endsWith('^')) return { name: plain.slice(0, -1), matcher: { prefix: value } };
  if (value.startsWith('~')) return { name: plain, matcher: { regex: value.slice(1).trim() } };
  return { name: plain, matcher: value === '' ? {} : { exact: value } };
}

function headerFault(name: string, matcher: JsonObject, before: JsonObject): Refused | undefined {
  if (Object.hasOwn(before, name)) {
    return refuse('header-twice', '', `The header ${name} is given twice.`, 'Say both in one regular expression.');
  }
  // Istio ignores these names among headers; credentials would stand in the chat and in the object for all to read.
  if (['uri', 'scheme', 'method', 'authority'].includes(name)) {
    return refuse('header-ignored', '', `Istio ignores a header called ${name}.`, 'Say --path or --method instead.');
  }
  if (/^(proxy-)?authorization$/.test(name) && matcher.exact !== undefined) {
    const fix = 'Match on a header that says who they are, not on what they prove it with.';
    return refuse('header-secret', '', 'Credentials do not go through the chat.', fix);
  }
  return typeof matcher.regex === 'string' ? regexFault(matcher.regex) : undefined;
}

function pathOf(word: string): JsonObject | Refused {
  if (word.startsWith('~')) return regexFault(word.slice(1)) ?? { regex: word.slice(1) };
  if (!word.startsWith('/') || /[\s?#]/.test(word)) {
    const fix = 'Begin it with /: `/p` is that very path, `/p*` all that begin so, `~regex` a regular expression.';
    return refuse('path-invalid', '', `${word} is no path.`, fix);
  }
  return word.endsWith('*') ? { prefix: word.slice(0, -1) } : { exact: word };
}

/** Envoy reads RE2, which knows neither looking around nor back. https://github.com/google/re2/wiki/Syntax */
function regexFault(regex: string): Refused | undefined {
  const foreign = /\(\?(?:<?[=!])|\\[1-9]/.test(regex);
  if (regex !== '' && !foreign && pattern(regex)) return undefined;
  const why = foreign ? 'looks around or back, which Envoy cannot (RE2)' : 'is no regular expression';
  return refuse('regex-invalid', '', `“${regex}” ${why}.`, 'It must match the whole value: `.*beta.*`.');
}

/** Labels by which a workload is told, the usual one first. */
const NAMES = ['app', 'app.kubernetes.io/name', 'service.istio.io/canonical-name'];

function sourceOf(word: string, world: World, namespace: string): JsonObject | Refused {
  const [name = '', of] = word.split('.');
  for (const label of NAMES) {
    const wanted = { [label]: name };
    const there = of === undefined ? everywhere(world, namespace) : [of];
    if (!there.some(each => world.pods(each, wanted).length > 0)) continue;
    return { sourceLabels: wanted, ...(of !== undefined && { sourceNamespace: of }) };
  }
  const where = of === undefined ? '' : ` in ${of}`;
  return refuse(
    'workload-unknown',
    '',
    `No pod${where} is labelled \`app: ${name}\`: no request would come from it.`,
    'Name the workload that sends the requests by the label `app` of its pods.',
  );
}

function everywhere(world: World, first: string): string[] {
  return [...new Set([first, ...world.all('Pod').map(pod => pod.metadata.namespace ?? '')])];
}
