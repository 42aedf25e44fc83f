/** S9: no gateway where injection is off. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S9', title: 'No gateway where injection is off' }, 'there is no verb `gateway deploy`');
