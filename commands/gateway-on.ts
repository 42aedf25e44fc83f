/** `gateway on shop`: a Gateway that was switched off lets requests in again, exactly as before. */
import { defineChange } from '../src/command.ts';
import { planSwitch } from '../src/istio/edit/gateway/switch.ts';
import { lasting } from '../src/istio/edit/plan/lasting.ts';
import { FOR } from './answers/lasting.ts';

export default defineChange({
  verb: 'gateway on',
  summary: 'Let requests in again by a Gateway that was switched off',
  writes: ['Gateway'],
  parameters: {
    name: { type: 'gateway', required: true, about: 'the Gateway: `name` or `namespace/name`' },
    for: FOR,
  },
  examples: [
    { line: 'gateway on bookinfo-gateway', says: 'opens it again, as it was' },
    { line: 'gateway on bookinfo-gateway --for 15m', says: 'and switches it off again after a quarter of an hour' },
  ],
  notes: [
    'It takes away the one label that `gateway off` put into the selector. What somebody changed of the Gateway meanwhile stays as it is.',
    'The proof sends requests through it and follows them to the service.',
  ],
  plan: (values, context) => lasting(planSwitch(values.name, 'on', context), values.for),
});
