/** Other changes in flight that touch the same objects. No lock: the one that comes second is planned again. */
import { refKey } from '../object.ts';
import type { Finding, Plan } from '../plan.ts';
import type { MeshChange } from './meshchange.ts';
import { objectName } from './phrases.ts';

/** Code of the findings made here. */
export const IN_FLIGHT = 'object-in-flight';

const PHASES: ReadonlySet<string> = new Set(['Planned', 'Approved', 'Applying']);

/** One finding per object and change; informs only. */
export function sharedObjects(change: MeshChange, plan: Plan, others: readonly MeshChange[]): Finding[] {
  const touched = new Map(plan.writes.map(({ ref }) => [refKey(ref), ref]));
  const findings: Finding[] = [];
  for (const other of others) {
    if (other.metadata.name === change.metadata.name || !PHASES.has(other.status?.phase ?? '')) continue;
    for (const write of other.status?.plan?.writes ?? []) {
      const ref = touched.get(refKey(write.ref));
      if (!ref) continue;
      findings.push({
        code: IN_FLIGHT,
        severity: 'info',
        path: refKey(ref),
        message: `${other.metadata.name} (${other.status?.plan?.title}) is about to change ${objectName(ref)} too`,
        fix: 'Whichever is written second is planned again first',
      });
    }
  }
  return findings.sort((a, b) => (a.message < b.message ? -1 : 1));
}
