/** Reads a whole collection page by page. https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks */
import type { KubeObject } from '../object.ts';
import { ClusterError } from '../ports.ts';
import type { KubeClient } from './client.ts';
import { ApiError } from './errors.ts';
import type { Resource } from './paths.ts';

const PAGE = 500;

export interface Page {
  objects: KubeObject[];
  /** resourceVersion of the list: the same on all its pages. A watch goes on from here. */
  version: string;
}

/** Throws ClusterError. Where the continue token is too old (410), the rest is read again as one whole. */
export async function* listed(
  client: KubeClient,
  resource: Resource,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  let token: string | undefined;
  let limit: number | undefined = PAGE;
  do {
    let body: unknown;
    try {
      const subject = `list of ${resource.resource}`;
      const query = { limit, continue: token };
      body = (await client.call({ method: 'GET', path, query, subject, signal })).body;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 410 || token === undefined) throw error;
      token = undefined;
      limit = undefined;
      continue;
    }
    const list = body as { metadata?: { resourceVersion?: string; continue?: string }; items?: KubeObject[] };
    const version = list.metadata?.resourceVersion;
    if (!version || !Array.isArray(list.items)) {
      throw new ClusterError('unavailable', `list of ${resource.resource}: the answer is no list`);
    }
    token = list.metadata?.continue || undefined;
    for (const item of list.items) typed(item, resource);
    yield { objects: list.items, version };
    if (limit === undefined) return;
  } while (limit === undefined || token !== undefined);
}

/** Items of the core kinds' lists come without apiVersion and kind. */
export function typed(item: KubeObject, { apiVersion, kind }: Resource): KubeObject {
  item.apiVersion ??= apiVersion;
  item.kind ??= kind;
  return item;
}
