/** S37: a host outside, and a timeout for it. */
import { notYet } from '../story.ts';

export default notYet(
  { id: 'S37', title: 'A host outside, and a timeout for it' },
  'there are no verbs `egress` and `timeout`',
);
