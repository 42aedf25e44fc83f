/** Whatever the objects are, they are explained, and whatever a plan writes, a freeze can be told to hold it or not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holding } from '../../../src/change/freezing.ts';
import { explain } from '../../../src/change/why/explaining.ts';
import { bearingOn } from '../../../src/istio/route/bearing.ts';
import { refOf } from '../../../src/object.ts';
import type { Write } from '../../../src/ports.ts';
import { objects } from '../../istio/checks/garbage.ts';
import { REVIEWS, reviews } from '../../istio/edit/mesh.ts';
import { planOf } from '../world/plans.ts';

describe('any object', () => {
  it('is explained in words', () => {
    let told = 0;
    fc.assert(
      fc.property(fc.array(objects, { minLength: 1, maxLength: 5 }), there => {
        const world = reviews(...there);
        for (const { says, key } of explain([...bearingOn(world, REVIEWS), ...there], [], REVIEWS)) {
          told += 1;
          expect(says).not.toMatch(/undefined|\[object|NaN/);
          expect(key).not.toBe('');
        }
      }),
      { numRuns: 2000 },
    );
    expect(told).toBeGreaterThan(100);
  });

  it('can be looked at by a freeze', () => {
    const by = { team: 'T1', user: 'U1' };
    const freeze = {
      apiVersion: 'v1',
      kind: 'MeshFreeze',
      metadata: { name: 'f' },
      spec: { namespace: 'shop', host: REVIEWS, by },
    };
    fc.assert(
      fc.property(objects, objects, (before, after) => {
        const write: Write = { ref: refOf(after), before, after };
        const held = holding(planOf('Any', ['reviews'], [write], 0), { list: () => [freeze], reader: 'default' }, 0);
        expect(held).toEqual([freeze]);
      }),
      { numRuns: 1000 },
    );
  });
});
