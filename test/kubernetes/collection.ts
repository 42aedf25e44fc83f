/** One collection as the API server serves it (list in pages, watch, bookmarks), moved by the test's hand. */
import type { ServerResponse } from 'node:http';
import type { KubeObject } from '../../src/object.ts';
import { json, refuse, type Seen } from './server.ts';

interface Event {
  type: string;
  object: { metadata?: { resourceVersion?: string } };
}

export class Collection {
  readonly objects = new Map<string, KubeObject>();
  readonly watches = new Set<ServerResponse>();
  version = 100;
  /** Versions up to this one are forgotten. */
  compacted = 0;
  readonly #history: Event[] = [];
  /** Continue tokens are refused with 410 while this is true. */
  tokensExpired = false;

  /** Takes a list or a watch. */
  answer({ query }: Seen, response: ServerResponse): void {
    if (query.get('watch')) this.#watch(query, response);
    else this.#list(query, response);
  }

  put(object: KubeObject): KubeObject {
    const known = this.objects.has(object.metadata.name);
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.version) } };
    this.objects.set(object.metadata.name, stored);
    this.send({ type: known ? 'MODIFIED' : 'ADDED', object: stored });
    return stored;
  }

  remove(name: string): void {
    const object = this.objects.get(name)!;
    this.objects.delete(name);
    this.send({
      type: 'DELETED',
      object: { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.version) } },
    });
  }

  bookmark(): void {
    const metadata = { resourceVersion: String(++this.version), annotations: {} };
    this.send({ type: 'BOOKMARK', object: { kind: 'VirtualService', apiVersion: 'networking.istio.io/v1', metadata } });
  }

  send(event: object): void {
    this.#history.push(event as Event);
    for (const watch of this.watches) watch.write(`${JSON.stringify(event)}\n`);
  }

  endWatches(): void {
    for (const watch of this.watches) watch.end();
    this.watches.clear();
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const token = query.get('continue');
    if (token && this.tokensExpired) {
      refuse(response, 410, 'Expired');
      return;
    }
    const all = [...this.objects.values()];
    const from = Number(token ?? 0);
    const limit = Number(query.get('limit') ?? all.length);
    const items = all.slice(from, from + limit);
    const more = from + limit < all.length ? { continue: String(from + limit) } : {};
    json(response, 200, { metadata: { resourceVersion: String(this.version), ...more }, items });
  }

  #watch(query: URLSearchParams, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (Number(query.get('resourceVersion')) < this.compacted) {
      const object = { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410, message: 'too old' };
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
      return;
    }
    const from = Number(query.get('resourceVersion'));
    for (const event of this.#history) {
      const due = event.type !== 'BOOKMARK' && Number(event.object.metadata?.resourceVersion) > from;
      if (due) response.write(`${JSON.stringify(event)}\n`);
    }
    this.watches.add(response);
    response.on('close', () => this.watches.delete(response));
  }
}
