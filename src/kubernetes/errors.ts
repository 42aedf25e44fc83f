/** What the API server's refusals and the network's failures mean to callers: one ClusterError each, decided by codes. */
import { ClusterError } from '../ports.ts';

/** A refusal in the API server's own words. `status` and `reason` are those of its `Status` object. */
export class ApiError extends ClusterError {
  readonly status: number;
  readonly reason: string | undefined;
  constructor(
    kind: ClusterError['kind'],
    message: string,
    options: { cause?: unknown; retryAfter?: number; advice?: string; status: number; reason?: string | undefined },
  ) {
    super(kind, message, options);
    this.status = options.status;
    this.reason = options.reason;
  }
}

/** Of a kubeconfig whose credentials cannot be had now: the file is being replaced, the exec plugin fails. */
export class NoCredentials extends ClusterError {
  constructor(message: string, cause: unknown) {
    super('unavailable', message, { cause });
  }
}

/** Whether nobody who starts should wait for it to pass: a right is missing, or meshbot is not known there at all. */
export function isHopeless(error: ClusterError): boolean {
  if (error instanceof NoCredentials) return true;
  return error.kind === 'forbidden' || (error instanceof ApiError && error.status === 401);
}

interface Status {
  kind?: unknown;
  message?: unknown;
  reason?: unknown;
  code?: unknown;
  details?: { retryAfterSeconds?: unknown };
}

/**
 * The error for an answer that is no success. `subject` is what the request was about, for people:
 * 'VirtualService default/reviews'. `now` (epoch ms) is needed where Retry-After is a date.
 */
export function refusal(
  subject: string,
  status: number,
  body: unknown,
  headers: { retryAfter?: string | undefined } = {},
  now = 0,
): ApiError {
  const told: Status = typeof body === 'object' && body !== null ? body : {};
  const reason = typeof told.reason === 'string' && told.reason !== '' ? told.reason : undefined;
  const said = typeof told.message === 'string' && told.message !== '' ? told.message : `HTTP ${status}`;
  const seconds = told.details?.retryAfterSeconds;
  const retryAfter = afterHeader(headers.retryAfter, now) ?? (typeof seconds === 'number' ? seconds * 1000 : undefined);
  const options = { status, reason, ...(retryAfter === undefined ? {} : { retryAfter }), cause: body };
  const webhook = silentWebhook(said);
  if (webhook)
    return new ApiError('unavailable', `${subject}: ${webhook.says}`, { ...options, advice: webhook.advice });
  const kind = kindOf(status, reason);
  const advice = kind === 'forbidden' ? { advice: GRANT } : {};
  return new ApiError(kind, `${subject}: ${said}`, { ...options, ...advice });
}

const GRANT = 'Grant what is missing with the Roles of deploy/: kubectl apply -k deploy';

/**
 * A webhook that must be asked (failurePolicy: Fail) and cannot be: nothing was written. The words are the API server's,
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy
 */
function silentWebhook(said: string): { says: string; advice: string } | undefined {
  const [, name, why = ''] = /failed calling webhook "([^"]+)": (?:failed to call webhook: )?(.*)/s.exec(said) ?? [];
  if (name === undefined) return undefined;
  const [, service, namespace] = /https:\/\/([a-z0-9-]+)\.([a-z0-9-]+)\.svc[:/]/.exec(why) ?? [];
  const whose = service === undefined ? '' : ` of ${service} in ${namespace}`;
  const look =
    namespace === undefined
      ? 'Look at it: kubectl get validatingwebhookconfigurations'
      : `Look at ${service}: kubectl -n ${namespace} get pods -l app=${service}`;
  return {
    says: `the validation webhook ${name}${whose} does not answer, and without it the API server takes no change (${why.trim()})`,
    advice: look,
  };
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts/ and StatusReason of k8s.io/apimachinery. */
function kindOf(status: number, reason: string | undefined): ClusterError['kind'] {
  if (reason === 'AlreadyExists') return 'already-exists';
  switch (status) {
    // A token that just expired is renewed, as a rule; the request was not looked at.
    case 401:
      return 'unavailable';
    case 403:
      return 'forbidden';
    case 404:
      return 'not-found';
    case 409:
    case 410:
      return 'conflict';
    case 429:
      return 'busy';
    default:
      return status >= 400 && status < 500 ? 'invalid' : 'unavailable';
  }
}

function afterHeader(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

const UNTRUSTED = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
]);

const MEANINGS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'its answer stopped halfway',
  UND_ERR_CONNECT_TIMEOUT: 'it did not accept the connection in time',
  ETIMEDOUT: 'it did not answer in time',
};

/** The error for a request of which no answer came. The outcome is unknown. */
export function unanswered(subject: string, server: string, cause: unknown): ClusterError {
  const code = codeOf(cause);
  const why = UNTRUSTED.has(code ?? '')
    ? 'its certificate is not trusted; check certificate-authority in the kubeconfig'
    : ((code && MEANINGS[code]) ?? (isTimeout(cause) ? 'it did not answer in time' : 'the request failed'));
  const shown = code ? ` (${code})` : '';
  return new ClusterError('unavailable', `${subject}: no answer from the Kubernetes API at ${server}: ${why}${shown}`, {
    cause,
  });
}

/** undici wraps what happened: `TypeError: fetch failed` keeps it in `cause`, sometimes an AggregateError. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
}
