/** Other changes in flight that touch the same objects. No lock: the one that comes second is planned again. */
import { refKey } from '../object.ts';
import type { Finding, Plan } from '../plan.ts';
import type { MeshChange, Phase } from './meshchange.ts';
import { objectName } from './phrases.ts';

/** Code of the findings made here. */
export const IN_FLIGHT = 'object-in-flight';

type Told = (name: string, object: string) => Pick<Finding, 'severity' | 'message' | 'fix'>;

const ABOUT_TO: Told = (name, object) => ({
  severity: 'info',
  message: `${name} is about to change ${object} too`,
  fix: 'Whichever is written second is planned again first',
});

/** What a change in some phase means to another of the same object. */
const TOLD: { [phase in Phase]?: Told } = {
  Planned: ABOUT_TO,
  Approved: ABOUT_TO,
  Applying: ABOUT_TO,
  Progressing: (name, object) => ({
    severity: 'warning',
    message: `${name} changes ${object} step by step, and stops where it is once this is written`,
    fix: 'Abort it first, or wait until it is done',
  }),
  Lasting: (name, object) => ({
    severity: 'warning',
    message: `${name} changed ${object} for a while, and cannot go back by itself once this is written`,
    fix: 'Say on its card to keep it, or revert it, first',
  }),
};

/** One finding per object and change; none blocks. */
export function sharedObjects(change: MeshChange, plan: Plan, others: readonly MeshChange[]): Finding[] {
  const touched = new Map(plan.writes.map(({ ref }) => [refKey(ref), ref]));
  const findings: Finding[] = [];
  for (const other of others) {
    const { name } = other.metadata;
    const told = TOLD[other.status?.phase ?? 'Requested'];
    if (!told || name === change.metadata.name || name === change.spec.undoes) continue;
    for (const write of other.status?.plan?.writes ?? []) {
      const ref = touched.get(refKey(write.ref));
      if (!ref) continue;
      const titled = `${name} (${other.status?.plan?.title})`;
      findings.push({ code: IN_FLIGHT, path: refKey(ref), ...told(titled, objectName(ref)) });
    }
  }
  return findings.sort((a, b) => (a.message < b.message ? -1 : 1));
}
