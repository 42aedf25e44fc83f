/** S31: an abort for one user. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S31', title: 'An abort for one user' }, 'there is no verb `fault`');
