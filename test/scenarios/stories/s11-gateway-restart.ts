/** S11: a gateway restarted, and moved to another revision. */
import { notYet } from '../story.ts';

export default notYet(
  { id: 'S11', title: 'A gateway restarted, and moved to another revision' },
  'there are no verbs `gateway restart` and `gateway revision`',
);
