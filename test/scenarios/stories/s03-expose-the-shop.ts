/** S3: the shop exposed by a Gateway and a VirtualService. */
import { notYet } from '../story.ts';

export default notYet(
  { id: 'S3', title: 'The shop exposed by a Gateway and a VirtualService' },
  'there are no verbs `gateway open` and `expose`',
);
