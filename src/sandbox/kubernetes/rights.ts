/** Who may do what: everything, unless a rule denies it; and the reviews that ask. */
import type { Json, JsonObject } from '../../object.ts';
import { isObject } from './schema.ts';
import { ApiError, invalid } from './status-errors.ts';

/** A rule without a field denies whatever that field is. */
export interface Denial {
  verb?: string;
  group?: string;
  /** Plural, with its subresource if one is meant: `pods/exec`. */
  resource?: string;
  namespace?: string;
  /** Only for this user. */
  user?: string;
}

export interface Attempt {
  user: string;
  verb: string;
  group: string;
  /** Plural. */
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
}

export interface Rights {
  /** Requests that fit the rule get a real 403, and reviews say no. */
  deny(rule: Denial): void;
  allowAll(): void;
}

export class RightsBook implements Rights {
  #denials: Denial[] = [];

  deny(rule: Denial): void {
    this.#denials.push(rule);
  }

  allowAll(): void {
    this.#denials = [];
  }

  allows(attempt: Attempt): boolean {
    const resource = attempt.subresource ? `${attempt.resource}/${attempt.subresource}` : attempt.resource;
    return !this.#denials.some(
      rule =>
        fits(rule.verb, attempt.verb) &&
        fits(rule.group, attempt.group) &&
        fits(rule.resource, resource) &&
        fits(rule.namespace, attempt.namespace) &&
        fits(rule.user, attempt.user),
    );
  }

  /** Throws 403, worded as kube-apiserver words it. */
  check(attempt: Attempt): void {
    if (this.allows(attempt)) return;
    const { user, verb, group, resource, subresource, namespace, name } = attempt;
    const what = subresource ? `${resource}/${subresource}` : resource;
    const subject = `${group ? `${resource}.${group}` : resource}${name ? ` "${name}"` : ''} is forbidden`;
    const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
    const message = `${subject}: User "${user}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`;
    const details = { ...(name ? { name } : {}), ...(group ? { group } : {}), kind: resource };
    throw new ApiError(403, 'Forbidden', message, details);
  }

  /** A review with its status filled in. */
  review(kind: string, body: JsonObject, user: string): JsonObject {
    const spec = isObject(body.spec) ? body.spec : {};
    if (kind === 'SelfSubjectReview') return { ...body, status: { userInfo: { username: user, groups: GROUPS } } };
    if (kind === 'SelfSubjectRulesReview')
      return { ...body, spec, status: this.#rules(String(spec.namespace ?? ''), user) };
    checkReview(kind, spec);
    const who = kind === 'SelfSubjectAccessReview' ? user : String(spec.user ?? '');
    if (!isObject(spec.resourceAttributes)) return { ...body, status: { allowed: true } };
    const asked = spec.resourceAttributes;
    const text = (field: string) => String(asked[field] ?? '');
    const allowed = this.allows({
      user: who,
      verb: text('verb'),
      group: text('group'),
      resource: text('resource'),
      subresource: text('subresource'),
      namespace: text('namespace'),
      name: text('name'),
    });
    return { ...body, status: { allowed } };
  }

  #rules(namespace: string, user: string): JsonObject {
    const denied = this.#denials.filter(rule => fits(rule.namespace, namespace) && fits(rule.user, user));
    const everything: Json = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
    return {
      resourceRules: denied.length === 0 ? [everything] : [],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
      // What is denied cannot be said as rules that allow.
      incomplete: denied.length > 0,
    };
  }
}

/** 422, as a review is refused that asks of nobody, of nothing or of two things. */
function checkReview(kind: string, spec: JsonObject): void {
  const { resourceAttributes, nonResourceAttributes, user, groups } = spec;
  const fault = (field: string, value: string, why: string) =>
    invalid({ group: 'authorization.k8s.io', plural: '', kind: '' }, '', [
      { field: `spec.${field}`, reason: 'FieldValueInvalid', message: `Invalid value: ${value}: ${why}` },
    ]);
  if (isObject(resourceAttributes) && isObject(nonResourceAttributes)) {
    const { path: Path, verb: Verb } = nonResourceAttributes;
    const why = 'cannot be specified in combination with resourceAttributes';
    throw fault('nonResourceAttributes', JSON.stringify({ Path, Verb }), why);
  }
  if (!isObject(resourceAttributes) && !isObject(nonResourceAttributes)) {
    const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    throw fault('resourceAttributes', 'null', why);
  }
  if (kind === 'SelfSubjectAccessReview' || user || (Array.isArray(groups) && groups.length > 0)) return;
  throw fault('user', '""', 'at least one of user or group must be specified');
}

const GROUPS = ['system:masters', 'system:authenticated'];

function fits(wanted: string | undefined, is: string): boolean {
  return wanted === undefined || wanted === '*' || wanted === is;
}
