/** S5: annotations of the gateway’s Service. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S5', title: 'Annotations of the gateway’s Service' }, 'there is no verb `service`');
