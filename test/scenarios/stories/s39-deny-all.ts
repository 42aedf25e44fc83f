/** S39: nothing allowed but what is named. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S39', title: 'Nothing allowed but what is named' }, 'there is no verb `authz`');
