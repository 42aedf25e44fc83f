/** S1: the commands for AKS’s ingress add-ons. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S1', title: 'The commands for AKS’s ingress add-ons' }, 'there is no verb `guide`');
