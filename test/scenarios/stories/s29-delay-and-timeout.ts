/** S29: a delay and a timeout. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S29', title: 'A delay and a timeout' }, 'there are no verbs `fault` and `timeout`');
