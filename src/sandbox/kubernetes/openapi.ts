/** OpenAPI, as much as `kubectl apply`, `create` and `explain` ask for: the schemas, and that writes can be validated. */
import type { Json, JsonObject } from '../../object.ts';
import { VERSION } from './discovery.ts';
import type { Catalog, Resource } from './resources.ts';
import type { Schema } from './schema.ts';

/** `/openapi/v3`: where the document of each group and version is. */
export function openapiIndex(catalog: Catalog): JsonObject {
  const paths: JsonObject = {};
  for (const [group, versions] of catalog.groups()) {
    for (const version of versions) {
      const path = group ? `apis/${group}/${version}` : `api/${version}`;
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${catalog.all().length}` };
    }
  }
  return { paths };
}

const parameter = (name: string): JsonObject => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } });
const WRITES = ['dryRun', 'fieldManager', 'fieldValidation'].map(parameter);

/** The document of one group and version; undefined when nothing is served there. */
export function openapiDocument(catalog: Catalog, group: string, version: string): JsonObject | undefined {
  const found = catalog.all().filter(resource => resource.group === group && resource.versions.includes(version));
  if (found.length === 0) return undefined;
  const paths: JsonObject = {};
  const schemas: JsonObject = {};
  for (const resource of found) {
    const name = schemaName(resource, version);
    schemas[name] = { ...expand(resource.schema(version) ?? { type: 'object' }, []), ...kindOf(resource, version) };
    const root = group ? `/apis/${group}/${version}` : `/api/${version}`;
    const all = `${root}/${resource.namespaced ? 'namespaces/{namespace}/' : ''}${resource.plural}`;
    const content = { content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } } };
    const operation = (action: string, parameters: JsonObject[] = []): JsonObject => ({
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': { group, version, kind: resource.kind },
      parameters,
      responses: { 200: { description: 'OK', ...content } },
    });
    paths[all] = { get: operation('list'), post: { ...operation('post', WRITES), requestBody: content } };
    if (resource.virtual) continue;
    paths[`${all}/{name}`] = {
      get: operation('get'),
      put: { ...operation('put', WRITES), requestBody: content },
      patch: operation('patch', [...WRITES, parameter('force')]),
      delete: operation('delete'),
    };
  }
  return { openapi: '3.0.0', info: info(), paths, components: { schemas } };
}

/** `/openapi/v2`, which only old clients still read: the kinds, without their fields. */
export function swagger(catalog: Catalog): JsonObject {
  const definitions: JsonObject = {};
  for (const resource of catalog.all()) {
    for (const version of resource.versions) {
      definitions[schemaName(resource, version)] = { type: 'object', ...kindOf(resource, version) };
    }
  }
  return { swagger: '2.0', info: info(), paths: {}, definitions };
}

function info(): JsonObject {
  return { title: 'Kubernetes', version: VERSION.gitVersion! };
}

function kindOf({ group, kind }: Resource, version: string): JsonObject {
  return { 'x-kubernetes-group-version-kind': [{ group, version, kind }] };
}

function schemaName({ group, kind }: Resource, version: string): string {
  const reversed = group ? group.split('.').reverse().join('.') : 'io.k8s.api.core';
  return `${reversed}.${version}.${kind}`;
}

/** Schemas refer to themselves in a few places (JSONSchemaProps); there the document stops. */
function expand(schema: Schema, above: Schema[]): JsonObject {
  if (above.includes(schema)) return { type: 'object' };
  const path = [...above, schema];
  const { properties, items, additionalProperties, ...rest } = schema;
  return {
    ...(rest as unknown as JsonObject),
    ...(properties
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([field, inner]): [string, Json] => [field, expand(inner, path)]),
          ),
        }
      : {}),
    ...(items ? { items: expand(items, path) } : {}),
    ...(additionalProperties === undefined
      ? {}
      : {
          additionalProperties:
            typeof additionalProperties === 'object' ? expand(additionalProperties, path) : additionalProperties,
        }),
  };
}
