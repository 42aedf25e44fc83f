/** What of an object is worth keeping in memory for hours: everything that meshbot reads, each long text only once. */
import { isObject, type Json, type JsonObject, type KubeObject, LAST_APPLIED, type ObjectMeta } from '../object.ts';

/** Texts that many objects share: hosts, label values, API versions. Emptied when it has grown too much to be shared. */
export class Interned {
  readonly #texts = new Map<string, string>();

  text(text: string): string {
    if (text.length > 80) return text;
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size >= 2_048) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }
}

/**
 * The object without `managedFields` and kubectl's last-applied copy, together often more than half of it; a pod only
 * with what says where its traffic goes. Frozen to the leaves: everybody shares it. `object` itself is used up.
 */
export function trim(object: KubeObject, interned: Interned): KubeObject {
  const slim = object.kind === 'Pod' ? slimPod(object) : object;
  slim.metadata = slimMetadata(object.metadata);
  freeze(slim, interned);
  return slim;
}

/** Shared, and shown where annotations were and none is left. */
const NONE = Object.freeze({});

/** What comes from a list is without both already, and need not be copied. */
function slimMetadata(metadata: ObjectMeta): ObjectMeta {
  const slim = metadata.managedFields ? withoutManagedFields(metadata) : metadata;
  const { annotations } = slim;
  if (!annotations) return slim;
  const kept = LAST_APPLIED in annotations ? withoutLastApplied(annotations) : annotations;
  for (const _ in kept) return kept === annotations ? slim : { ...slim, annotations: kept };
  return { ...slim, annotations: NONE };
}

function withoutManagedFields({ managedFields: _, ...rest }: ObjectMeta): ObjectMeta {
  return rest;
}

function withoutLastApplied({ [LAST_APPLIED]: _, ...rest }: Record<string, string>): Record<string, string> {
  return rest;
}

/** Environment, volumes, commands and probes of a pod are none of meshbot's business, and may hold secrets. */
function slimPod(pod: KubeObject): KubeObject {
  const spec = pod.spec ?? {};
  const status = pod.status ?? {};
  return {
    apiVersion: pod.apiVersion,
    kind: pod.kind,
    metadata: pod.metadata,
    spec: {
      ...pick(spec, ['nodeName', 'serviceAccountName', 'hostNetwork']),
      containers: each(spec.containers, ['name', 'image', 'ports']),
      ...(spec.initContainers ? { initContainers: each(spec.initContainers, ['name', 'image', 'restartPolicy']) } : {}),
    },
    status: {
      ...pick(status, ['phase', 'reason', 'podIP', 'podIPs', 'hostIP', 'startTime']),
      conditions: each(status.conditions, ['type', 'status', 'reason']),
      containerStatuses: each(status.containerStatuses, ['name', 'ready', 'restartCount']),
    },
  };
}

function pick(object: JsonObject, fields: string[]): JsonObject {
  const picked: JsonObject = {};
  for (const field of fields) if (object[field] !== undefined) picked[field] = object[field];
  return picked;
}

function each(list: Json | undefined, fields: string[]): Json[] {
  if (!Array.isArray(list)) return [];
  return list.map(item => (isObject(item) ? pick(item, fields) : item));
}

function freeze(value: object, interned: Interned): void {
  const fields = value as Record<string, unknown>;
  for (const field in fields) {
    const inner = fields[field];
    if (typeof inner === 'string') {
      // V8 keeps one copy of texts up to 10 characters by itself when it parses JSON.
      if (inner.length > 10) fields[field] = interned.text(inner);
    } else if (typeof inner === 'object' && inner !== null && inner !== NONE) {
      freeze(inner, interned);
    }
  }
  Object.freeze(value);
}
