/** S21: Bookinfo in a namespace with injection. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S21', title: 'Bookinfo in a namespace with injection' }, 'there is no verb `inject`');
