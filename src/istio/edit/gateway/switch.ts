/** `gateway off` and `gateway on`: one label more in the selector of a Gateway, or one less. */
import { type KubeObject, refKey, refOf } from '../../../object.ts';
import type { Planning } from '../../../plan.ts';
import type { Phrase } from '../../../view.ts';
import type { World } from '../../world.ts';
import type { Surroundings } from '../plan/plan.ts';
import { changed } from '../writes.ts';
import { serversOf, serverWords } from './entrances.ts';
import { boundTo, gatewayMeant, nameOf } from './meant.ts';
import { planGateways } from './plan.ts';
import { isSwitchedOff, SWITCHED_OFF, switchedOff, switchedOn } from './switched.ts';

export function planSwitch(word: string, to: 'on' | 'off', surroundings: Surroundings): Planning {
  const { world, namespace } = surroundings;
  const meant = gatewayMeant(world, word, namespace);
  if (meant.kind !== 'gateway') return meant;
  const { gateway } = meant;
  const name = nameOf(gateway, namespace);
  if (isSwitchedOff(gateway) === (to === 'off')) {
    return { kind: 'nothing', why: ['The gateway ', { code: name }, ` is switched ${to} already.`] };
  }
  const write = changed(gateway, to === 'off' ? switchedOff(gateway) : switchedOn(gateway));
  const notes = to === 'off' ? notesOff(surroundings, gateway) : notesOn(surroundings, gateway);
  return planGateways({ title: `Switch the gateway ${name} ${to}`, writes: [write], notes }, surroundings);
}

function notesOff({ world, namespace }: Surroundings, gateway: KubeObject): Phrase[] {
  const servers = serversOf(gateway).map(serverWords);
  const hosts = servers.map(
    ({ hosts, port }) => `${hosts.map(host => (host === '*' ? 'any host' : host)).join(', ')} at port ${port}`,
  );
  return [
    ['It serves ', hosts.join('; '), '.', ...bindings(world, gateway)],
    [
      'Nothing of it is lost: its selector asks for one label more, ',
      { code: SWITCHED_OFF },
      ', which no pod carries. ',
      { code: `gateway on ${nameOf(gateway, namespace)}` },
      ' takes the label away again.',
    ],
  ];
}

function notesOn({ world }: Surroundings, gateway: KubeObject): Phrase[] {
  return [
    [
      'Its selector loses the label ',
      { code: SWITCHED_OFF },
      '. What else was changed of it since it was switched off stays as it is now.',
    ],
    ...(boundTo(world, gateway).length > 0 ? [bindings(world, gateway)] : []),
  ];
}

function bindings(world: World, gateway: KubeObject): Exclude<Phrase, string> {
  const bound = boundTo(world, gateway);
  if (bound.length === 0) return [' No VirtualService is bound to it.'];
  const named = bound
    .slice(0, 5)
    .flatMap((each, index) => [...(index > 0 ? [', '] : []), { code: refKey(refOf(each)) }]);
  const more = bound.length > 5 ? ` and ${bound.length - 5} more` : '';
  return [' Bound to it: ', ...named, `${more}.`];
}
