/** S8: a gateway installed by injection. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S8', title: 'A gateway installed by injection' }, 'there is no verb `gateway deploy`');
