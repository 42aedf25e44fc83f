/** Kills the API server in mid-apply, on one side of the write or on the other, and reads what became of the change. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { changeKey, kept, REVIEWS } from './etcd.ts';
import { eventually } from './eventually.ts';
import type { Lab, Stage } from './stage.ts';

/** ms each way: long enough to be in the middle of it. */
const SLOW = 300;
/** ms. */
const AWAY = 2_000;
const PROOF = 120_000;

const V1 = 'outbound|9080|v1|reviews.default.svc.cluster.local';
const V3 = 'outbound|9080|v3|reviews.default.svc.cluster.local';

export async function killedInMidApply(stage: Stage & { lab: Lab }, side: 'before' | 'after'): Promise<void> {
  const { world, talk, shop, lab } = stage;
  const was = (await kept(REVIEWS))!.writes;
  const card = await talk.propose('/mesh shift reviews v3 50');
  const { metadata } = await stage.newest();
  lab.wire.slow(SLOW);
  const approving = talk.approve(card);
  if (side === 'before') {
    // meshbot hears of it after SLOW; what it sends then is on its way for as long.
    await eventually('the change to be about to write', async () => (await phaseOf(metadata.name)) === 'Applying');
    await sleep(SLOW * 1.5);
  } else {
    await eventually('the write', async () => (await kept(REVIEWS))!.writes > was);
  }
  lab.wire.cut();
  await lab.killApiServer();
  expect((await kept(REVIEWS))!.writes).toBe(side === 'before' ? was : was + 1);
  expect(await phaseOf(metadata.name)).toBe('Applying');

  await sleep(AWAY);
  lab.wire.slow(0);
  await lab.startApiServer();
  lab.wire.mend();
  await approving;
  await eventually('a proof', () => /[Pp]roven: /.test(talk.heard(card)), PROOF);
  expect(talk.heard(card)).toContain('Proven: consistent with 50 % to v1, 50 % to v3');

  // etcd itself has counted the writes.
  expect((await kept(REVIEWS))!.writes).toBe(was + 1);
  const live = await world.read({ ...VIRTUAL_SERVICE, name: 'reviews' });
  const { status } = await stage.newest();
  expect(status?.phase).toBe('Verified');
  expect(status?.written.map(({ resourceVersion }) => resourceVersion)).toEqual([live?.metadata.resourceVersion]);
  expect(talk.heard(card)).toContain(live?.metadata.resourceVersion);
  expect(await world.shares('productpage', 'reviews:9080')).toEqual({ [V1]: 50, [V3]: 50 });

  await talk.change(`/mesh undo ${metadata.name}`);
  await shop.showsOnly('none');
}

const VIRTUAL_SERVICE = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'default' };

async function phaseOf(change: string): Promise<string | undefined> {
  const { status } = ((await kept(changeKey(change)))?.value ?? {}) as { status?: { phase?: string } };
  return status?.phase;
}
