/** One request about objects, from its address and body to the answer: reads, writes, patches, deletions. */
import { load } from 'js-yaml';
import type { Json, JsonObject, KubeObject } from '../../object.ts';
import { applied } from './apply.ts';
import type { FieldValidation } from './decode.ts';
import { decode } from './decode.ts';
import type { Objects, WriteOptions } from './objects.ts';
import { jsonPatch, mergePatch, PatchError, strategicPatch } from './patch.ts';
import type { Addressed } from './path.ts';
import type { Preconditions } from './preconditions.ts';
import { readProtobuf } from './protobuf.ts';
import { apiVersion } from './resources.ts';
import { isObject, prune } from './schema.ts';
import { ApiError, badRequest, invalid, methodNotAllowed, notFound, unsupportedMediaType } from './status-errors.ts';
import type { Entry } from './store.ts';
import { inVersion } from './store.ts';

export interface ObjectRequest {
  address: Addressed;
  query: URLSearchParams;
  /** Media type without parameters. */
  contentType: string;
  body: Buffer;
  userAgent: string;
  now: number;
}

export interface Outcome {
  code: number;
  warnings: string[];
  /** What to show: an object, or a Status. */
  answer: { entry: Entry } | { status: JsonObject };
}

const BODIES = ['application/json', 'application/yaml'];
const PATCHES = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];
const STRATEGIC = 'application/strategic-merge-patch+json';

export function create(objects: Objects, request: ObjectRequest): Outcome {
  const { options, validation } = writing(request, 'CreateOptions');
  if (request.address.subresource !== '' || request.address.name !== '') throw methodNotAllowed();
  const body = decode(parse(request), { ...request.address, validation, warnings: options.warnings });
  return { code: 201, warnings: options.warnings, answer: { entry: objects.create(request.address, body, options) } };
}

export function replace(objects: Objects, request: ObjectRequest): Outcome {
  const { address } = request;
  const { options, validation } = writing(request, 'UpdateOptions');
  const { resource, name } = address;
  const body = decode(parse(request), { ...address, validation, warnings: options.warnings });
  if (!body.metadata.name) throw badRequest('name must be provided');
  if (resource.createOnUpdate && address.subresource === '' && !objects.get(address, name)) {
    return { code: 201, warnings: options.warnings, answer: { entry: objects.create(address, body, options) } };
  }
  return { code: 200, warnings: options.warnings, answer: { entry: objects.update(address, name, body, options) } };
}

/** 415 for a patch of a kind that the resource does not take, 422 for one that does not fit, 404 for no object. */
export function patch(objects: Objects, request: ObjectRequest): Outcome {
  const { address, contentType } = request;
  const { resource, version, name } = address;
  const accepted = resource.custom ? PATCHES : [...PATCHES, STRATEGIC];
  if (!accepted.includes(contentType) && !resource.custom) throw unsupportedPatch();
  if (!accepted.includes(contentType)) throw unsupportedMediaType(accepted);
  if (contentType === 'application/apply-patch+yaml') return serverSideApply(objects, request);
  if (request.query.has('force')) {
    const cause = {
      field: 'force',
      reason: 'FieldValueForbidden',
      message: 'Forbidden: may not be specified for non-apply patch',
    };
    throw invalid({ group: 'meta.k8s.io', plural: '', kind: 'PatchOptions' }, '', [cause]);
  }
  const { options, validation } = writing(request, 'PatchOptions');
  const change = parse(request);
  checkPatch(change, contentType);
  const entry = objects.get(address, name);
  if (!entry) throw notFound(resource, name);
  const before = inVersion(entry.object, resource, version) as unknown as Json;
  const after = patched(before, change, request);
  const body = decode(after, { resource, version, validation, warnings: options.warnings, patched: true });
  const updated = objects.update(address, name, body, { ...options, unconditional: true });
  return { code: 200, warnings: options.warnings, answer: { entry: updated } };
}

function unsupportedPatch(): ApiError {
  return new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}

/** A patch has the shape of its kind, or Go's decoder says what it has instead. */
function checkPatch(change: Json, contentType: string): void {
  const isList = contentType === 'application/json-patch+json';
  if (isList ? Array.isArray(change) : isObject(change)) return;
  const type = isList ? '[]handlers.jsonPatchOp' : 'map[string]interface {}';
  const given = Array.isArray(change) ? 'array' : typeof change === 'boolean' ? 'bool' : typeof change;
  throw badRequest(`error decoding patch: json: cannot unmarshal ${given} into Go value of type ${type}`);
}

function patched(before: Json, change: Json, { contentType, address }: ObjectRequest): Json {
  try {
    if (contentType === 'application/json-patch+json') return jsonPatch(before, change);
    if (contentType === STRATEGIC) return strategicPatch(before, change, address.resource.schema(address.version));
    return mergePatch(before, change);
  } catch (cause) {
    if (!(cause instanceof PatchError)) throw cause;
    const message = 'the server rejected our request due to an error in our request';
    // The reason stays in the server's log there, too.
    throw new ApiError(422, 'Invalid', message, {});
  }
}

function serverSideApply(objects: Objects, request: ObjectRequest): Outcome {
  const { address, query } = request;
  const { resource, version, namespace, name } = address;
  const { options, validation } = writing(request, 'PatchOptions');
  if (!query.get('fieldManager')) {
    const cause = {
      field: 'fieldManager',
      reason: 'FieldValueRequired',
      message: 'Required value: is required for apply patch',
    };
    throw invalid({ group: 'meta.k8s.io', plural: '', kind: 'PatchOptions' }, '', [cause]);
  }
  const parsed = parse(request);
  const schema = resource.schema(version);
  const unknown: string[] = [];
  if (schema && isObject(parsed)) prune(parsed, schema, unknown);
  if (unknown.length > 0) {
    const fields = unknown.map(path => `.${path}: field not declared in schema`);
    const text = fields.length === 1 ? fields[0] : `errors:\n${fields.map(field => `  ${field}`).join('\n')}`;
    const what = `${namespace}/${name}; ${apiVersion(resource.group, version)}, Kind=${resource.kind}`;
    throw new ApiError(500, '', `failed to create typed patch object (${what}): ${text}`);
  }
  const wanted = decode(parsed, { resource, version, validation, warnings: options.warnings });
  if (wanted.metadata.managedFields?.length) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const entry = objects.get(address, name);
  const live: KubeObject = entry
    ? inVersion(entry.object, resource, version)
    : { apiVersion: apiVersion(resource.group, version), kind: resource.kind, metadata: { name } };
  // What the endpoint does not write is not applied either.
  const { status, ...others } = wanted;
  const part: KubeObject =
    address.subresource === 'status'
      ? { apiVersion: wanted.apiVersion, kind: wanted.kind, metadata: { name }, ...(status ? { status } : {}) }
      : resource.status
        ? (others as KubeObject)
        : wanted;
  const writer = {
    manager: options.manager,
    apiVersion: apiVersion(resource.group, version),
    time: new Date(request.now).toISOString().replace(/\.\d+Z$/, 'Z'),
    ...(address.subresource === 'status' ? { subresource: 'status' } : {}),
  };
  const after = applied(live, part, schema, writer, query.get('force') === 'true');
  const tracked = { ...options, tracked: true, unconditional: true };
  if (entry)
    return { code: 200, warnings: options.warnings, answer: { entry: objects.update(address, name, after, tracked) } };
  if (address.subresource !== '') throw notFound(resource, name);
  return { code: 201, warnings: options.warnings, answer: { entry: objects.create(address, after, tracked) } };
}

/** A Status, or the object while finalizers hold it. */
export function remove(objects: Objects, request: ObjectRequest): Outcome {
  const { address } = request;
  const { resource, name } = address;
  const { dryRun, preconditions } = deleting(request);
  const { was, waiting } = objects.delete(address, name, { dryRun, preconditions });
  if (waiting ?? resource.returnsDeleted) return { code: 200, warnings: [], answer: { entry: waiting ?? was } };
  const details = {
    name,
    ...(resource.group ? { group: resource.group } : {}),
    kind: resource.plural,
    uid: was.object.metadata.uid ?? '',
  };
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
  return { code: 200, warnings: [], answer: { status } };
}

/** Options of a deletion come in a DeleteOptions body or, only where there is none, in the query. */
export function deleting(request: ObjectRequest): { dryRun: boolean; preconditions: Preconditions } {
  const parsed = request.body.length === 0 ? {} : parse(request);
  const options = isObject(parsed) ? parsed : {};
  const query = request.body.length === 0 ? request.query : new URLSearchParams();
  const policy = options.propagationPolicy ?? query.get('propagationPolicy') ?? undefined;
  if (policy !== undefined && !['Orphan', 'Background', 'Foreground'].includes(String(policy))) {
    const message = `Invalid value: ${JSON.stringify(policy)}: is invalid (must be one of "Foreground", "Background", "Orphan")`;
    throw optionsFault('DeleteOptions', 'propagationPolicy', message);
  }
  const { uid, resourceVersion } = isObject(options.preconditions) ? options.preconditions : {};
  const fromBody = Array.isArray(options.dryRun) ? options.dryRun.map(String) : [];
  return {
    dryRun: dryRunOf([...query.getAll('dryRun'), ...fromBody], 'DeleteOptions'),
    preconditions: {
      ...(typeof uid === 'string' ? { uid } : {}),
      ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
    },
  };
}

function writing(
  { query, userAgent, address }: ObjectRequest,
  kind: string,
): { options: WriteOptions; validation: FieldValidation } {
  const validation = query.get('fieldValidation') || 'Warn';
  if (validation !== 'Strict' && validation !== 'Warn' && validation !== 'Ignore') {
    const allowed = '"", "Ignore", "Strict", "Warn"';
    throw optionsFault(
      kind,
      'fieldValidation',
      `Unsupported value: ${JSON.stringify(validation)}: supported values: ${allowed}`,
    );
  }
  if (address.subresource !== '' && address.subresource !== 'status') throw methodNotAllowed();
  return {
    validation,
    options: {
      dryRun: dryRunOf(query.getAll('dryRun'), kind),
      manager: query.get('fieldManager') || (userAgent.split('/')[0] ?? '') || 'unknown',
      warnings: [],
      part: address.subresource === 'status' ? 'status' : 'main',
    },
  };
}

function dryRunOf(values: string[], kind: string): boolean {
  const given = values.filter(value => value !== '');
  const wrong = given.find(value => value !== 'All');
  if (wrong === undefined) return given.length > 0;
  throw optionsFault(kind, 'dryRun', `Unsupported value: ${JSON.stringify([wrong])}: supported values: "All"`);
}

function optionsFault(kind: string, field: string, message: string): ApiError {
  const reason = message.startsWith('Unsupported value') ? 'FieldValueNotSupported' : 'FieldValueInvalid';
  return invalid({ group: 'meta.k8s.io', plural: '', kind }, '', [{ field, reason, message }]);
}

/** JSON, YAML or protobuf, by its media type. */
export function parse({ contentType, body: bytes }: { contentType: string; body: Buffer }): Json {
  if (contentType === 'application/vnd.kubernetes.protobuf') {
    const object = readProtobuf(bytes);
    if (object) return object;
  }
  const body = bytes.toString('utf8');
  try {
    if (contentType === 'application/yaml' || contentType === 'application/apply-patch+yaml') {
      return JSON.parse(JSON.stringify(load(body) ?? null)) as Json;
    }
    if (contentType === '' || contentType.endsWith('json')) return JSON.parse(body) as Json;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw badRequest(`error decoding body: ${why}`);
  }
  throw unsupportedMediaType(BODIES);
}
