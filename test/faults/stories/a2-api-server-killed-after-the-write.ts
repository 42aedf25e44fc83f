/** The API server takes the write and is killed before its answer is heard: it is not written again. */

import { labFault } from '../fault.ts';
import { killedInMidApply } from '../mid-apply.ts';

export default labFault(
  'the API server is killed with its answer under way: what it took is not written again',
  stage => killedInMidApply(stage, 'after'),
);
