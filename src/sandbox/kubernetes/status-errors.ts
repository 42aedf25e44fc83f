/** What the API server answers when it refuses: `Status` objects, worded as kube-apiserver words them. */
import type { Json, JsonObject } from '../../object.ts';

export interface Cause {
  reason: string;
  message: string;
  field: string;
}

/** Tells of a field that a rule of a CRD refuses. `value` is 'object' or 'array' where it is one. */
export type RuleFault = (field: string, value: Json, message: string) => void;

/** A refusal. Thrown anywhere below the server, sent by it as a `Status`. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: number;
  readonly reason: string;
  readonly details: JsonObject | undefined;
  /** s, sent as Retry-After. */
  readonly retryAfter: number | undefined;

  constructor(code: number, reason: string, message: string, details?: JsonObject, retryAfter?: number) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.retryAfter = retryAfter;
  }

  status(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason ? { reason: this.reason } : {}),
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    };
  }
}

/** `resource` is the plural, `kind` the kind; both are named in messages, each where kube-apiserver does. */
interface Named {
  group: string;
  plural: string;
  kind: string;
}

/** `virtualservices.networking.istio.io`, as kube-apiserver names a resource; plain `pods` in the core group. */
function qualified(resource: { group: string; plural: string }): string {
  return resource.group ? `${resource.plural}.${resource.group}` : resource.plural;
}

function of(resource: Named, name: string): JsonObject {
  return { name, ...(resource.group ? { group: resource.group } : {}), kind: resource.plural };
}

export function notFound(resource: Named, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${qualified(resource)} "${name}" not found`, of(resource, name));
}

export function alreadyExists(resource: Named, name: string): ApiError {
  return new ApiError(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, of(resource, name));
}

export function conflict(
  resource: Named,
  name: string,
  why = 'the object has been modified; please apply your changes to the latest version and try again',
): ApiError {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`;
  return new ApiError(409, 'Conflict', message, of(resource, name));
}

/** 409 for a deletion whose preconditions do not hold: here it is the kind that is named. */
export function outdated(resource: Named, name: string, why: string): ApiError {
  const { kind, group } = resource;
  const message = `Operation cannot be fulfilled on ${group ? `${kind}.${group}` : kind} "${name}": ${why}`;
  return new ApiError(409, 'Conflict', message, { ...of(resource, name), kind });
}

/** 422. More than one cause is shown in brackets, the same cause once. */
export function invalid(resource: Named, name: string, causes: Cause[]): ApiError {
  const lines = [...new Set(causes.map(cause => `${cause.field}: ${cause.message}`))];
  const what = resource.group ? `${resource.kind}.${resource.group}` : resource.kind;
  const message = `${what} "${name}" is invalid: ${lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`}`;
  return new ApiError(422, 'Invalid', message, {
    ...(name ? { name } : {}),
    ...(resource.group ? { group: resource.group } : {}),
    ...(resource.kind ? { kind: resource.kind } : {}),
    causes: causes.map(cause => ({ ...cause })),
  });
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

export function methodNotAllowed(): ApiError {
  return new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}

/** 404 for a kind, or a part of it, that its group does not serve. */
export function noSuchResource(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function unsupportedMediaType(accepted: string[]): ApiError {
  const list = accepted.join(', ');
  return new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${list}`,
  );
}

export function notAcceptable(): ApiError {
  return new ApiError(
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  );
}

/** Bodies of more than 3 MiB are not read; objects of more than 1.5 MiB are more than etcd takes. */
export function tooLarge(bytes: number): ApiError | undefined {
  const most = 3 * 1024 * 1024;
  if (bytes > most) {
    return new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${most}`, {});
  }
  return bytes > most / 2 ? new ApiError(500, '', 'etcdserver: request is too large') : undefined;
}

/** 410: the version asked for is no longer kept. */
export function expired(message: string): ApiError {
  return new ApiError(410, 'Expired', message);
}

/** Says in the words of kube-apiserver what a value of the wrong kind is, for causes. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || value === undefined) return '"null"';
  return typeof value === 'object' ? JSON.stringify(JSON.stringify(value)) : String(value);
}
