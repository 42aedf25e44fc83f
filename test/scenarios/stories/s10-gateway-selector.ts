/** S10: a Gateway that selects no pod. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S10', title: 'A Gateway that selects no pod' }, 'there is no verb `gateway status`');
