/** Everything under the address that is no object: discovery, OpenAPI, version and health. */
import type { IncomingMessage } from 'node:http';
import type { Answer } from './answer.ts';
import { json, maybe, notServed } from './answer.ts';
import * as discovery from './discovery.ts';
import { openapiDocument, openapiIndex, swagger } from './openapi.ts';
import type { Catalog } from './resources.ts';
import { noSuchResource } from './status-errors.ts';

/** The answer to anything that is not about objects; plain 404 where nothing is. */
export function documentAt(request: IncomingMessage, url: URL, catalog: Catalog): Answer {
  if (request.method !== 'GET' && request.method !== 'HEAD') return notServed();
  const path = url.pathname.replace(/\/+$/, '') || '/';
  const parts = path.split('/').filter(part => part !== '');
  const aggregated = discovery.aggregatedType(request.headers.accept);
  switch (path) {
    case '/version':
      return json(200, discovery.VERSION);
    case '/healthz':
    case '/livez':
    case '/readyz':
      return { code: 200, type: 'text/plain; charset=utf-8', body: 'ok' };
    case '/':
      return json(200, { paths: ['/api', '/api/v1', '/apis', '/openapi/v2', '/openapi/v3', '/version'] });
    case '/api':
    case '/apis':
      if (aggregated) return json(200, discovery.aggregated(catalog, path === '/api', aggregated), aggregated);
      return json(
        200,
        path === '/api' ? discovery.coreVersions(request.headers.host ?? '') : discovery.groupList(catalog),
      );
    case '/openapi/v2':
      return json(200, swagger(catalog));
    case '/openapi/v3':
      return json(200, openapiIndex(catalog));
  }
  const [root, second = '', third = '', fourth = '', fifth = ''] = parts;
  if (root === 'openapi' && second === 'v3') {
    const [group, version] = third === 'api' ? ['', fourth] : [fourth, fifth];
    return maybe(openapiDocument(catalog, group, version));
  }
  if (root === 'api' && parts.length === 2) return maybe(discovery.resourceList(catalog, '', second));
  if (root === 'apis' && parts.length === 2) return maybe(discovery.group(catalog, second));
  if (root === 'apis' && parts.length === 3) return maybe(discovery.resourceList(catalog, second, third));
  // Groups of definitions are served by another part of kube-apiserver, which has no words for it.
  if (root === 'api' && discovery.resourceList(catalog, '', second)) throw noSuchResource();
  return notServed();
}
