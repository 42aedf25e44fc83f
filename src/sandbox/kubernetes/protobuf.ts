/**
 * Bodies in Kubernetes' protobuf encoding, which kubectl's typed commands (`auth can-i`, `create namespace`) send whatever
 * the server prefers. Field numbers are those of the generated.proto files of k8s.io/api and k8s.io/apimachinery.
 */
import type { Json, JsonObject } from '../../object.ts';

/** Field number → name, type, and whether it is repeated. */
interface Message {
  [number: number]: [name: string, type: Type, shape?: 'list' | 'map'];
}

type Type = 'string' | 'bytes' | 'bool' | 'int' | Message;

const META: Message = {
  1: ['name', 'string'],
  2: ['generateName', 'string'],
  3: ['namespace', 'string'],
  5: ['uid', 'string'],
  6: ['resourceVersion', 'string'],
  11: ['labels', 'string', 'map'],
  12: ['annotations', 'string', 'map'],
  14: ['finalizers', 'string', 'list'],
};

const RESOURCE: Message = {
  1: ['namespace', 'string'],
  2: ['verb', 'string'],
  3: ['group', 'string'],
  4: ['version', 'string'],
  5: ['resource', 'string'],
  6: ['subresource', 'string'],
  7: ['name', 'string'],
};

const URL_PATH: Message = { 1: ['path', 'string'], 2: ['verb', 'string'] };

const SELF_REVIEW: Message = {
  1: ['metadata', META],
  2: ['spec', { 1: ['resourceAttributes', RESOURCE], 2: ['nonResourceAttributes', URL_PATH] }],
};

const SUBJECT_REVIEW: Message = {
  1: ['metadata', META],
  2: [
    'spec',
    {
      1: ['resourceAttributes', RESOURCE],
      2: ['nonResourceAttributes', URL_PATH],
      3: ['user', 'string'],
      4: ['groups', 'string', 'list'],
      6: ['uid', 'string'],
    },
  ],
};

/** The kinds that kubectl sends so and that can be read here. */
const KINDS: Record<string, Message> = {
  SelfSubjectAccessReview: SELF_REVIEW,
  SubjectAccessReview: SUBJECT_REVIEW,
  LocalSubjectAccessReview: SUBJECT_REVIEW,
  SelfSubjectRulesReview: { 1: ['metadata', META], 2: ['spec', { 1: ['namespace', 'string'] }] },
  SelfSubjectReview: { 1: ['metadata', META] },
  Namespace: {
    1: ['metadata', META],
    2: ['spec', { 1: ['finalizers', 'string', 'list'] }],
    3: ['status', { 1: ['phase', 'string'] }],
  },
  ConfigMap: {
    1: ['metadata', META],
    2: ['data', 'string', 'map'],
    3: ['binaryData', 'bytes', 'map'],
    4: ['immutable', 'bool'],
  },
  Secret: {
    1: ['metadata', META],
    2: ['data', 'bytes', 'map'],
    3: ['type', 'string'],
    4: ['stringData', 'string', 'map'],
    5: ['immutable', 'bool'],
  },
  ServiceAccount: { 1: ['metadata', META] },
};

const MAGIC = Buffer.from('k8s\0');
const ENVELOPE: Message = {
  1: ['typeMeta', { 1: ['apiVersion', 'string'], 2: ['kind', 'string'] }],
  2: ['raw', 'bytes'],
};

/** The object in a protobuf body; undefined for a kind that is not read here, or for no protobuf at all. */
export function readProtobuf(body: Buffer): JsonObject | undefined {
  if (!body.subarray(0, 4).equals(MAGIC)) return undefined;
  const { typeMeta, raw } = message(body.subarray(4), ENVELOPE) as { typeMeta: JsonObject; raw?: string };
  const type = KINDS[String(typeMeta.kind)];
  return type ? { ...typeMeta, ...message(Buffer.from(raw ?? '', 'base64'), type) } : undefined;
}

function message(bytes: Buffer, type: Message): JsonObject {
  const out: JsonObject = {};
  for (const { number, value } of fields(bytes)) {
    const [name, inner, shape] = type[number] ?? [];
    if (name === undefined || inner === undefined) continue;
    if (shape === 'map' && Buffer.isBuffer(value)) {
      const entry = message(value, { 1: ['key', 'string'], 2: ['value', inner] });
      out[name] = { ...(out[name] as JsonObject | undefined), [String(entry.key ?? '')]: entry.value ?? '' };
    } else if (shape === 'list') out[name] = [...((out[name] as Json[] | undefined) ?? []), read(value, inner)];
    else {
      // kubectl writes empty strings where JSON would leave the field out.
      const found = read(value, inner);
      if (found !== '') out[name] = found;
    }
  }
  return out;
}

function read(value: Buffer | number, type: Type): Json {
  if (typeof value === 'number') return type === 'bool' ? value !== 0 : value;
  if (type === 'bytes') return value.toString('base64');
  return typeof type === 'object' ? message(value, type) : value.toString('utf8');
}

/** https://protobuf.dev/programming-guides/encoding/ */
function* fields(bytes: Buffer): Generator<{ number: number; value: Buffer | number }> {
  let at = 0;
  const varint = () => {
    let [value, scale] = [0, 1];
    for (; at < bytes.length; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) break;
    }
    return value;
  };
  while (at < bytes.length) {
    const tag = varint();
    const [number, wire] = [Math.floor(tag / 8), tag % 8];
    if (wire === 0) yield { number, value: varint() };
    else if (wire === 2) {
      const length = varint();
      yield { number, value: bytes.subarray(at, at + length) };
      at += length;
    } else at += wire === 1 ? 8 : 4;
  }
}
