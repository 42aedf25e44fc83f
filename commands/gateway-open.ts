/** `gateway open shop.example.com productpage`: a host, or some paths of it, from outside to a service. */
import { defineChange } from '../src/command.ts';
import { planOpen } from '../src/istio/edit/gateway/open.ts';
import { lasting } from '../src/istio/edit/plan/lasting.ts';
import { hostMeant } from '../src/istio/edit/service/service.ts';
import { FOR } from './answers/lasting.ts';

export default defineChange({
  verb: 'gateway open',
  summary: 'Let requests for a host in from outside, to a service',
  writes: ['Gateway', 'VirtualService'],
  parameters: {
    host: { type: 'word', required: true, about: 'the host: `shop.example.com`, `*.example.com`, or `*` for any' },
    service: {
      type: 'service',
      port: true,
      required: true,
      shown: '<service[:port]>',
      about: 'the service that answers',
    },
    path: {
      type: 'list',
      flag: true,
      shown: '</p>',
      about: 'only this path: /p exactly, /p* all that begin so; several times',
    },
    gateway: {
      type: 'gateway',
      flag: true,
      shown: '<name>',
      about: 'the Gateway meant; without it the one that serves the host',
    },
    tls: { type: 'word', flag: true, shown: '<credential>', about: 'by https, with the certificate of this Secret' },
    for: FOR,
  },
  examples: [
    { line: 'gateway open shop.example.com productpage', says: 'all paths of the host' },
    { line: 'gateway open shop.example.com reviews:9080 --path /reviews*', says: 'those that begin so' },
    { line: 'gateway open pay.example.com productpage --tls pay-credential', says: 'by https, at a server of its own' },
  ],
  notes: [
    'Where no Gateway serves the host, one gets it: the one that is named, or a new one for the pods of the only gateway there is. The route goes into the VirtualService of just that host, or into a new one.',
    '`undo` takes exactly that away again.',
    'Keys and certificates never go through the chat: --tls names a Secret beside the gateway’s pods.',
  ],
  plan({ host, service, path, gateway, tls, ...values }, context) {
    const [name = '', port] = service.split(':');
    const opened = planOpen(
      {
        ...{ host, gateway, credential: tls, paths: path ?? [] },
        fqdn: hostMeant(name, context.namespace),
        port: port === undefined ? undefined : Number(port),
      },
      context,
      context.templates,
    );
    return lasting(opened, values.for);
  },
});
