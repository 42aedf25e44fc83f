/** Where a change stands, in a word or two, for lists and notifications. */
import type { Phase } from './meshchange.ts';

export const HEADLINES: Record<Phase, string> = {
  Requested: 'planning',
  Choosing: 'which one is meant?',
  Planned: 'waiting for approval',
  Stale: 'planning again',
  Approved: 'approved, about to write',
  Applying: 'writing',
  Progressing: 'in steps',
  Applied: 'written, now proving',
  Lasting: 'in the mesh for a while',
  Reverting: 'going back',
  Verified: 'done and proven',
  Rejected: 'rejected',
  Expired: 'expired, nothing was written',
  Refused: 'refused, nothing was written',
  Failed: 'failed',
  Reverted: 'gone back to what was before',
  Undone: 'undone',
};
