/** Whatever the objects are, the checks answer: the watches bring what anybody wrote, and webhooks may be off. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newFindings } from '../../../src/istio/checks/index.ts';
import { Overlay } from '../../../src/istio/overlay.ts';
import { refOf } from '../../../src/object.ts';
import type { Write } from '../../../src/ports.ts';
import { pod, reviews, service } from '../edit/mesh.ts';
import { objects } from './garbage.ts';

describe('the checks', () => {
  it('never throw, and say what they say in whole sentences', () => {
    let told = 0;
    fc.assert(
      fc.property(
        fc.array(objects, { maxLength: 6 }),
        fc.array(objects, { minLength: 1, maxLength: 3 }),
        (there, news) => {
          const world = reviews(service('other'), pod('other', 'v1'), ...there);
          const writes = news.map((after): Write => {
            const before = world.get(after.kind, after.metadata.namespace ?? '', after.metadata.name);
            return { ref: refOf(after), ...(before && { before }), after };
          });
          for (const { code, message, path } of newFindings(world, new Overlay(world, writes), writes)) {
            told += 1;
            expect([code, path, message].every(text => typeof text === 'string' && text !== '')).toBe(true);
            expect(message).not.toMatch(/undefined|\[object/);
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(told).toBeGreaterThan(500);
  });

  it('never throw where objects are taken away', () => {
    fc.assert(
      fc.property(fc.array(objects, { minLength: 1, maxLength: 6 }), there => {
        const world = reviews(...there);
        const writes = there.map((before): Write => ({ ref: refOf(before), before }));
        expect(Array.isArray(newFindings(world, new Overlay(world, writes), writes))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
