/** The service that is meant, or why it cannot be routed. */
import type { World } from '../../world.ts';
import { type Refused, refuse } from '../outcome.ts';
import { type Service, serviceFor } from './service.ts';
import { isLayer4 } from './versions.ts';

interface Found {
  kind: 'found';
  service: Service;
}

function findMeant(world: World, fqdn: string): Found | Refused {
  const service = serviceFor(world, fqdn);
  if (service) return { kind: 'found', service };
  return refuse('service-missing', fqdn, `There is no Service ${fqdn}.`, 'Check its name and namespace.');
}

/** For what only HTTP can do. `what`: 'routed by its headers'. */
export function findHttp(world: World, fqdn: string, what: string): Found | Refused {
  const found = findMeant(world, fqdn);
  if (found.kind !== 'found' || !isLayer4(world, fqdn)) return found;
  return refuse(
    'service-not-http',
    fqdn,
    `${found.service.name} says that it speaks no HTTP, so none of its traffic can be ${what}.`,
    'If it does, name its port `http` or set `appProtocol: http`.',
  );
}
