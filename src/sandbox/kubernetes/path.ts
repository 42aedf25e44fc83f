/** What a request's path and method mean: which resource, which object, which verb. */
import type { Catalog, Resource } from './resources.ts';

export interface Addressed {
  resource: Resource;
  version: string;
  /** '' for all namespaces and for cluster-scoped resources. */
  namespace: string;
  /** '' for a collection. */
  name: string;
  /** 'status', 'exec', … or ''. */
  subresource: string;
}

/** undefined: nothing is served there. */
export function addressOf(path: string, catalog: Catalog): Addressed | undefined {
  const [root, ...rest] = path
    .split('/')
    .filter(part => part !== '')
    .map(decoded);
  const [group, version, ...parts] = root === 'api' ? ['', ...rest] : rest;
  if ((root !== 'api' && root !== 'apis') || version === undefined || group === undefined) return undefined;
  const at = (namespace: string, [plural = '', name = '', subresource = '', ...more]: string[]) => {
    const resource = more.length === 0 ? catalog.find(group, version, plural) : undefined;
    if (!resource || (namespace !== '' && !resource.namespaced)) return undefined;
    if (namespace === '' && name !== '' && resource.namespaced) return undefined;
    return { resource, version, namespace, name, subresource };
  };
  // `/namespaces/x` and its subresources are the Namespace itself; anything else under it is in it.
  const [first, namespace, third] = parts;
  const itself = first !== 'namespaces' || third === undefined || ['status', 'finalize'].includes(third);
  return itself ? at('', parts) : at(namespace ?? '', parts.slice(2));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The verb as rights and the request log name it. */
export function verbOf(method: string, collection: boolean, watch: boolean): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return watch ? 'watch' : collection ? 'list' : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return collection ? 'deletecollection' : 'delete';
    default:
      return method.toLowerCase();
  }
}
