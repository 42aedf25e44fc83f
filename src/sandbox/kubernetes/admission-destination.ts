/** What istiod's webhook refuses of where a route leads to. */
import type { JsonObject } from '../../object.ts';
import type { Faults } from './admission-faults.ts';
import { headerChangeFaults } from './admission-fields.ts';
import { hostFault, subsetFault } from './admission-names.ts';
import { portFault } from './admission-ports.ts';
import { isObject, objects } from './schema.ts';

/** No sum is demanded: weights are proportional. Only nothing at all is refused, and only between several. */
export function destinationsFaults(routes: JsonObject[]): Faults {
  const faults: Faults = [];
  let total = 0;
  for (const route of routes) {
    if (!isObject(route.destination)) faults.push(['destination is required']);
    faults.push(...headerChangeFaults(route.headers));
    if (isObject(route.destination)) faults.push(...destinationFaults(route.destination));
    const weight = Number(route.weight ?? 0);
    if (weight < 0) faults.push(`weight ${weight} < 0`);
    total += weight;
  }
  if (routes.length > 1 && total === 0) faults.push('total destination weight = 0');
  return faults;
}

export function destinationFaults(destination: JsonObject): Faults {
  const host = typeof destination.host === 'string' ? destination.host : '';
  const faults: Faults = [host === '*' ? `invalid destination host ${host}` : hostFault(host)];
  if (typeof destination.subset === 'string' && destination.subset !== '') faults.push(subsetFault(destination.subset));
  if (isObject(destination.port)) faults.push(portFault(Number(destination.port.number ?? 0)));
  return faults;
}

/** Of one mirror and of several, which Istio words apart. */
export function mirrorFaults({ mirror, mirrorPercent, mirrorPercentage, mirrors }: JsonObject): Faults {
  const faults: Faults = [];
  if (Number(mirrorPercent ?? 0) > 100) {
    faults.push(`mirror_percent must have a max value of 100 (it has ${mirrorPercent})`);
  }
  if (isObject(mirrorPercentage)) faults.push(shareFault('mirror_percentage', mirrorPercentage));
  if (isObject(mirror)) faults.push(...destinationFaults(mirror));
  for (const { destination, percentage } of objects(mirrors)) {
    if (isObject(destination)) faults.push(...destinationFaults(destination));
    else faults.push('destination is required for mirrors');
    if (isObject(destination) && isObject(percentage)) faults.push(shareFault('mirror percentage', percentage));
  }
  return faults;
}

function shareFault(words: string, percentage: JsonObject): string | undefined {
  const value = Number(percentage.value ?? 0);
  const bound = value > 100 ? 'max value of 100' : value < 0 ? 'min value of 0' : undefined;
  return bound && `${words} must have a ${bound} (it has ${value.toFixed(6)})`;
}
