/** S15: TLS switched off to a name outside. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S15', title: 'TLS switched off to a name outside' }, 'there is no verb `tls`');
