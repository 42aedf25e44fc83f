/** `--for 30m`: the flag of every verb whose change may go back by itself. */
import { LONGEST, SHORTEST } from '../../src/istio/edit/plan/lasting.ts';

export const FOR = {
  type: 'duration',
  flag: true,
  shown: '<time>',
  least: SHORTEST,
  most: LONGEST,
  about: 'how long it stays before it goes back by itself: 30m, 2h',
} as const;
