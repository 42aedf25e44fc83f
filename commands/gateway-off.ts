/** `gateway off shop`: nobody comes in by a Gateway any more, and it can be switched on again exactly as it was. */
import { defineChange } from '../src/command.ts';
import { planSwitch } from '../src/istio/edit/gateway/switch.ts';
import { lasting } from '../src/istio/edit/plan/lasting.ts';
import { FOR } from './answers/lasting.ts';

export default defineChange({
  verb: 'gateway off',
  summary: 'Let nobody in by a Gateway, until it is switched on again',
  writes: ['Gateway'],
  parameters: {
    name: { type: 'gateway', required: true, about: 'the Gateway: `name` or `namespace/name`' },
    for: FOR,
  },
  examples: [
    { line: 'gateway off bookinfo-gateway', says: 'cuts off every host that it serves' },
    { line: 'gateway off default/bookinfo-gateway', says: 'the one of this namespace' },
    { line: 'gateway off bookinfo-gateway --for 15m', says: 'and lets them in again after a quarter of an hour' },
  ],
  notes: [
    'The card names the hosts that are cut off, the services behind them and, where Prometheus knows, their requests per second.',
    'The Gateway keeps all it has: its selector asks for one label more, which no pod carries. So it survives a restart of everything, and `gateway on` or `undo` take just that label away again.',
    'Where it was the last Gateway on a port of its pods, the port is closed and connections are refused; where another one listens there, requests for its hosts get 404.',
  ],
  plan: (values, context) => lasting(planSwitch(values.name, 'off', context), values.for),
});
