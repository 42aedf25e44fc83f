/** S40: a gateway with a certificate. */
import { notYet } from '../story.ts';

export default notYet(
  { id: 'S40', title: 'A gateway with a certificate' },
  'its story needs a certificate, which no story makes yet',
);
