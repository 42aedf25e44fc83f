/** Istio's validation webhook is away: nothing is written, it is said why and what to do, and it works again after. */
import { expect } from 'vitest';
import { eventually } from '../eventually.ts';
import { fault } from '../fault.ts';
import { startIstiod, stopIstiod } from '../istiod.ts';

export default fault('the validation webhook is away: nothing is written, and it is said what to do', async stage => {
  const { talk, shop, kubectl } = stage;
  const before = await shop.spec('VirtualService', 'reviews');
  const card = await talk.propose('/mesh shift reviews v3 100');
  await stopIstiod(kubectl);
  try {
    await talk.approve(card);
    await eventually('an end', () => /Not written: /.test(talk.heard(card)), 150_000);
    expect(talk.heard(card)).toMatch(/validation webhook .*(does not answer|no answer)/i);
    expect(talk.heard(card)).toContain('kubectl -n istio-system get pods -l app=istiod');
    expect(await shop.spec('VirtualService', 'reviews')).toEqual(before);

    // A change that is only asked for now waits, and says for what.
    const known = talk.propose('/mesh shift reviews v2 100').catch(String);
    await eventually(
      'to be told why there is no card',
      async () => /validation webhook/.test((await stage.newest()).status?.message ?? ''),
      60_000,
    );
    await startIstiod(kubectl);
    expect(JSON.stringify(await known)).toContain('"approve"');
  } finally {
    await startIstiod(kubectl);
  }
  const { receipt } = await talk.change('/mesh shift reviews v3 100');
  expect(receipt).toContain('Proven: consistent with 100 % to v3');
});
