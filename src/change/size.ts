/** Whether a plan can be kept: a MeshChange holds what was and what will be, and an API server takes only so much. */
import { refKey } from '../object.ts';
import type { Finding, Plan } from '../plan.ts';
import { objectName } from './phrases.ts';

/** Characters of JSON. etcd takes objects of 1.5 MB, and clicks, messages and history want some of that. */
const MOST = 1_000_000;

/** undefined: it can. Otherwise a finding that names the largest object, for its owner to split. */
export function tooLarge(plan: Plan): Finding | undefined {
  if (JSON.stringify(plan).length <= MOST) return undefined;
  const sized = plan.writes.map(({ ref, before, after }) => ({ ref, size: JSON.stringify(before ?? after).length }));
  const largest = sized.sort((a, b) => b.size - a.size)[0];
  const what = largest ? `${objectName(largest.ref)} has ${Math.round(largest.size / 1_000)} kB` : 'It is too large';
  return {
    code: 'plan-too-large',
    severity: 'error',
    path: largest ? refKey(largest.ref) : '',
    message: `${what}, and meshbot keeps at most ${MOST / 1_000} kB of what was and what will be`,
    fix: 'Split it into smaller objects, or change it by other means',
  };
}
