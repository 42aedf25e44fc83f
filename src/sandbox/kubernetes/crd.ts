/** What a CustomResourceDefinition makes the server serve. */
import type { Json, JsonObject, KubeObject } from '../../object.ts';
import { jsonPathPrinter } from './json-path.ts';
import { objectMetaSchema } from './object-meta.ts';
import type { Printer, Resource } from './resources.ts';
import { byVersion } from './resources.ts';
import type { Schema } from './schema.ts';
import { isObject } from './schema.ts';
import type { Cause } from './status-errors.ts';

interface CrdVersion {
  name: string;
  served: boolean;
  storage: boolean;
  schema?: { openAPIV3Schema?: Schema };
  subresources?: { status?: JsonObject; scale?: JsonObject };
  additionalPrinterColumns?: { name: string; type: string; jsonPath: string; priority?: number; format?: string }[];
}

interface CrdNames {
  kind: string;
  plural: string;
  singular?: string;
  shortNames?: string[];
  categories?: string[];
  listKind?: string;
}

/** Faults of a CRD that would leave nothing to serve, for a 422. */
export function crdFaults(crd: KubeObject): Cause[] {
  const spec = crd.spec ?? {};
  const causes: Cause[] = [];
  const need = (field: string, value: Json | undefined) => {
    if (value === undefined || value === '') {
      causes.push({ field, reason: 'FieldValueRequired', message: 'Required value' });
    }
  };
  const names = isObject(spec.names) ? spec.names : {};
  need('spec.group', spec.group);
  need('spec.scope', spec.scope);
  need('spec.names.plural', names.plural);
  need('spec.names.kind', names.kind);
  need('spec.versions', Array.isArray(spec.versions) && spec.versions.length > 0 ? spec.versions : undefined);
  if (causes.length > 0) return causes;
  const expected = `${names.plural}.${spec.group}`;
  if (crd.metadata.name !== expected) {
    const message = `Invalid value: ${JSON.stringify(crd.metadata.name)}: must be spec.names.plural+"."+spec.group`;
    causes.push({ field: 'metadata.name', reason: 'FieldValueInvalid', message });
  }
  const versions = spec.versions as unknown as CrdVersion[];
  if (versions.filter(version => version.storage).length !== 1) {
    const message = `Invalid value: ${JSON.stringify(JSON.stringify(versions.map(version => version.name)))}: must have exactly one version marked as storage version`;
    causes.push({ field: 'spec.versions', reason: 'FieldValueInvalid', message });
  }
  versions.forEach((version, index) => {
    if (version.schema?.openAPIV3Schema) return;
    const field = `spec.versions[${index}].schema.openAPIV3Schema`;
    causes.push({ field, reason: 'FieldValueRequired', message: 'Required value: schemas are required' });
  });
  return causes;
}

/** The resource that a CRD without faults defines. */
export function resourceOf(crd: KubeObject, rules?: Resource['rules']): Resource {
  const spec = crd.spec as unknown as { group: string; scope: string; names: CrdNames; versions: CrdVersion[] };
  const { names } = spec;
  const versions = new Map(spec.versions.map(version => [version.name, version]));
  const schemas = new Map<string, Schema>();
  const printers = new Map<string, Printer>();
  for (const [name, version] of versions) {
    schemas.set(name, wholeSchema(version.schema?.openAPIV3Schema ?? {}));
    printers.set(name, jsonPathPrinter(version.additionalPrinterColumns));
  }
  const storage = spec.versions.find(version => version.storage) ?? spec.versions[0]!;
  return {
    group: spec.group,
    versions: spec.versions
      .filter(version => version.served)
      .map(version => version.name)
      .sort(byVersion),
    storage: storage.name,
    kind: names.kind,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: spec.scope === 'Namespaced',
    status: storage.subresources?.status !== undefined,
    custom: true,
    unconditionalUpdate: false,
    createOnUpdate: false,
    generation: true,
    returnsDeleted: false,
    schema: version => schemas.get(version),
    printer: version => printers.get(version) ?? jsonPathPrinter(undefined),
    ...(rules ? { rules } : {}),
  };
}

/** apiVersion, kind and metadata are the server's own, whatever the CRD says of them. */
function wholeSchema(schema: Schema): Schema {
  return {
    ...schema,
    properties: {
      ...schema.properties,
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: objectMetaSchema,
    },
  };
}

/** The status that a CRD has once it is served. */
export function crdStatus(crd: KubeObject, at: string): JsonObject {
  const names = (crd.spec?.names ?? {}) as JsonObject;
  const kind = String(names.kind);
  const versions = crd.spec?.versions as unknown as CrdVersion[];
  const condition = (type: string, reason: string, message: string) => ({
    type,
    status: 'True',
    lastTransitionTime: at,
    reason,
    message,
  });
  return {
    acceptedNames: { listKind: `${kind}List`, singular: kind.toLowerCase(), ...names },
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
    ],
    storedVersions: versions.filter(version => version.storage).map(version => version.name),
  };
}
