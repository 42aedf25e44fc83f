import { describe, expect, it } from 'vitest';
import mirror from '../../../commands/mirror.ts';
import { bookinfo, templates } from '../../fixtures/load.ts';
import { run, testShapes } from './shapes.ts';

describe('mirror edits the form of mirror that is there, and leaves the rest', () => {
  testShapes(mirror, new URL('./mirror-fixtures/', import.meta.url));
});

describe('the plan of a mirror', () => {
  const context = { world: bookinfo(), templates, namespace: 'default', probes: {}, changes: [] };

  it('shows copies beside requests, of which none moves', () => {
    const planning = run(mirror, 'mirror reviews v2 50', context);
    expect(planning).toMatchObject({
      kind: 'plan',
      plan: {
        title: 'Send copies of 50 % of reviews to v2',
        traffic: [
          { match: 'end-user = jason', destination: 'reviews v2', before: 100, after: 100 },
          { match: 'all other requests', destination: 'reviews v1', before: 100, after: 100 },
          { match: 'copies of all other requests', destination: 'reviews v2', before: 0, after: 50 },
        ],
        risk: 'medium',
        expectation: {
          ...{ headers: {}, shares: { v1: 100 }, mirror: { version: 'v2', percent: 50 } },
          before: [{ shares: { v1: 100 }, copies: 0 }],
        },
      },
    });
  });

  it('expects no copies once it is off', () => {
    const on = run(mirror, 'mirror reviews v2 50', context);
    if (on.kind !== 'plan') throw new Error(on.kind);
    const off = run(mirror, 'mirror reviews off', { ...context, world: context.world.with(on.plan.writes) });
    expect(off).toMatchObject({
      plan: {
        risk: 'low',
        expectation: { before: [{ copies: 50 }], shares: { v1: 100 }, mirror: { version: 'v2', percent: 0 } },
      },
    });
  });
});
