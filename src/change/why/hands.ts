/** Who wrote a field of an object, by what the API server remembers: managedFields. Caches leave them out. */
import { isObject, type KubeObject } from '../../object.ts';

/** Under which name meshbot writes. */
const OWN = 'meshbot';

/** Somebody who wrote to an object: `kubectl-client-side-apply`, not a person. */
export interface Hand {
  manager: string;
  /** `Update` or `Apply`. */
  operation: string;
  /** Epoch ms of its last write to any of its fields. */
  at?: number;
}

export interface Hands {
  /** Of the field itself, besides meshbot: the API server names whoever changed it last, and all who apply it. */
  owners: Hand[];
  /** Whoever else wrote to the object, and may have been overwritten since. */
  others: Hand[];
  /** Whether meshbot owns the field. */
  own: boolean;
}

/** https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
export function handsOn(object: KubeObject, field: string[]): Hands {
  const owners: Hand[] = [];
  const others: Hand[] = [];
  let own = false;
  for (const { manager = '?', operation = '?', time, subresource, fieldsV1 } of object.metadata.managedFields ?? []) {
    if (subresource) continue;
    const holds = contains(fieldsV1, field);
    if (manager === OWN) {
      own ||= holds;
      continue;
    }
    const at = Date.parse(time ?? '');
    const hand = { manager, operation, ...(Number.isNaN(at) ? {} : { at }) };
    (holds ? owners : others).push(hand);
  }
  const newest = (a: Hand, b: Hand) => (b.at ?? 0) - (a.at ?? 0);
  return { owners: owners.sort(newest), others: others.sort(newest), own };
}

/** `{"f:spec":{"f:http":{}}}` holds spec.http and all that is in it. */
function contains(fields: unknown, path: string[]): boolean {
  let node: unknown = fields;
  for (const step of path) {
    if (!isObject(node)) return false;
    const next = node[`f:${step}`];
    if (next === undefined) return false;
    node = next;
  }
  return true;
}
