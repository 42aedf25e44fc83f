/** All checks, and what of their findings is new: only that is shown, and new errors block. */
import type { Finding } from '../../plan.ts';
import type { Write } from '../../ports.ts';
import type { World } from '../world.ts';
import { ambient } from './ambient.ts';
import type { Check, CheckContext } from './check.ts';
import { covered } from './covered.ts';
import { destination } from './destination.ts';
import { duplicateDestination } from './duplicate-destination.ts';
import { duplicateHost } from './duplicate-host.ts';
import { fault } from './fault.ts';
import { foreignOwner } from './foreign-owner.ts';
import { gatewayBinding } from './gateway-binding.ts';
import { gatewayCatchAll } from './gateway-catch-all.ts';
import { gatewayCertificate } from './gateway-certificate.ts';
import { gatewayConflict } from './gateway-conflict.ts';
import { gatewayPods } from './gateway-pods.ts';
import { halfHost } from './half-host.ts';
import { hidden } from './hidden.ts';
import { identities } from './identity.ts';
import { order } from './order.ts';
import { protocol } from './protocol.ts';
import { shadow } from './shadow.ts';
import { subsets } from './subsets.ts';
import { unreachable } from './unreachable.ts';
import { weights } from './weights.ts';

export const CHECKS: readonly Check[] = [
  subsets,
  destination,
  halfHost,
  weights,
  duplicateDestination,
  unreachable,
  covered,
  duplicateHost,
  shadow,
  hidden,
  order,
  protocol,
  fault,
  ambient,
  gatewayBinding,
  gatewayCatchAll,
  gatewayPods,
  gatewayConflict,
  gatewayCertificate,
  foreignOwner,
];

/** `after` is `before` with the writes done. Errors come first. Never throws, whatever the objects are. */
export function newFindings(before: World, after: World, writes: Write[]): Finding[] {
  const context: CheckContext = { before, after, writes };
  const name = identities(writes);
  const found = CHECKS.flatMap(check => {
    if (check.about === 'change') return check.find(context);
    const findings = check.find(after, context);
    if (findings.length === 0) return [];
    const old = new Set(check.find(before, context).map(name.before));
    return findings.filter(finding => !old.has(name.after(finding)));
  });
  const rank = { error: 0, warning: 1, info: 2 };
  return found.sort((a, b) => rank[a.severity] - rank[b.severity]);
}
