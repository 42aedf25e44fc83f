/** curl in a pod of the local mesh: sends through the pod's proxy, or straight to pods where there is none. */
import { lookUp } from '../proxy/dns.ts';
import { within } from '../proxy/limits.ts';
import type { Answer, Headers, Inbound } from '../proxy/messages.ts';
import { failed } from '../proxy/messages.ts';
import type { Surroundings } from '../proxy/surroundings.ts';
import type { Workload } from '../proxy/workload.ts';
import type { CurlOptions } from './options.ts';
import { readCurl } from './options.ts';
import type { Transfer } from './write-out.ts';
import { writtenOut } from './write-out.ts';

export interface Ran {
  stdout: string;
  stderr: string;
  exitCode: number;
}

export async function curl(mesh: Surroundings, from: Workload, words: string[]): Promise<Ran> {
  const read = readCurl(words);
  if (!('options' in read)) return { stdout: '', ...read };
  const all: Ran = { stdout: '', stderr: '', exitCode: 0 };
  for (const url of read.options.urls) {
    const one = await transfer(mesh, from, read.options, url);
    all.stdout += one.stdout;
    all.stderr += one.stderr;
    all.exitCode = one.exitCode;
  }
  return all;
}

async function transfer(mesh: Surroundings, from: Workload, options: CurlOptions, given: string): Promise<Ran> {
  const start = mesh.clock.now();
  let url = urlOf(given);
  let sent = url && requestOf(options, url);
  let heard: Answer = failed('unresolved');
  let wrong = url ? undefined : { exitCode: 3, error: 'URL rejected: Malformed input to a URL function' };
  let redirects = 0;
  while (url && sent) {
    heard = await limited(mesh, from, options, sent, url.hostname);
    const took = Math.round(mesh.clock.now() - start);
    wrong = failureOf(heard, url, sent, took, options);
    const next = heard.headers.location;
    if (wrong || !options.follow || next === undefined || heard.status < 300 || heard.status > 399) break;
    if (redirects === options.maxRedirs) {
      wrong = { exitCode: 47, error: `Maximum (${options.maxRedirs}) redirects followed` };
      break;
    }
    redirects += 1;
    url = urlOf(new URL(next, url).href);
    sent = url && { ...requestOf(options, url), ...(heard.status === 303 ? { method: 'GET', body: '' } : {}) };
  }
  const exitCode = wrong?.exitCode ?? 0;
  const body = heard.status === 0 || options.head ? '' : heard.body;
  const shown = options.output === undefined || options.output === '-' ? body : '';
  const transferred: Transfer = {
    status: heard.status,
    headers: heard.headers,
    method: sent?.method ?? 'GET',
    url: url?.href ?? given,
    size: Buffer.byteLength(body),
    took: (mesh.clock.now() - start) / 1000,
    redirects,
    exitCode,
    error: wrong?.error ?? '',
    address: sent && url && heard.status !== 0 ? remoteOf(mesh, from, options, sent, url.hostname) : '',
    port: sent?.port ?? 0,
  };
  return {
    stdout:
      (heard.status !== 0 && (options.include || options.head) ? head(heard) : '') +
      (exitCode === 22 ? '' : shown) +
      (options.writeOut === undefined ? '' : writtenOut(options.writeOut, transferred)),
    stderr: wrong && (!options.silent || options.showError) ? `curl: (${exitCode}) ${wrong.error}\n` : '',
    exitCode,
  };
}

/** undefined: not a URL that curl takes. Without a scheme it is http. */
function urlOf(given: string): URL | undefined {
  try {
    return new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`);
  } catch {
    return undefined;
  }
}

function requestOf(options: CurlOptions, url: URL): Inbound {
  const headers: Headers = { 'user-agent': 'curl/8.17.0', accept: '*/*' };
  if (options.data !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded';
  for (const { name, value } of options.headers) {
    if (value === undefined) delete headers[name.toLowerCase()];
    else headers[name.toLowerCase()] = value;
  }
  const { host = url.host, ...rest } = headers;
  return {
    method: options.method ?? (options.head ? 'HEAD' : options.data === undefined ? 'GET' : 'POST'),
    scheme: url.protocol === 'https:' ? 'https' : 'http',
    host,
    port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
    path: url.pathname + url.search,
    headers: rest,
    body: options.data ?? '',
  };
}

function limited(
  mesh: Surroundings,
  from: Workload,
  options: CurlOptions,
  sent: Inbound,
  hostname: string,
): Promise<Answer> {
  const limit = options.maxTime ? options.maxTime * 1000 : undefined;
  const work = (signal: AbortSignal) => connected(mesh, from, options, sent, hostname, signal);
  return limit === undefined ? work(new AbortController().signal) : within(mesh.clock, limit, work);
}

/** The name of the URL must resolve before anything is sent; the Host header then says where a proxy sends it. */
async function connected(
  mesh: Surroundings,
  from: Workload,
  options: CurlOptions,
  sent: Inbound,
  hostname: string,
  signal: AbortSignal,
): Promise<Answer> {
  const address = addressFor(options, sent, hostname);
  if (!lookUp(mesh.cluster(), address, from.namespace)) return failed('unresolved');
  if (sent.scheme === 'https') return failed('reset');
  return mesh.call(from, { ...sent, address }, signal);
}

/** The URL's host, or what --resolve says in its place. */
function addressFor(options: CurlOptions, sent: Inbound, hostname: string): string {
  const name = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return options.resolve.find(each => each.host === name && each.port === sent.port)?.address ?? name;
}

/** The peer as the program sees it, whatever its proxy does: a sidecar takes connections over unseen. */
function remoteOf(mesh: Surroundings, from: Workload, options: CurlOptions, sent: Inbound, hostname: string): string {
  const address = addressFor(options, sent, hostname);
  const found = lookUp(mesh.cluster(), address, from.namespace);
  if (found?.kind !== 'service' || /^[\d.]+$/.test(address)) return address;
  return String(found.service.spec?.clusterIP ?? '');
}

function failureOf(
  heard: Answer,
  url: URL,
  sent: Inbound,
  took: number,
  options: CurlOptions,
): { exitCode: number; error: string } | undefined {
  if (heard.status >= 400 && options.fail) {
    return { exitCode: 22, error: `The requested URL returned error: ${heard.status}` };
  }
  if (heard.status !== 0) return undefined;
  switch (heard.failure) {
    case 'unresolved':
      return { exitCode: 6, error: `Could not resolve host: ${url.hostname}` };
    case 'timeout':
      return { exitCode: 28, error: `Operation timed out after ${took} milliseconds with 0 bytes received` };
    case 'reset':
      return sent.scheme === 'https'
        ? { exitCode: 35, error: 'TLS connect error: unexpected eof while reading' }
        : { exitCode: 56, error: 'Recv failure: Connection reset by peer' };
    default:
      return {
        exitCode: 7,
        error: `Failed to connect to ${url.hostname} port ${sent.port} after ${took} ms: Could not connect to server`,
      };
  }
}

function head(heard: Answer): string {
  const lines = Object.entries(heard.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${heard.status} ${REASONS[heard.status] ?? ''}\r\n${lines.join('')}\r\n`;
}

const REASONS: Record<number, string> = {
  200: 'OK',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
