/** The HTTP side: reads a request, meets its fault if one is due, finds who answers it, and writes the answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../ports.ts';
import type { Answer } from './answer.ts';
import { errorAnswer, json, send } from './answer.ts';
import type { ObjectRequest, Outcome } from './api.ts';
import { create, deleting, parse, patch, remove, replace } from './api.ts';
import { documentAt } from './documents.ts';
import type { ExecHandler } from './exec.ts';
import { ExecServer, execRequestOf } from './exec.ts';
import type { Fault } from './faults.ts';
import { type FaultBook, refusal } from './faults.ts';
import { filterOf, initialOf, pageOf, watchedFrom } from './lists.ts';
import type { Objects } from './objects.ts';
import type { Addressed } from './path.ts';
import { addressOf, verbOf } from './path.ts';
import type { RequestLog } from './request-log.ts';
import type { Catalog } from './resources.ts';
import { apiVersion } from './resources.ts';
import type { RightsBook } from './rights.ts';
import { isObject } from './schema.ts';
import { ApiError, methodNotAllowed, noSuchResource, notFound, tooLarge } from './status-errors.ts';
import { listText, objectText, shapeFor } from './table.ts';
import { serveWatch } from './watch.ts';

/** What a handler needs. */
export interface World {
  catalog: Catalog;
  objects: Objects;
  rights: RightsBook;
  faults: FaultBook;
  log: RequestLog;
  clock: Clock;
  exec: () => ExecHandler | undefined;
}

const LONGEST_WATCH = 30 * 60_000;

export class ApiServer {
  readonly #world: World;
  readonly #execs = new ExecServer();
  /** Open watches; those that are true have fallen silent. */
  readonly #watches = new Map<ServerResponse, boolean>();

  constructor(world: World) {
    this.#world = world;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { faults, log } = this.#world;
    const url = urlOf(request);
    const method = request.method ?? 'GET';
    const address = addressOf(url.pathname, this.#world.catalog);
    const watch = isWatch(url);
    const dryRun = url.searchParams.has('dryRun');
    const verb = verbOf(method, address?.name === '', watch);
    const record = log.add({ method, path: url.pathname, query: url.searchParams, verb, address, dryRun });
    const fault = faults.take({ method, path: url.pathname, watch, dryRun });
    try {
      const body = await bodyOf(request);
      const large = tooLarge(body.length);
      if (large) throw large;
      if (fault && (await this.#meets(fault, response))) return;
      const answer = await this.#answer(request, response, url, verb, address, body);
      if (!answer) {
        record.status = 200;
        return;
      }
      if (fault?.kind === 'reset-after-commit') return void response.destroy();
      if (fault?.kind === 'silence-after-commit') return;
      const late = fault?.kind === 'timeout-after-commit' ? refusal(fault) : undefined;
      const sent = late ? errorAnswer(late) : answer;
      record.status = sent.code;
      send(response, sent);
    } catch (error) {
      const answer = errorAnswer(error);
      record.status = answer.code;
      if (response.headersSent) response.destroy();
      else send(response, answer);
    }
  }

  /** WebSocket connections: exec, and nothing else. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { catalog, objects, rights, faults, log, exec } = this.#world;
    const url = urlOf(request);
    const method = request.method ?? 'GET';
    const address = addressOf(url.pathname, catalog);
    const record = log.add({
      method,
      path: url.pathname,
      query: url.searchParams,
      verb: 'create',
      address,
      dryRun: false,
    });
    socket.on('error', () => socket.destroy());
    const fault = faults.take({ method, path: url.pathname, watch: false, dryRun: false });
    try {
      if (fault?.kind === 'reset') return void socket.destroy();
      if (fault?.kind === 'silence') return;
      const refused = fault ? refusal(fault) : undefined;
      if (refused) throw refused;
      if (address?.resource.kind !== 'Pod' || address.subresource !== 'exec') throw methodNotAllowed();
      rights.check({ ...asked(address), user: userOf(request), verb: 'create' });
      const entry = objects.get(address, address.name);
      if (!entry) throw notFound(address.resource, address.name);
      const wanted = execRequestOf(entry.object, url.searchParams);
      const handler = exec();
      if (!handler) throw new ApiError(500, 'InternalError', 'Internal error occurred: nothing answers exec here');
      record.status = 101;
      this.#execs.serve(request, socket, head, wanted, url.searchParams, handler);
    } catch (error) {
      const answer = errorAnswer(error);
      record.status = answer.code;
      socket.end(
        `HTTP/1.1 ${answer.code} ${answer.code}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(answer.body)}\r\nConnection: close\r\n\r\n${answer.body}`,
      );
    }
  }

  dropWatches(how: 'end' | 'reset' | 'stall'): number {
    const watches = [...this.#watches.keys()];
    for (const response of watches) {
      if (how === 'end') response.end();
      else if (how === 'reset') (response.socket as Socket | null)?.resetAndDestroy();
      else this.#watches.set(response, true);
    }
    return watches.length;
  }

  close(): void {
    this.#execs.close();
  }

  /** True when the fault has dealt with the request: nothing is carried out. */
  async #meets(fault: Fault, response: ServerResponse): Promise<boolean> {
    switch (fault.kind) {
      case 'reset':
        (response.socket as Socket | null)?.resetAndDestroy();
        return true;
      case 'silence':
        return true;
      case 'delay':
        await this.#world.clock.sleep(fault.ms);
        return false;
      case 'conflict':
      case 'throttle':
      case 'denied':
      case 'error':
        throw refusal(fault)!;
      default:
        return false;
    }
  }

  /** undefined: the response is being streamed. */
  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    verb: string,
    address: Addressed | undefined,
    body: Buffer,
  ): Promise<Answer | undefined> {
    if (!address) return documentAt(request, url, this.#world.catalog);
    const { rights, objects, clock } = this.#world;
    const { resource, version } = address;
    const user = userOf(request);
    const contentType = (request.headers['content-type'] ?? '').split(';')[0]!.trim();
    if (resource.virtual) {
      if (request.method !== 'POST') throw methodNotAllowed();
      const parsed = parse({ contentType, body });
      const review = {
        apiVersion: apiVersion(resource.group, version),
        kind: resource.kind,
        ...(isObject(parsed) ? parsed : {}),
      };
      const metadata = address.namespace ? { namespace: address.namespace } : {};
      return json(201, { ...rights.review(resource.kind, review, user), metadata });
    }
    rights.check({ ...asked(address), user, verb });
    if (!['', 'status', 'exec', 'finalize'].includes(address.subresource)) throw noSuchResource();
    if (address.subresource === 'status' && !resource.status) throw noSuchResource();
    if (address.subresource === 'exec') {
      throw new ApiError(400, 'BadRequest', 'Upgrade request required');
    }
    const one: ObjectRequest = {
      address,
      query: url.searchParams,
      contentType,
      body,
      userAgent: request.headers['user-agent'] ?? '',
      now: clock.now(),
    };
    const shape = shapeFor(request.headers.accept, url.searchParams.get('includeObject'));
    const show = ({ code, warnings, answer }: Outcome): Answer =>
      'status' in answer
        ? { ...json(code, answer.status), warnings }
        : { code, warnings, body: objectText(answer.entry, resource, version, shape, clock.now()) };
    switch (verb) {
      case 'get': {
        const entry = objects.get(address, address.name);
        if (!entry) throw notFound(resource, address.name);
        return { code: 200, body: objectText(entry, resource, version, shape, clock.now()) };
      }
      case 'list':
        return { code: 200, body: this.#list(address, url, shape) };
      case 'watch':
        this.#watch(address, url, shape, response);
        return undefined;
      case 'create':
        return show(create(objects, one));
      case 'update':
        if (address.name === '') throw methodNotAllowed();
        return show(replace(objects, one));
      case 'patch':
        if (address.name === '') throw methodNotAllowed();
        return show(patch(objects, one));
      case 'delete':
        return show(remove(objects, one));
      case 'deletecollection':
        return this.#deleteAll(address, one, url, shape);
      default:
        throw methodNotAllowed();
    }
  }

  #list(address: Addressed, url: URL, shape: ReturnType<typeof shapeFor>): string {
    const page = pageOf(this.#world.objects.store, address, url.searchParams);
    const meta = {
      resourceVersion: String(page.version),
      ...(page.continue ? { continue: page.continue } : {}),
      ...(page.remaining ? { remainingItemCount: page.remaining } : {}),
    };
    return listText(page.entries, address.resource, address.version, shape, meta, this.#world.clock.now());
  }

  #watch(address: Addressed, url: URL, shape: ReturnType<typeof shapeFor>, response: ServerResponse): void {
    const query = url.searchParams;
    const seconds = Number(query.get('timeoutSeconds') ?? 0);
    const watch = {
      resource: address.resource,
      version: address.version,
      namespace: address.namespace,
      filter: filterOf(address, query),
      shape,
      from: watchedFrom(query.get('resourceVersion')),
      initial: initialOf(query),
      bookmarks: query.get('allowWatchBookmarks') === 'true' || query.get('allowWatchBookmarks') === '1',
      timeout: seconds > 0 ? seconds * 1000 : LONGEST_WATCH,
      stalled: () => this.#watches.get(response) === true,
    };
    this.#watches.set(response, false);
    serveWatch(watch, this.#world.objects.store, response, this.#world.clock, () => this.#watches.delete(response));
  }

  #deleteAll(address: Addressed, one: ObjectRequest, url: URL, shape: ReturnType<typeof shapeFor>): Answer {
    const { objects, clock } = this.#world;
    const { resource, version } = address;
    const { entries } = pageOf(objects.store, address, url.searchParams);
    const { dryRun } = deleting(one);
    for (const { object } of entries) {
      const target = { resource, version, namespace: object.metadata.namespace ?? '' };
      objects.delete(target, object.metadata.name, { dryRun, preconditions: {} });
    }
    const meta = { resourceVersion: String(objects.store.version) };
    return { code: 200, body: listText(entries, resource, version, shape, meta, clock.now()) };
  }
}

function asked({ resource, namespace, name, subresource }: Addressed) {
  return { group: resource.group, resource: resource.plural, subresource, namespace, name };
}

/** Everyone is the administrator, unless they impersonate somebody. */
function userOf(request: IncomingMessage): string {
  const given = request.headers['impersonate-user'];
  return typeof given === 'string' && given ? given : 'kubernetes-admin';
}

function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'http://localhost');
}

function isWatch(url: URL): boolean {
  const value = url.searchParams.get('watch');
  return value === 'true' || value === '1';
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
