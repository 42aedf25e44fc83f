import { describe, expect, it } from 'vitest';
import shift from '../../commands/shift.ts';
import why from '../../commands/why.ts';
import type { ChangeCommand } from '../../src/command.ts';
import { World } from '../../src/istio/world.ts';
import type { KubeObject } from '../../src/object.ts';
import { ClusterError } from '../../src/ports.ts';
import { ask, change, contextOf, said } from './setup.ts';

const AT = Date.parse('2026-05-05T12:00:00Z');

/** reviews after `shift reviews v3 50`, as the API server tells of it: with who wrote what. */
function shifted() {
  const planning = (shift as ChangeCommand).plan(
    { service: 'reviews', version: 'v3', percent: [50] } as never,
    contextOf(),
  );
  if (planning.kind !== 'plan') throw new Error(JSON.stringify(planning));
  const { plan } = planning;
  const done = change('shift-1', plan);
  const written = plan.writes.map(({ ref }) => ({ ref, resourceVersion: '9', at: AT, warnings: [] }));
  const messages = { card: { since: 0, channel: 'C1', ts: '1.1' }, receipt: { since: 0, channel: 'C1', ts: '1.2' } };
  done.status = { ...done.status!, written, messages };
  const world = contextOf().world.with(plan.writes);
  const managedFields = [
    {
      manager: 'kubectl-client-side-apply',
      operation: 'Update',
      time: '2026-05-05T11:00:00Z',
      fieldsV1: { 'f:spec': { 'f:hosts': {} } },
    },
    { manager: 'meshbot', operation: 'Update', time: '2026-05-05T12:00:00Z', fieldsV1: { 'f:spec': { 'f:http': {} } } },
  ];
  const told = (object: KubeObject): KubeObject => ({ ...object, metadata: { ...object.metadata, managedFields } });
  return { context: contextOf({ world, changes: [done] }), told };
}

describe('why', () => {
  it('names the change, the hand before it, and the receipt', async () => {
    const { context, told } = shifted();
    const { read } = context.cluster;
    context.cluster.read = async ref => {
      const object = await read(ref);
      return object && told(object);
    };
    const view = await ask('why reviews', why, {
      ...context,
      permalink: async ({ channel, ts }) => `https://slack.example.com/archives/${channel}/p${ts}`,
    });
    const text = said(view);
    expect(text).toContain('All other requests go 50 % to reviews v1, 50 % to reviews v3. That is shift-1');
    expect(text).toContain('That was probably set by kubectl-client-side-apply');
    expect(text).toContain('before meshbot’s first change of it, shift-1.');
    expect(text).toContain('Subset v1 of reviews is the pods with version = v1 | DestinationRule default/reviews');
    expect(JSON.stringify(view)).toContain('https://slack.example.com/archives/C1/p1.2');
    expect(view.text).toContain('2026-05-05 12:00 UTC');
  });

  it('tells where the message is where there is no link, and that the API server was silent', async () => {
    const { context } = shifted();
    context.cluster.read = async () => {
      throw new ClusterError('unavailable', 'no answer');
    };
    const text = said(await ask('why reviews', why, context));
    expect(text).toContain('message 1.2 of channel C1');
    expect(text).toContain('did not tell of everything');
    expect(text).toContain('somebody whom the API server does not remember');
  });

  it('says so where nothing routes the service, or there is none', async () => {
    const { world } = contextOf();
    const bare = new World(['Service', 'Pod'].flatMap(kind => world.all(kind)));
    expect(said(await ask('why details', why, contextOf({ world: bare })))).toContain('Nothing routes details');
    bare.delete({ apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'details' });
    expect(said(await ask('why details', why, contextOf({ world: bare })))).toContain('There is no Service details');
  });
});
