/** What a watch says, event by event. https://kubernetes.io/docs/reference/using-api/api-concepts/#watch-bookmarks */
import type { KubeObject } from '../object.ts';
import type { KubeClient } from './client.ts';
import { refusal } from './errors.ts';
import { lines } from './lines.ts';
import { typed } from './list.ts';
import type { Resource } from './paths.ts';

export type WatchEvent =
  | { type: 'put' | 'removed'; object: KubeObject; version: string | undefined }
  /** Nothing changed up to here. */
  | { type: 'bookmark'; version: string | undefined };

/**
 * Ends when the server ends it. Throws ApiError for a refusal, also for one that comes as an event: an expired
 * resourceVersion is HTTP 200 with an ERROR of code 410.
 */
export async function* watchEvents(
  client: KubeClient,
  resource: Resource,
  path: string,
  from: { resourceVersion: string | undefined; timeoutSeconds: number },
  signal: AbortSignal,
  heard: () => void,
): AsyncGenerator<WatchEvent> {
  const subject = `watch of ${resource.resource}`;
  const query = { watch: 'true', allowWatchBookmarks: 'true', ...from };
  const body = await client.open({ method: 'GET', path, query, subject, signal }, 'streams');
  heard();
  for await (const line of lines(body, heard)) {
    const { type, object } = JSON.parse(line) as { type: string; object: KubeObject & { code?: unknown } };
    const version = object?.metadata?.resourceVersion;
    switch (type) {
      case 'ADDED':
      case 'MODIFIED':
        yield { type: 'put', object: typed(object, resource), version };
        break;
      case 'DELETED':
        yield { type: 'removed', object: typed(object, resource), version };
        break;
      case 'BOOKMARK':
        yield { type: 'bookmark', version };
        break;
      case 'ERROR':
        throw refusal(subject, typeof object?.code === 'number' ? object.code : 500, object);
      // A type that is not known yet says nothing about the objects.
    }
  }
}
