/** From a request's body to an object of a resource: shape, unknown fields, types. */
import type { Json, JsonObject, KubeObject } from '../../object.ts';
import { copy } from '../copy.ts';
import { objectMetaSchema } from './object-meta.ts';
import type { Resource } from './resources.ts';
import { apiVersion } from './resources.ts';
import { isObject, prune } from './schema.ts';
import type { Cause } from './status-errors.ts';
import { ApiError, badRequest, invalid } from './status-errors.ts';
import { validate } from './validate.ts';

/** Where kube-apiserver keeps its kinds, as it tells everybody. */
const SCHEME = 'pkg/runtime/scheme.go:111';

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface Decoding {
  resource: Resource;
  version: string;
  validation: FieldValidation;
  /** Warnings for the caller are added here. */
  warnings: string[];
  /** Set when the object came out of a patch: strict faults are then worded as faults of the patch. */
  patched?: boolean;
}

/**
 * The object without unknown fields; of a custom resource it shares what is in `body`. 400 for what is no such object, or for unknown fields under Strict.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
 */
export function decode(body: Json, decoding: Decoding): KubeObject {
  const { resource, version } = decoding;
  const wanted = apiVersion(resource.group, version);
  if (!isObject(body))
    throw badRequest("couldn't get version/kind; json parse error: json: cannot unmarshal non-object");
  // Built-in kinds may leave both out; custom resources may not.
  const given = typeof body.apiVersion === 'string' && body.apiVersion ? body.apiVersion : undefined;
  const kind = typeof body.kind === 'string' && body.kind ? body.kind : undefined;
  if (resource.custom && !kind) throw badRequest(`Object 'Kind' is missing in '${excerpt(body)}'`);
  if (resource.custom && !given) throw badRequest(`Object 'apiVersion' is missing in '${excerpt(body)}'`);
  if (given && given !== wanted && resource.custom) {
    throw badRequest(`the API version in the data (${given}) does not match the expected API version (${wanted})`);
  }
  if (kind && kind !== resource.kind && resource.custom) throw anotherKind(body, resource, kind);
  if ((given && given !== wanted) || (kind && kind !== resource.kind)) {
    const [named, at] = [kind ?? resource.kind, given ?? wanted];
    const what = `${named} in version "${at.split('/').at(-1)}" cannot be handled as a ${resource.kind}`;
    throw badRequest(`${what}: no kind "${named}" is registered for version "${at}" in scheme "${SCHEME}"`);
  }
  if (body.metadata !== undefined && body.metadata !== null && !isObject(body.metadata)) {
    throw cannotBeHandled(
      resource,
      version,
      'json: cannot unmarshal into Go struct field .metadata of type v1.ObjectMeta',
    );
  }
  const metadata = isObject(body.metadata) ? { ...body.metadata } : {};
  const faults: Cause[] = [];
  validate(metadata, objectMetaSchema, 'metadata', faults);
  if (faults[0]) throw cannotBeHandled(resource, version, typeMessage(faults[0], 'ObjectMeta'));

  const schema = resource.schema(version);
  const unknown: string[] = [];
  const whole = { ...body, apiVersion: wanted, kind: resource.kind, metadata };
  // Built-in kinds are completed in place, and what came out of a patch is partly what is stored.
  const own = resource.custom ? whole : copy(whole);
  const object = (schema ? prune(own, schema, unknown) : own) as JsonObject;
  // Built-in objects drop what is null, as Go's decoder does.
  if (!resource.custom) dropNulls(object);
  dropNulls(object.metadata as JsonObject);
  dropEmpty(object.metadata as JsonObject);
  tell(unknown, decoding, body);
  if (!resource.custom && schema) {
    const wrong: Cause[] = [];
    validate(object, schema, '', wrong);
    const typed = wrong.find(cause => cause.reason === 'FieldValueTypeInvalid');
    if (typed) throw cannotBeHandled(resource, version, typeMessage(typed, resource.kind));
    // Times are read by Go's decoder, too.
    const time = wrong.find(cause => /date-time|parsing time/.test(cause.message));
    if (time) throw cannotBeHandled(resource, version, time.message.replace(/^Invalid value: "[^"]*": /, ''));
  }
  return object as unknown as KubeObject;
}

/** Custom resources are read as whatever they say they are, and then refused. */
function anotherKind({ metadata }: JsonObject, resource: Resource, kind: string): ApiError {
  const name = isObject(metadata) && typeof metadata.name === 'string' ? metadata.name : '';
  const message = `Invalid value: ${JSON.stringify(kind)}: must be ${resource.kind}`;
  return invalid({ ...resource, kind }, name, [{ field: 'kind', reason: 'FieldValueInvalid', message }]);
}

function tell(
  unknown: string[],
  { resource, version, validation, warnings, patched }: Decoding,
  body: JsonObject,
): void {
  if (unknown.length === 0 || validation === 'Ignore') return;
  const faults = unknown.map(path => `unknown field ${JSON.stringify(path)}`);
  if (validation === 'Warn') {
    warnings.push(...faults);
    return;
  }
  const message = `strict decoding error: ${faults.join(', ')}`;
  if (!patched) throw cannotBeHandled(resource, version, message);
  const cause = {
    field: 'patch',
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(JSON.stringify(body))}: ${message}`,
  };
  throw new ApiError(422, 'Invalid', ` "" is invalid: patch: ${cause.message}`, { causes: [cause] });
}

function cannotBeHandled(resource: Resource, version: string, message: string): ApiError {
  return badRequest(`${resource.kind} in version "${version}" cannot be handled as a ${resource.kind}: ${message}`);
}

function typeMessage(cause: Cause, struct: string): string {
  const [, type = 'object', got = 'object'] = /must be of type ([\w,-]+): "(\w+)"/.exec(cause.message) ?? [];
  const go = got === 'integer' ? 'number' : got === 'boolean' ? 'bool' : got;
  return `json: cannot unmarshal ${go} into Go struct field ${struct}.${cause.field} of type ${type}`;
}

function dropNulls(value: Json): void {
  if (Array.isArray(value)) for (const item of value) dropNulls(item);
  if (!isObject(value)) return;
  for (const [field, inner] of Object.entries(value)) {
    if (inner === null) delete value[field];
    else dropNulls(inner);
  }
}

/** Empty maps and lists of metadata are left out, as ObjectMeta's omitempty does. */
function dropEmpty(metadata: JsonObject): void {
  for (const field of ['labels', 'annotations', 'finalizers', 'ownerReferences']) {
    const value = metadata[field];
    if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) delete metadata[field];
  }
}

function excerpt(body: JsonObject): string {
  return JSON.stringify(body).slice(0, 1000);
}
