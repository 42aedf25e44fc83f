/** The three ways in which an object or a list is sent: whole, as rows of a Table, or its metadata alone. */
import type { Json, JsonObject } from '../../object.ts';
import type { Resource } from './resources.ts';
import { notAcceptable } from './status-errors.ts';
import type { Entry } from './store.ts';
import { entryText, inVersion } from './store.ts';

export type Shape = { as: 'whole' } | { as: 'metadata' } | { as: 'table'; include: 'None' | 'Metadata' | 'Object' };

/** What an Accept header asks for. 406 when it is nothing that can be sent. */
export function shapeFor(accept: string | undefined, includeObject: string | null): Shape {
  for (const part of (accept || '*/*').split(',')) {
    const [type = '', ...parameters] = part.split(';').map(piece => piece.trim());
    if (!['application/json', 'application/*', '*/*'].includes(type)) continue;
    const as = parameters.find(parameter => parameter.startsWith('as='))?.slice(3);
    if (as === undefined) return { as: 'whole' };
    if (as === 'Table' && parameters.includes('v=v1')) {
      const include = includeObject === 'None' || includeObject === 'Object' ? includeObject : 'Metadata';
      return { as: 'table', include };
    }
    if ((as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') && parameters.includes('v=v1')) {
      return { as: 'metadata' };
    }
  }
  throw notAcceptable();
}

interface ListMeta {
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
}

/** A list's JSON text. Items of custom resources name their kind, those of built-in ones do not, as on a real server. */
export function listText(
  entries: Entry[],
  resource: Resource,
  version: string,
  shape: Shape,
  meta: ListMeta,
  now: number,
): string {
  const metadata = JSON.stringify(meta);
  if (shape.as === 'table') return tableText(entries, resource, version, shape.include, meta, now);
  if (shape.as === 'metadata') {
    const items = entries.map(entry => metadataText(entry)).join(',');
    return `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":${metadata},"items":[${items}]}`;
  }
  const items = entries.map(entry => entryText(entry, resource, version, !resource.custom)).join(',');
  // Lists of custom resources say also that there is no more.
  const whole = resource.custom ? JSON.stringify({ continue: '', ...meta }) : metadata;
  const apiVersion = resource.group ? `${resource.group}/${version}` : version;
  return `{"apiVersion":"${apiVersion}","items":[${items}],"kind":"${resource.kind}List","metadata":${whole}}`;
}

/** One object's JSON text. */
export function objectText(entry: Entry, resource: Resource, version: string, shape: Shape, now: number): string {
  if (shape.as === 'whole') return entryText(entry, resource, version);
  if (shape.as === 'metadata') return metadataText(entry);
  const meta = { resourceVersion: entry.object.metadata.resourceVersion ?? '' };
  return tableText([entry], resource, version, shape.include, meta, now);
}

/** `bare`: without column definitions, as in all but the first event of a watch. */
export function tableText(
  entries: Entry[],
  resource: Resource,
  version: string,
  include: 'None' | 'Metadata' | 'Object',
  meta: ListMeta,
  now: number,
  bare = false,
): string {
  const printer = resource.printer(version);
  const rows = entries.map((entry): JsonObject => {
    const object = inVersion(entry.object, resource, version);
    return {
      cells: printer.cells(object, now),
      ...(include === 'None' ? {} : { object: include === 'Object' ? (object as unknown as Json) : metadataOf(entry) }),
    };
  });
  return JSON.stringify({
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: meta,
    columnDefinitions: bare
      ? null
      : printer.columns.map(column => ({ description: '', format: '', priority: 0, ...column })),
    rows,
  });
}

function metadataOf({ object }: Entry): JsonObject {
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: object.metadata as unknown as JsonObject,
  };
}

function metadataText(entry: Entry): string {
  return JSON.stringify(metadataOf(entry));
}
