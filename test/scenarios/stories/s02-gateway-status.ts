/** S2: the gateway’s address, its ports and the shop’s URL. */
import { notYet } from '../story.ts';

export default notYet(
  { id: 'S2', title: 'The gateway’s address, its ports and the shop’s URL' },
  'there is no verb `gateway status`',
);
