import { describe, expect, it } from 'vitest';
import off from '../../commands/gateway-off.ts';
import status from '../../commands/gateway-status.ts';
import help from '../../commands/help.ts';
import { loadCommands } from '../../src/registry.ts';
import { run } from '../istio/edit/shapes.ts';
import { ask, change, contextOf, said } from './setup.ts';

const { commands } = await loadCommands();

/** Bookinfo with its gateway switched off, and the change that did it. */
function dark() {
  const planning = run(off, 'gateway off bookinfo-gateway', contextOf());
  if (planning.kind !== 'plan') throw new Error(planning.kind);
  const { plan } = planning;
  const made = change('gateway-off-1a2b3c', plan, { verb: 'gateway off' });
  return contextOf({ world: contextOf().world.with(plan.writes), changes: [made] });
}

describe('gateway status', () => {
  it('says what a Gateway listens for, where that goes and who stands behind it', async () => {
    const told = said(await ask('gateway status bookinfo-gateway', status, contextOf()));
    expect(told).toContain('On. 1 of 1 pods Ready.');
    expect(told).toContain('Port 80, HTTP: any host');
    expect(told).toContain(
      'any host: /productpage, /static*, /login, /logout, /api/v1/products* | productpage v1 | default/bookinfo',
    );
    expect(told).toContain('default/bookinfo');
    expect(told).toContain('istio-ingressgateway-a Ready');
  });

  it('says since when, by whom and by which change it is off', async () => {
    const told = said(await ask('gateway status bookinfo-gateway', status, dark()));
    expect(told).toContain('Switched off by U1 1000 (gateway-off-1a2b3c).');
    expect(told).toContain('What comes in once it is on');
    expect(told).toContain('productpage v1 | default/bookinfo');
  });

  it('adds what is measured of the requests that the gateway itself sends', async () => {
    const context = contextOf({ rates: { v1: 2.5, unknown: 0.5 } });
    expect(said(await ask('gateway status bookinfo-gateway', status, context))).toContain(
      '3 requests/s to productpage.default',
    );
    const none = contextOf({ rates: new Error('away') });
    expect(said(await ask('gateway status bookinfo-gateway', status, none))).not.toContain('requests/s');
  });

  it('lists all Gateways where none is named', async () => {
    expect(said(await ask('gateway status', status, contextOf()))).toContain(
      'bookinfo-gateway | on | any host at 80 | 1 of 1',
    );
    expect(said(await ask('gateway status', status, dark()))).toContain('1 Gateways, 1 switched off.');
  });

  it('names what is bound to it in vain, and who else answers at its port', async () => {
    const { world } = contextOf();
    const gateway = world.get('Gateway', 'default', 'bookinfo-gateway')!;
    const bound = world.get('VirtualService', 'default', 'bookinfo')!;
    const other = { ...gateway, metadata: { ...gateway.metadata, name: 'other', uid: 'g-other' } };
    const narrow = {
      ...gateway,
      spec: { ...gateway.spec, servers: [{ port: { number: 80, protocol: 'HTTP' }, hosts: ['shop.example.com'] }] },
    };
    const missing = {
      ...bound,
      metadata: { ...bound.metadata, name: 'missing' },
      spec: { ...bound.spec, hosts: ['x.example.com'] },
    };
    const after = [other, narrow, missing].map(object => ({
      ref: { apiVersion: object.apiVersion, kind: object.kind, namespace: 'default', name: object.metadata.name },
      after: object,
    }));
    const told = said(await ask('gateway status bookinfo-gateway', status, contextOf({ world: world.with(after) })));
    expect(told).toContain('VirtualService/default/missing is bound to it, and shares no host with it');
    expect(told).toContain('Gateway/default/other answers at port 80 of the same pods too, for any host.');
  });

  it('says what is wrong with a name, and the next step', async () => {
    const context = { ...contextOf(), namespace: 'elsewhere' };
    expect(said(await statusOf('nothing', context))).toContain('There is no Gateway nothing.');
  });
});

describe('help', () => {
  it('shows the verbs of a group by their common word, and each of them', async () => {
    const context = contextOf({ commands });
    const answer = (verb: string) => help.kind === 'query' && help.answer({ verb } as never, context);
    const group = said((await answer('gateway')) as never);
    for (const verb of ['gateway off <name>', 'gateway on <name>', 'gateway status [name]'])
      expect(group).toContain(verb);
    expect(said((await answer('gateway off')) as never)).toContain('/mesh gateway off bookinfo-gateway');
  });
});

/** Without the grammar, which would have refused the name. */
function statusOf(name: string, context: ReturnType<typeof contextOf>) {
  if (status.kind !== 'query') throw new Error(status.kind);
  return status.answer({ name } as never, context);
}
