/** Schemas of Kubernetes' own kinds, read from the attribute maps that @kubernetes/client-node generates its models with. */
import * as models from '@kubernetes/client-node/dist/gen/models/all.js';
import { objectMetaSchema } from './object-meta.ts';
import type { Schema } from './schema.ts';
import { MICRO_TIME } from './schema.ts';

interface Attribute {
  baseName: string;
  type: string;
  format: string;
}

/** Lists merged item by item, by the field that holds them, as in the Kubernetes API's `patchMergeKey`. */
const LIST_KEYS: Record<string, string[]> = {
  'V1ServiceSpec.ports': ['port', 'protocol'],
  'V1ContainerPort[]': ['containerPort', 'protocol'],
  'V1Container[]': ['name'],
  'V1EphemeralContainer[]': ['name'],
  'V1EnvVar[]': ['name'],
  'V1Volume[]': ['name'],
  'V1VolumeMount[]': ['mountPath'],
  'V1VolumeDevice[]': ['devicePath'],
  'V1LocalObjectReference[]': ['name'],
  'V1HostAlias[]': ['ip'],
  'V1TopologySpreadConstraint[]': ['topologyKey', 'whenUnsatisfiable'],
  'V1PodCondition[]': ['type'],
  'V1DeploymentCondition[]': ['type'],
  'V1ReplicaSetCondition[]': ['type'],
  'V1NodeCondition[]': ['type'],
  'V1NamespaceCondition[]': ['type'],
  'V1Condition[]': ['type'],
  'V1PodIP[]': ['ip'],
};

/** Fields without which kube-apiserver refuses the object. */
const REQUIRED: Record<string, string[]> = {
  V1ServicePort: ['port'],
  V1Container: ['name'],
  V1ContainerPort: ['containerPort'],
  V1EnvVar: ['name'],
  V1Volume: ['name'],
  V1VolumeMount: ['name', 'mountPath'],
  V1DeploymentSpec: ['selector', 'template'],
  V1ReplicaSetSpec: ['selector'],
  V1RoleRef: ['kind', 'name'],
  V1PolicyRule: ['verbs'],
};

const QUANTITIES = new Set(['requests', 'limits', 'capacity', 'allocatable', 'overhead', 'hard', 'used']);

const schemas = new Map<string, Schema>();

/** The schema of a client-node model, `V1Service` for example; undefined for one it does not have. */
export function modelSchema(model: string): Schema | undefined {
  if (model === 'V1ObjectMeta') return objectMetaSchema;
  const done = schemas.get(model);
  if (done) return done;
  const made = (models as unknown as Record<string, { attributeTypeMap?: Attribute[] } | undefined>)[model];
  if (!made?.attributeTypeMap) return undefined;
  const schema: Schema = { type: 'object', properties: {} };
  schemas.set(model, schema);
  if (REQUIRED[model]) schema.required = REQUIRED[model];
  for (const attribute of made.attributeTypeMap) {
    const inner = typeSchema(attribute.type, attribute.format, attribute.baseName);
    const keys = LIST_KEYS[`${model}.${attribute.baseName}`];
    schema.properties![attribute.baseName] = keys ? asMap(inner, keys) : inner;
  }
  return schema;
}

function typeSchema(type: string, format: string, field: string): Schema {
  const list = /^Array<(.+)>$/.exec(type);
  if (list) {
    const items = typeSchema(list[1]!, format, field);
    const keys = LIST_KEYS[`${list[1]}[]`];
    const array: Schema = { type: 'array', items, nullable: true };
    return keys ? asMap(array, keys) : array;
  }
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type);
  if (map) {
    const values = QUANTITIES.has(field) ? { 'x-kubernetes-int-or-string': true } : typeSchema(map[1]!, format, field);
    return { type: 'object', additionalProperties: values, nullable: true };
  }
  switch (type) {
    case 'string':
      return { type: 'string', nullable: true, ...(format === 'byte' ? { format } : {}) };
    case 'boolean':
      return { type: 'boolean', nullable: true };
    case 'number':
      return { type: format === 'double' ? 'number' : 'integer', nullable: true };
    case 'IntOrString':
      return { 'x-kubernetes-int-or-string': true, nullable: true };
    case 'Date':
      return { type: 'string', format: 'date-time', nullable: true };
    case 'V1MicroTime':
      return { type: 'string', format: MICRO_TIME, nullable: true };
    case 'any':
      return { 'x-kubernetes-preserve-unknown-fields': true };
    default: {
      const model = modelSchema(type);
      // The model may refer to itself, so it is referred to, not copied.
      return model ?? { 'x-kubernetes-preserve-unknown-fields': true };
    }
  }
}

function asMap(array: Schema, keys: string[]): Schema {
  return { ...array, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys };
}
