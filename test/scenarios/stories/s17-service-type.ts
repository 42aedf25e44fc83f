/** S17: the shop by NodePort and LoadBalancer. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S17', title: 'The shop by NodePort and LoadBalancer' }, 'there is no verb `service`');
