/** S22: the telemetry that is there, and load. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S22', title: 'The telemetry that is there, and load' }, 'there is no verb `load`');
