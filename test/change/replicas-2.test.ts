/** The other half of the schedules of `replicas-1`, so that both halves can run at once. */
import { expect, it } from 'vitest';
import { runShare } from './world/local/run.ts';

it('replicas that are killed keep their promises in the other schedules, too', async () => {
  const ends = await runShare(1, 2);
  expect([...ends.keys()]).not.toContain('Requested');
}, 3_600_000);
