/** S14: a Service for a name outside. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S14', title: 'A Service for a name outside' }, 'there is no verb `external`');
