/** All checks, and what of their findings is new: only that is shown, and new errors block. */
import type { Finding } from '../../plan.ts';
import type { Write } from '../../ports.ts';
import type { World } from '../world.ts';
import type { Check, CheckContext } from './check.ts';
import { duplicateDestination } from './duplicate-destination.ts';
import { duplicateHost } from './duplicate-host.ts';
import { fault } from './fault.ts';
import { foreignOwner } from './foreign-owner.ts';
import { subsets } from './subsets.ts';
import { unreachable } from './unreachable.ts';
import { weights } from './weights.ts';

/** About the state of a world: what was so before is not this change's doing. */
const ABOUT_STATE: Check[] = [subsets, weights, unreachable, duplicateHost, duplicateDestination];
/** About the change itself. */
const ABOUT_CHANGE: ((context: CheckContext) => Finding[])[] = [foreignOwner, fault];

/** `after` is `before` with the writes done. Errors come first. */
export function newFindings(before: World, after: World, writes: Write[]): Finding[] {
  const context = { before, after, writes };
  const old = new Set(ABOUT_STATE.flatMap(check => check(before, context)).map(identity));
  const found = [
    ...ABOUT_STATE.flatMap(check => check(after, context)).filter(finding => !old.has(identity(finding))),
    ...ABOUT_CHANGE.flatMap(check => check(context)),
  ];
  const order = { error: 0, warning: 1, info: 2 };
  return found.sort((a, b) => order[a.severity] - order[b.severity]);
}

function identity({ code, path, message }: Finding): string {
  return JSON.stringify([code, path, message]);
}
