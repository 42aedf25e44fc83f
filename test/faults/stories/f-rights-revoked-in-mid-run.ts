/** meshbot's RoleBinding is deleted between the card and the click: nothing is written, and it is said what is missing. */
import { expect } from 'vitest';
import { applyRoles } from '../account.ts';
import { eventually } from '../eventually.ts';
import { fault } from '../fault.ts';

export default fault(
  'rights are revoked before the write: nothing is written, it is said which, and works after',
  async stage => {
    const { talk, shop, kubectl } = stage;
    const before = await shop.spec('VirtualService', 'reviews');
    const card = await talk.propose('/mesh shift reviews v3 100');
    await kubectl(['delete', 'rolebinding', 'meshbot', '-n', 'default']);
    try {
      await talk.approve(card);
      await eventually('an end', () => /Not written/.test(talk.heard(card)), 60_000);
      expect(talk.heard(card)).toMatch(/may not (patch|write)|cannot patch/);
      expect(talk.heard(card)).toContain('kubectl apply -k deploy');
      expect(await shop.spec('VirtualService', 'reviews')).toEqual(before);
      expect((await stage.newest()).status?.written).toEqual([]);
    } finally {
      await applyRoles(kubectl);
    }
    const { receipt } = await talk.change('/mesh shift reviews v3 100');
    expect(receipt).toContain('Proven: consistent with 100 % to v3');
    await shop.showsOnly('red');
  },
);
