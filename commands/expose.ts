/** `expose details --path /details*`: a service, by a Gateway that is there and the hosts that it serves. */
import { defineChange } from '../src/command.ts';
import { hostOfGateway } from '../src/istio/edit/gateway/door.ts';
import { planOpen } from '../src/istio/edit/gateway/open.ts';
import { lasting } from '../src/istio/edit/plan/lasting.ts';
import { hostMeant } from '../src/istio/edit/service/service.ts';
import { FOR } from './answers/lasting.ts';

export default defineChange({
  verb: 'expose',
  summary: 'Let requests in to a service by a Gateway that is there',
  writes: ['Gateway', 'VirtualService'],
  parameters: {
    service: {
      type: 'service',
      port: true,
      required: true,
      shown: '<service[:port]>',
      about: 'the service that answers',
    },
    gateway: { type: 'gateway', flag: true, shown: '<name>', about: 'the Gateway; may be left out where there is one' },
    path: {
      type: 'list',
      flag: true,
      shown: '</p>',
      about: 'only this path: /p exactly, /p* all that begin so; several times',
    },
    host: { type: 'word', flag: true, about: 'for this host; without it the one that the Gateway serves' },
    for: FOR,
  },
  examples: [
    { line: 'expose details --path /details*', says: 'some paths, for whatever host the Gateway serves' },
    {
      line: 'expose ratings --gateway bookinfo-gateway --path =/ratings/0 --path /ratings/all*',
      says: 'one path and all that begin so',
    },
  ],
  notes: ['It is `gateway open` without a host. `undo` takes the routes away again.'],
  plan({ service, gateway, path, host, ...values }, context) {
    const { world, namespace } = context;
    const at = hostOfGateway(world, { gateway, host, reader: namespace });
    if (at.kind !== 'host') return at;
    const [name = '', port] = service.split(':');
    const opened = planOpen(
      {
        ...{ host: at.host, gateway: at.gateway, paths: path ?? [] },
        fqdn: hostMeant(name, namespace),
        port: port === undefined ? undefined : Number(port),
      },
      context,
      context.templates,
    );
    return lasting(opened, values.for);
  },
});
