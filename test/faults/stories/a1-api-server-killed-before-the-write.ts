/** The API server is killed while the write is on its way to it: it is written once, when there is an API server again. */

import { labFault } from '../fault.ts';
import { killedInMidApply } from '../mid-apply.ts';

export default labFault('the API server is killed before it gets the write: it is written once, later', stage =>
  killedInMidApply(stage, 'before'),
);
