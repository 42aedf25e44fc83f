/** What people must know before a Gateway goes off or on: the last way in, who else serves there, that nobody runs. */
import { type KubeObject, refKey, refOf } from '../../../object.ts';
import type { Finding } from '../../../plan.ts';
import { shortHost } from '../../hosts.ts';
import { gatewaysOf } from '../../route/mesh.ts';
import { isReady, type World } from '../../world.ts';
import { gatewayRouting } from '../place/inforce.ts';
import { othersAt } from './describe.ts';
import { podsOf } from './pods.ts';
import { isSwitchedOff, podLabels } from './switched.ts';

/** `cut`: fully qualified hosts of services that requests no longer come to this way. */
export function aboutOff(after: World, gateway: KubeObject, cut: string[], reader: string): Finding[] {
  return [...idle(after, gateway), ...lastWays(after, gateway, cut, reader), ...neighbours(after, gateway)];
}

export function aboutOn(after: World, gateway: KubeObject): Finding[] {
  return [...idle(after, gateway), ...neighbours(after, gateway)];
}

function idle(world: World, gateway: KubeObject): Finding[] {
  const pods = podsOf(world, gateway);
  if (pods.some(isReady)) return [];
  const wanted = Object.entries(podLabels(gateway)).map(([name, value]) => `${name}=${value}`);
  const path = `${refKey(refOf(gateway))} spec.selector`;
  const whose = pods.length > 0 ? 'None of the pods is Ready that carry' : 'meshbot knows of no pod that carries';
  return [
    {
      code: 'gateway-idle',
      severity: 'warning',
      path,
      message: `${whose} ${wanted.join(', ') || 'a gateway’s labels'}: as far as it knows, nobody listens there now.`,
      fix: 'Watch the namespace of the gateway’s pods under `cluster: watch:`, if they do run.',
    },
  ];
}

/** Services that only this Gateway let anybody outside reach. */
function lastWays(after: World, gateway: KubeObject, cut: string[], reader: string): Finding[] {
  const open = isOpen(after);
  const lost = cut.filter(host => !gatewayRouting(after, host).some(root => gatewaysOf(root).some(open)));
  if (lost.length === 0) return [];
  const names = lost.map(host => shortHost(host, reader)).join(', ');
  return [
    {
      code: 'gateway-last',
      severity: 'warning',
      path: refKey(refOf(gateway)),
      message: `It is the only way in from outside to ${names}.`,
      fix: 'Make sure that nobody outside needs it, or open another way first.',
    },
  ];
}

/** Asked of many VirtualServices that are bound to few Gateways: each of these is looked at once. */
function isOpen(world: World): (name: string) => boolean {
  const known = new Map<string, boolean>();
  return name => {
    const seen = known.get(name);
    if (seen !== undefined) return seen;
    const [namespace = '', own = ''] = name.split('/');
    const found = name === 'mesh' ? undefined : world.get('Gateway', namespace, own);
    const open = found !== undefined && !isSwitchedOff(found) && podsOf(world, found).some(isReady);
    known.set(name, open);
    return open;
  };
}

/** Others that are on and listen at one of its ports: the port stays open, and answers 404 instead of refusing. */
function neighbours(world: World, gateway: KubeObject): Finding[] {
  const names = new Map<string, number[]>();
  for (const { name, port } of othersAt(world, gateway)) names.set(name, [...(names.get(name) ?? []), port]);
  return [...names].map(([name, ports]): Finding => {
    const at = [...new Set(ports)].join(' and ');
    return {
      code: 'gateway-shares-port',
      severity: 'info',
      path: `Gateway/${name}`,
      message: `The Gateway ${name} listens at port ${at} of the same pods: it goes on as it is, and what nobody serves there gets 404.`,
    };
  });
}
