/** Gates of what the mesh counts no requests of. */
import { describe, expect, it } from 'vitest';
import shift from '../../commands/shift.ts';
import type { ChangeCommand } from '../../src/command.ts';
import type { World } from '../../src/istio/world.ts';
import { refOf } from '../../src/object.ts';
import { bookinfo } from '../fixtures/load.ts';
import { contextOf } from './setup.ts';

/** Ratings as a database would be: by its port's name, no HTTP. */
function tcp(): World {
  const world = bookinfo();
  const service = world.get('Service', 'default', 'ratings')!;
  const after = { ...service, spec: { ...service.spec, ports: [{ name: 'tcp-db', port: 9080, targetPort: 9080 }] } };
  return world.with([{ ref: refOf(service), after }]);
}

const STEPS = { service: 'ratings', version: 'v2', percent: [10, 50], every: 600_000 };
const plan = (world: World, more: object) =>
  (shift as ChangeCommand).plan({ ...STEPS, ...more } as never, contextOf({ world }));
const GATE = { gate: [{ measure: 'errors', below: 1 }] };

describe('a gate', () => {
  it('is refused for what is routed by connections, with what to do instead', () => {
    const planning = plan(tcp(), GATE);
    expect(planning).toMatchObject({
      kind: 'refused',
      findings: [
        {
          code: 'gate-without-requests',
          severity: 'error',
          message: /^ratings is routed by connections/,
          fix: /again without --gate/,
        },
      ],
    });
  });

  it('is taken for requests, as steps without one are for connections', () => {
    expect(plan(bookinfo(), GATE).kind).toBe('plan');
    const planning = plan(tcp(), {});
    expect(planning.kind).toBe('plan');
    if (planning.kind === 'plan') expect(planning.plan.rollout?.gates).toEqual([]);
  });
});
