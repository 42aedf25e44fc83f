/** Every destination of a route is a Service, at a port that it has: otherwise its share of the requests gets 503. */
import type { Finding } from '../../plan.ts';
import { objectsOf } from '../edit/read.ts';
import { type Entry, entryOf } from '../edit/service/service.ts';
import { serviceOf, shortHost } from '../hosts.ts';
import { gatewaysOf } from '../route/mesh.ts';
import { findService } from '../route/services.ts';
import type { World } from '../world.ts';
import { type Check, changedRoutes, isKnown, type RouteAt } from './check.ts';

export const destination: Check = {
  about: 'state',
  rules: [
    {
      code: 'host-missing',
      severity: 'error',
      what: 'A route leads to a Service that is not there, or is not exported to the route’s namespace: 503 (NC). Said only of namespaces that meshbot watches.',
      fix: 'Create the Service, or export it, or name another.',
      source: 'IST0101, KIA1104',
    },
    {
      code: 'port-missing',
      severity: 'error',
      what: 'A route leads to a port that the Service does not have: 503 (NC).',
      fix: 'Name one of its ports.',
      source: 'https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination',
    },
    {
      code: 'port-open',
      severity: 'warning',
      what: 'A gateway’s route leads to a Service with several ports and names none: the gateway takes its own port’s number.',
      fix: 'Name the port in the destination.',
      source: 'IST0112',
    },
  ],
  find: (world, context) => changedRoutes(world, context).flatMap(route => findings(world, route)),
};

function findings(world: World, { object, section, route, path }: RouteAt): Finding[] {
  const namespace = object.metadata.namespace ?? '';
  return objectsOf(route.route).flatMap((json): Finding[] => {
    const entry = entryOf(json, namespace);
    const found = findService(world, entry.host, namespace);
    if (!found) return isJudged(world, entry) ? [unknown(world, entry, path, namespace)] : [];
    const ports = found.ports.map(port => port.number);
    if (ports.length === 0) return [];
    if (entry.port !== undefined) return ports.includes(entry.port) ? [] : [noPort(entry, ports, path, namespace)];
    const fromGateway = section === 'http' && gatewaysOf(object).some(gateway => gateway !== 'mesh');
    return fromGateway && ports.length > 1 ? [openPort(entry, ports, path, namespace)] : [];
  });
}

/** Names that are no Service's may be anything that DNS knows; of those that are, only what would be heard of. */
function isJudged(world: World, { host }: Entry): boolean {
  const named = serviceOf(host);
  return named !== undefined && isKnown(world, named.namespace);
}

function unknown(world: World, { host }: Entry, path: string, namespace: string): Finding {
  const named = serviceOf(host)!;
  const there = world.get('Service', named.namespace, named.name) !== undefined;
  const name = shortHost(host, namespace);
  return {
    code: 'host-missing',
    severity: 'error',
    path,
    message: there
      ? `The Service ${name} is not exported to ${namespace}: its requests would get 503.`
      : `There is no Service ${name}: its requests would get 503.`,
    fix: there ? `Export it to ${namespace}, or name another.` : 'Create it, or name another.',
  };
}

function noPort({ host, port }: Entry, ports: number[], path: string, namespace: string): Finding {
  return {
    code: 'port-missing',
    severity: 'error',
    path,
    message: `${shortHost(host, namespace)} has no port ${port}: its requests would get 503.`,
    fix: `Name one of its ports: ${ports.join(', ')}.`,
  };
}

function openPort({ host }: Entry, ports: number[], path: string, namespace: string): Finding {
  return {
    code: 'port-open',
    severity: 'warning',
    path,
    message: `${shortHost(host, namespace)} has the ports ${ports.join(', ')}, and the route names none: a gateway takes the number of its own port.`,
    fix: 'Name the port in the destination.',
  };
}
