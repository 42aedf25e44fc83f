/** S38: STRICT mTLS for the mesh, and back. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S38', title: 'STRICT mTLS for the mesh, and back' }, 'there is no verb `mtls`');
