/** S18: an Ingress of class nginx. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S18', title: 'An Ingress of class nginx' }, 'there is no verb `ingress`');
