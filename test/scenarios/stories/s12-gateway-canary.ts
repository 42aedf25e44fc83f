/** S12: a canary of the gateway. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S12', title: 'A canary of the gateway' }, 'there is no verb `gateway canary`');
