/** S30: a delay for one user. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S30', title: 'A delay for one user' }, 'there is no verb `fault`');
