/**
 * Three replicas in the local world, killed at any await, in half of the schedules; `replicas-2` has the others. The
 * local Slack, the local Kubernetes API and meshbot's own adapters speak as they always do, but over wires in virtual
 * time that lose, delay and kill. See world/local/run.ts for how to run more of the schedules, or one.
 */
import { expect, it } from 'vitest';
import { runShare } from './world/local/run.ts';

it('replicas that are killed write each approved change once, lose no command and post no card twice', async () => {
  const ends = await runShare(0, 2);
  expect([...ends.keys()]).not.toContain('Requested');
}, 3_600_000);
