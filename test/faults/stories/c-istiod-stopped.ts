/** istiod is stopped: what is written comes to no proxy, and is never called proven; when istiod is back, that is told. */
import { expect } from 'vitest';
import { eventually } from '../eventually.ts';
import { fault } from '../fault.ts';
import { ignoreWebhooks, shopHas, startIstiod, stopIstiod } from '../istiod.ts';

const PROOF = 120_000;

export default fault('istiod is stopped: written, not live, never Verified; told once it is back', async stage => {
  const { world, talk, shop, kubectl } = stage;
  // What they have when it goes is what they keep.
  await shopHas(kubectl, 'reviews');
  await stopIstiod(kubectl);
  try {
    await ignoreWebhooks(kubectl);
    const card = await talk.propose('/mesh shift reviews v3 100');
    await talk.approve(card);
    await eventually('a receipt', () => /[Pp]roven: /.test(talk.heard(card)), PROOF);
    const { status } = await stage.newest();
    expect(talk.heard(card), JSON.stringify(status?.receipt)).toMatch(
      /not proven: the route was not taken: all \d+ proxies still hold the one before it/,
    );
    expect(status?.phase).toBe('Failed');
    expect(status?.written).toHaveLength(1);
    expect(status?.history.map(({ phase }) => phase)).not.toContain('Verified');
    // From outside: the page is as it was, and so is what Envoy holds.
    expect(await shop.stars(20)).toEqual({ none: 20 });
    expect(Object.keys((await world.shares('productpage', 'reviews:9080'))!)).toEqual([
      'outbound|9080|v1|reviews.default.svc.cluster.local',
    ]);

    await startIstiod(kubectl);
    await shop.showsOnly('red');
    await eventually('the second look', () => talk.heard(card).includes('Looked at again'), PROOF);
    expect(talk.heard(card)).toMatch(/It is live by now: (\d+) of \1 proxies hold the new route/);
  } finally {
    await startIstiod(kubectl);
  }
});
