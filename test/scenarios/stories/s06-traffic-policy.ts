/** S6: externalTrafficPolicy of the gateway’s Service. */
import { notYet } from '../story.ts';

export default notYet(
  { id: 'S6', title: 'externalTrafficPolicy of the gateway’s Service' },
  'there is no verb `service`',
);
