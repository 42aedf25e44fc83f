/** S7: the gateway’s pods, nodes and revisions. */
import { notYet } from '../story.ts';

export default notYet(
  { id: 'S7', title: 'The gateway’s pods, nodes and revisions' },
  'there is no verb `gateway status`',
);
