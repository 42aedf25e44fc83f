/** S16: a Service for addresses outside. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S16', title: 'A Service for addresses outside' }, 'there is no verb `external`');
