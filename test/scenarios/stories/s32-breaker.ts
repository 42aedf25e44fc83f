/** S32: a breaker that opens under load. */
import { notYet } from '../story.ts';

export default notYet(
  { id: 'S32', title: 'A breaker that opens under load' },
  'there are no verbs `breaker` and `load`',
);
