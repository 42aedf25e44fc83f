/** The smallest JSON merge patch (RFC 7386) that makes one object of another. */
import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject, type KubeObject } from '../object.ts';

/** What the API server alone decides. */
const SERVERS = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp', 'managedFields'];

/**
 * The patch from `before` to `after`, to be taken only while the object still has `before`'s resourceVersion. What
 * neither of them holds, because a cache dropped it, stays as it is in the cluster. Status is not part of it.
 */
export function patchOf(before: KubeObject, after: KubeObject): JsonObject {
  const patch = difference(editable(before), editable(after));
  const metadata = isObject(patch.metadata) ? patch.metadata : {};
  return { ...patch, metadata: { ...metadata, resourceVersion: before.metadata.resourceVersion! } };
}

function editable(object: KubeObject): JsonObject {
  const { status: _, apiVersion: __, kind: ___, metadata, ...rest } = object;
  const kept = Object.fromEntries(Object.entries(metadata).filter(([field]) => !SERVERS.includes(field)));
  // None is the same as empty: the cluster may hold some that a cache has dropped, and they must not go with the map.
  return {
    ...rest,
    metadata: { ...kept, labels: kept.labels ?? {}, annotations: kept.annotations ?? {} },
  } as JsonObject;
}

function difference(before: JsonObject, after: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const field of Object.keys(before)) if (after[field] === undefined) patch[field] = null;
  for (const [field, wanted] of Object.entries(after)) {
    if (wanted === undefined) continue;
    const had = before[field];
    if (isDeepStrictEqual(had, wanted)) continue;
    patch[field] = isObject(had) && isObject(wanted) ? difference(had, wanted) : wanted;
  }
  return patch;
}
