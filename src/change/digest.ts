/** The digest that an approval names: one string for exactly these writes, objects, versions and findings. */
import { createHash } from 'node:crypto';
import type { KubeObject } from '../object.ts';
import type { Plan } from '../plan.ts';

/** JSON with sorted keys and without undefined: equal values give equal text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(item => canonical(item ?? null)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
  return `{${fields.join(',')}}`;
}

/** sha256 of the canonical JSON, lower-case hex. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

/**
 * sha256 of what people are shown and approve: the writes in order (objects with uid and resourceVersion, without
 * managedFields and status), what they do to the traffic, the risk and findings, every step with its gates and time, and
 * the time limit. Rates are none of it: they move by the minute.
 */
export function digestOf({ rollout, lasts, title, namespace, risk, traffic, ...plan }: Approvable): string {
  return hashOf({
    ...{ title, namespace, risk, traffic },
    writes: plan.writes.map(({ ref, before, after }) => ({
      ref,
      before: before && intended(before),
      after: after && intended(after),
    })),
    findings: plan.findings,
    rollout: rollout && {
      ...rollout,
      steps: rollout.steps.map(step => ({ ...step, objects: step.objects.map(intended) })),
    },
    lasts,
  });
}

/** What an approval is given for. */
type Approvable = Pick<Plan, 'title' | 'namespace' | 'risk' | 'traffic' | 'writes' | 'findings' | 'rollout' | 'lasts'>;

/** The object as somebody means it: without managedFields and status, which the cluster writes. */
export function intended(object: KubeObject): KubeObject {
  const { status: _status, ...rest } = object;
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...rest, metadata } as KubeObject;
}

/** Whether two objects say the same apart from metadata and status. */
export function sameContent(a: KubeObject, b: KubeObject): boolean {
  return canonical(content(a)) === canonical(content(b));
}

function content(object: KubeObject): unknown {
  const { metadata: _metadata, status: _status, ...rest } = object;
  return rest;
}
