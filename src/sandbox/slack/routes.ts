/** Which address of the local Slack is what, and who may use it: this machine alone, and no other site's page. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { respond, upload } from './app-doors.ts';
import type { Fault } from './faults.ts';
import type { Hub } from './hub.ts';
import { isObject, parseJson } from './json.ts';
import { streamEvents, takeAction } from './page-server.ts';
import { staticFile } from './static-files.ts';
import { readBody } from './web-api/arguments.ts';
import { callMethod } from './web-api/router.ts';

/** A name that another site could point at this machine is none of these (DNS rebinding). */
export function isLoopbackHost(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host ?? '');
}

/** Browsers send Origin with what another site's page asks for. */
function isForeign(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin !== undefined) return origin !== `http://${host}`;
  return request.headers['sec-fetch-site'] === 'cross-site' && request.headers['sec-fetch-mode'] !== 'navigate';
}

/** undefined where it is no address, like `//`. */
export function addressOf(request: IncomingMessage, base: string): URL | undefined {
  const url = request.url ?? '/';
  return URL.canParse(url, base) ? new URL(url, base) : undefined;
}

export async function route(hub: Hub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isLoopbackHost(request.headers.host)) {
    plain(response, 421, 'This server answers to 127.0.0.1 and localhost only.');
    return;
  }
  if (isForeign(request)) {
    plain(response, 403, 'Only the page of this server may ask for that.');
    return;
  }
  const address = addressOf(request, hub.url);
  if (!address) {
    plain(response, 400, 'That is no address.');
    return;
  }
  const [, first = '', second = '', third = ''] = address.pathname.split('/');
  const posted = request.method === 'POST';
  if (first === 'api') return callMethod(hub, second, request, response, address.searchParams);
  if (first === 'respond' && posted) return respond(hub, second, request, response);
  if (first === 'upload' && posted) return upload(hub, second, request, response);
  if (first === 'page' && second === 'events') {
    return streamEvents(hub, address.searchParams.get('user') ?? '', request, response);
  }
  if (first === 'page' && second === 'action' && posted) {
    return json(response, 200, await takeAction(hub, request));
  }
  if (first === 'page' && second === 'files') return sendFile(hub, third, response);
  if (first === 'faults') return faults(hub, request, response);
  return sendStatic(address.pathname, request, response);
}

async function sendStatic(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const file = isRead ? await staticFile(path) : undefined;
  if (!file) return plain(response, 404, 'There is nothing here.');
  response.writeHead(200, {
    'content-type': file.type,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(request.method === 'HEAD' ? undefined : file.content);
}

/** What an app uploaded never runs as part of this page. */
function sendFile(hub: Hub, id: string, response: ServerResponse): void {
  const file = hub.files.find(id);
  if (!file?.completed || !file.content) {
    plain(response, 404, 'There is no such file.');
    return;
  }
  const shown = file.mimetype.startsWith('text/') ? 'text/plain; charset=utf-8' : file.mimetype;
  response.writeHead(200, {
    'content-type': shown,
    'content-length': file.content.length,
    'content-security-policy': 'sandbox',
    'x-content-type-options': 'nosniff',
  });
  response.end(file.content);
}

/** For tests in other processes: GET lists, POST {"add": fault} or {"clear": true}. */
async function faults(hub: Hub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST') {
    const body = parseJson((await readBody(request)).toString());
    const added = isObject(body) ? body.add : undefined;
    if (isObject(added) && typeof added.kind === 'string') hub.faults.add(added as unknown as Fault);
    else if (isObject(body) && body.clear === true) hub.faults.clear();
    else return plain(response, 400, 'Send {"add": {"kind": …}} or {"clear": true}.');
  }
  return json(response, 200, hub.faults.list());
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}
