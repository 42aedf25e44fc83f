/** Lists: selectors, pages with limit and continue, and which version of the collection they show. */
import type { Addressed } from './path.ts';
import type { Filter } from './selectors.ts';
import { both, fieldFilter, labelFilter } from './selectors.ts';
import { ApiError, badRequest, expired, invalid } from './status-errors.ts';
import type { Entry, Store } from './store.ts';

export interface Page {
  entries: Entry[];
  version: number;
  continue?: string;
  remaining?: number;
}

/** What a list or watch selects by. */
export function filterOf({ resource, name }: Addressed, query: URLSearchParams): Filter | undefined {
  const labels = labelFilter(query.get('labelSelector') ?? '');
  const fields = fieldFilter(query.get('fieldSelector') ?? '', resource);
  const named: Filter | undefined = name ? object => object.metadata.name === name : undefined;
  return both(both(labels, fields), named);
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks */
export function pageOf(store: Store, address: Addressed, query: URLSearchParams): Page {
  const { resource, namespace } = address;
  const filter = filterOf(address, query);
  const limit = integerIn(query.get('limit') || '0');
  const token = query.get('continue');
  const wanted = query.get('resourceVersion');
  if (token && wanted && wanted !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  const from = token ? readToken(token) : undefined;
  const version = from?.version ?? versionOf(store, query) ?? store.version;
  const all = store.list(resource, {
    ...(namespace ? { namespace } : {}),
    ...(from ? { after: from.after } : {}),
    ...(version === store.version ? {} : { version }),
  });
  if (!all) {
    throw token
      ? expired(
          'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
        )
      : expired(`The resourceVersion for the provided list is too old.`);
  }
  const found = filter ? all.filter(entry => filter(entry.object)) : all;
  if (!(limit > 0) || found.length <= limit) return { entries: found, version };
  const entries = found.slice(0, limit);
  const { metadata } = entries.at(-1)!.object;
  const after = `${metadata.namespace ?? ''}/${metadata.name}`;
  return {
    entries,
    version,
    continue: writeToken({ version, after }),
    // With a selector the server does not know how many are left.
    ...(filter ? {} : { remaining: found.length - limit }),
  };
}

/** The version that a list must show exactly; undefined: the newest. */
function versionOf(store: Store, query: URLSearchParams): number | undefined {
  const version = readVersion(query.get('resourceVersion'));
  const match = query.get('resourceVersionMatch');
  if (match && version === undefined)
    throw optionsFault('resourceVersionMatch is forbidden unless resourceVersion is provided');
  if (match && match !== 'Exact' && match !== 'NotOlderThan') {
    throw optionsFault(`Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`);
  }
  if (version === undefined || version === 0) return undefined;
  if (version > store.version) {
    const message = `Too large resource version: ${version}, current: ${store.version}`;
    throw new ApiError(504, 'Timeout', `Timeout: ${message}`, {
      retryAfterSeconds: 1,
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    });
  }
  return match === 'Exact' ? version : undefined;
}

/** A resourceVersion from a query; undefined when there is none. 400 for what is no number. */
function readVersion(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  if (!/^\d+$/.test(text))
    throw badRequest(
      `Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  return Number(text);
}

/** As readVersion, but a watch calls what is no number a fault of the server's. */
export function watchedFrom(text: string | null): number | undefined {
  try {
    return readVersion(text);
  } catch (cause) {
    throw new ApiError(500, '', `resourceVersion: ${(cause as ApiError).message}`);
  }
}

/** Whether a watch wants to begin with what is there; undefined where it does not say. */
export function initialOf(query: URLSearchParams): boolean | undefined {
  const match = query.get('resourceVersionMatch');
  const initial = query.has('sendInitialEvents') ? query.get('sendInitialEvents') === 'true' : undefined;
  if (initial !== undefined && match !== 'NotOlderThan') {
    throw optionsFault('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  }
  if (initial === undefined && match !== null) {
    throw optionsFault('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  }
  return initial;
}

function optionsFault(message: string): ApiError {
  const cause = { field: 'resourceVersionMatch', reason: 'FieldValueForbidden', message: `Forbidden: ${message}` };
  return invalid({ group: 'meta.k8s.io', plural: '', kind: 'ListOptions' }, '', [cause]);
}

/** 400 for what is no whole number, in the words of Go's strconv. */
function integerIn(text: string): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function writeToken(token: { version: number; after: string }): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: token.version, start: token.after })).toString(
    'base64url',
  );
}

function readToken(text: string): { version: number; after: string } {
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString()) as { rv: number; start: string };
    if (Number.isInteger(token.rv) && typeof token.start === 'string') return { version: token.rv, after: token.start };
  } catch {
    // Told below, as any other token that is none.
  }
  throw badRequest('continue key is not valid');
}
