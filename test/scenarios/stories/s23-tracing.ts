/** S23: tracing switched on, by provider. */
import { notYet } from '../story.ts';

export default notYet({ id: 'S23', title: 'Tracing switched on, by provider' }, 'there is no verb `telemetry`');
