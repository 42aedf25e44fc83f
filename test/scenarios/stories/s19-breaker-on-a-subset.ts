/** S19: a breaker on one version. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S19', title: 'A breaker on one version' }, 'there is no verb `breaker`');
