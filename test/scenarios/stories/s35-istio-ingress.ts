/** S35: an Ingress of class istio. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S35', title: 'An Ingress of class istio' }, 'there is no verb `ingress`');
