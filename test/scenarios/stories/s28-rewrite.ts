/** S28: other paths rewritten to the product page. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S28', title: 'Other paths rewritten to the product page' }, 'there is no verb `rewrite`');
