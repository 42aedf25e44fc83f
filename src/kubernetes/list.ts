/** Reads a whole collection page by page. https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks */
import type { KubeObject } from '../object.ts';
import { ClusterError } from '../ports.ts';
import type { KubeClient } from './client.ts';
import { ApiError } from './errors.ts';
import { ListScanner } from './list-scanner.ts';
import type { Resource } from './paths.ts';

const PAGE = 500;

export type Listed =
  /** Objects as they arrive, a few at a time. */
  | { objects: KubeObject[] }
  /** Comes last. resourceVersion of the list: a watch goes on from here. */
  | { version: string };

/**
 * Throws ClusterError, or the connection's own error where it breaks halfway. Where a continue token is too old (410),
 * everything is read again as one whole.
 */
export async function* listed(
  client: KubeClient,
  resource: Resource,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Listed> {
  const subject = `list of ${resource.resource}`;
  let query: { limit?: number; continue?: string } = { limit: PAGE };
  for (;;) {
    let body: AsyncIterable<Buffer>;
    try {
      body = await client.open({ method: 'GET', path, query, subject, signal }, 'requests');
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 410 || query.continue === undefined) throw error;
      query = {};
      continue;
    }
    const scanner = new ListScanner();
    for await (const piece of body) {
      const items = scanner.feed(piece);
      if (items.length > 0) yield { objects: items.map(item => typed(JSON.parse(item) as KubeObject, resource)) };
    }
    const { version, token } = envelope(scanner.rest(), subject);
    if (token === undefined) return yield { version };
    query = { limit: PAGE, continue: token };
  }
}

function envelope(text: string, subject: string): { version: string; token: string | undefined } {
  let list: { metadata?: { resourceVersion?: string; continue?: string }; items?: unknown };
  try {
    list = JSON.parse(text);
  } catch (cause) {
    throw new ClusterError('unavailable', `${subject}: the answer is no JSON`, { cause });
  }
  const version = list.metadata?.resourceVersion;
  if (!version || !Array.isArray(list.items)) {
    throw new ClusterError('unavailable', `${subject}: the answer is no list`);
  }
  return { version, token: list.metadata?.continue || undefined };
}

/** Items of the core kinds' lists come without apiVersion and kind. */
export function typed(item: KubeObject, { apiVersion, kind }: Resource): KubeObject {
  item.apiVersion ??= apiVersion;
  item.kind ??= kind;
  return item;
}
