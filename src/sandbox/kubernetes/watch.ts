/** One watch: events of a resource from a version on, as lines of JSON, until it times out or is ended. */
import type { ServerResponse } from 'node:http';
import type { JsonObject, KubeObject } from '../../object.ts';
import type { Clock } from '../../ports.ts';
import type { Resource } from './resources.ts';
import { apiVersion, resourceKey } from './resources.ts';
import type { Filter } from './selectors.ts';
import { expired } from './status-errors.ts';
import type { Entry, Store, StoreEvent } from './store.ts';
import type { Shape } from './table.ts';
import { objectText, tableText } from './table.ts';

export interface WatchRequest {
  resource: Resource;
  version: string;
  namespace: string;
  filter: Filter | undefined;
  shape: Shape;
  /** Where to start. undefined or 0: at whatever is newest, with what is there as ADDED. */
  from: number | undefined;
  /** What is there comes as ADDED before anything else; false: it does not, whatever `from` says. */
  initial: boolean | undefined;
  bookmarks: boolean;
  /** ms. */
  timeout: number;
  /** True once nothing shall come any more, though the connection stays: a fault. */
  stalled: () => boolean;
}

/** ms between bookmarks; kube-apiserver sends one a minute. */
const BOOKMARK_EVERY = 60_000;
/** A reader who lets this much pile up (bytes) is cut off, as kube-apiserver does with slow watchers. */
const BACKLOG = 32 * 1024 * 1024;

/** Streams to `response`, whose head is not yet sent. `ended` is called once, whoever ends it. */
export function serveWatch(
  request: WatchRequest,
  store: Store,
  response: ServerResponse,
  clock: Clock,
  ended: () => void,
): void {
  const { resource, version, namespace, filter, shape } = request;
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  let headed = false;

  const matches = (object: KubeObject) =>
    (!namespace || object.metadata.namespace === namespace) && (!filter || filter(object));
  const line = (type: string, text: string) => {
    if (request.stalled()) return;
    response.write(`{"type":"${type}","object":${text}}\n`);
    if (response.writableLength > BACKLOG) response.destroy();
  };
  const send = (type: string, entry: Entry) => {
    if (shape.as === 'table') {
      const meta = { resourceVersion: String(entry.version) };
      line(type, tableText([entry], resource, version, shape.include, meta, clock.now(), headed));
      headed = true;
    } else line(type, objectText(entry, resource, version, shape, clock.now()));
  };
  const bookmark = (initialEnd = false) => {
    const metadata: JsonObject = { resourceVersion: String(store.version), creationTimestamp: null };
    if (initialEnd) metadata.annotations = { 'k8s.io/initial-events-end': 'true' };
    const kind = { apiVersion: apiVersion(resource.group, version), kind: resource.kind };
    line('BOOKMARK', JSON.stringify({ ...kind, metadata }));
  };
  const pass = (event: StoreEvent) => {
    const is = event.type !== 'DELETED' && matches(event.entry.object);
    const was = event.before !== undefined && matches(event.before.object);
    if (is) send(was ? 'MODIFIED' : 'ADDED', event.entry);
    else if (was) send('DELETED', gone(event));
  };

  const fresh = request.from === undefined || request.from === 0;
  if (!fresh && !request.initial) {
    const missed = store.since(resource, request.from!);
    if (!missed) {
      const gone = expired(`too old resource version: ${request.from} (${store.floor + 1})`);
      line('ERROR', JSON.stringify(gone.status()));
      response.end();
      ended();
      return;
    }
    for (const event of missed) pass(event);
  } else if (request.initial !== false) {
    for (const entry of store.list(resource, { namespace }) ?? []) {
      if (!filter || filter(entry.object)) send('ADDED', entry);
    }
    if (request.initial && request.bookmarks) bookmark(true);
  }

  const wanted = resourceKey(resource);
  const after = fresh ? 0 : request.from!;
  const unsubscribe = store.subscribe(event => {
    if (event.resource === wanted && event.version > after) pass(event);
  });
  const over = new AbortController();
  void last(clock, request, over.signal, bookmark).then(() => {
    if (!over.signal.aborted && !request.stalled()) response.end();
  });
  response.once('close', () => {
    unsubscribe();
    // With a reason, or each would make an error, with its stack, that nobody reads.
    over.abort('closed');
    ended();
  });
}

/** Resolves at the end of the watch's time. A bookmark each minute shows that it lives, and the last one how far it came. */
async function last(
  clock: Clock,
  { timeout, bookmarks }: WatchRequest,
  over: AbortSignal,
  bookmark: () => void,
): Promise<void> {
  for (let left = timeout; left > 0 && !over.aborted; left -= BOOKMARK_EVERY) {
    await clock.sleep(Math.min(left, BOOKMARK_EVERY), over);
    if (bookmarks && !over.aborted) bookmark();
  }
}

/** What leaves a watch is shown as it last was, under the version of what took it away. */
function gone({ type, entry, before, version }: StoreEvent): Entry {
  if (type === 'DELETED') return entry;
  const object = before!.object;
  return { object: { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } }, version };
}
