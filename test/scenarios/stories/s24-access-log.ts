/** S24: access logs switched on and read. */
import { notYet } from '../story.ts';

export default notYet(
  { id: 'S24', title: 'Access logs switched on and read' },
  'there are no verbs `telemetry` and `logs`',
);
