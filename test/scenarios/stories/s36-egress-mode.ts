/** S36: only known hosts may be called. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S36', title: 'Only known hosts may be called' }, 'there is no verb `egress`');
