/** What istiod's webhook refuses of how a DestinationRule spreads requests, by place too. */
import type { Json, JsonObject } from '../../object.ts';
import type { Faults } from './admission-faults.ts';
import { durationFault, record } from './admission-fields.ts';
import { strings } from './admission-names.ts';
import { isObject, objects } from './schema.ts';

export function balancerFaults({ consistentHash, localityLbSetting, warmup }: JsonObject): Faults {
  return [
    ...(isObject(consistentHash) ? hashFaults(consistentHash) : []),
    ...(isObject(localityLbSetting) ? localityFaults(localityLbSetting) : []),
    ...(isObject(warmup) ? warmupFaults(warmup) : []),
  ];
}

function hashFaults(hash: JsonObject): Faults {
  const { httpCookie: cookie, maglev } = hash;
  const faults: Faults = [];
  if (isObject(cookie)) {
    if (!cookie.name) faults.push('name required for HttpCookie');
    faults.push(...attributeFaults(objects(cookie.attributes)));
  }
  if (hash.minimumRingSize && (isObject(maglev) || isObject(hash.ringHash))) {
    faults.push('only one of MinimumRingSize or Maglev/Ringhash can be specified');
  }
  if (!isObject(maglev)) return faults;
  const size = Number(maglev.tableSize ?? 0);
  if (size === 0) faults.push('tableSize must be set for maglev');
  if (size >= 5000011) faults.push('tableSize must be less than 5000011 for maglev');
  if (!isPrime(size)) faults.push('tableSize must be a prime number for maglev');
  return faults;
}

function attributeFaults(attributes: JsonObject[]): Faults {
  const seen = new Set<string>();
  return attributes.map(attribute => {
    const name = String(attribute.name ?? '');
    if (name === '') return 'cookie attribute name cannot be empty';
    if (seen.has(name)) return `duplicate cookie attribute name: ${name}`;
    seen.add(name);
    return undefined;
  });
}

/** 1 counts as one, as it does in Envoy. */
function isPrime(size: number): boolean {
  if (size < 4) return size > 0;
  if (size % 2 === 0) return false;
  for (let factor = 3; factor * factor <= size; factor += 2) if (size % factor === 0) return false;
  return true;
}

const TOPOLOGY = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

function localityFaults(setting: JsonObject): Faults {
  const [distribute, failover] = [objects(setting.distribute), objects(setting.failover)];
  if (distribute.length > 0 && failover.length > 0) {
    return ["can not simultaneously specify 'distribute' and 'failover'"];
  }
  const place = strings(setting.failoverPriority).find(label => TOPOLOGY.includes(label));
  if (failover.length > 0 && place) {
    return [`can not simultaneously set 'failover' and topology label '${place}' in 'failover_priority'`];
  }
  const faults: Faults = [];
  for (const { to } of distribute) {
    const shares = record(to).map(([, share]) => Number(share));
    const total = shares.reduce((sum, share) => sum + share, 0);
    if (shares.some(share => share <= 0 || share > 100)) {
      return [...faults, 'locality weight must be in range [1, 100]'];
    }
    if (total !== 100) return [...faults, `total locality weight ${total} != 100`];
    faults.push(placesFault(record(to).map(([name]) => name)));
  }
  faults.push(placesFault(distribute.map(({ from }) => String(from ?? ''))));
  return [...faults, ...failover.flatMap(failoverFaults)];
}

function failoverFaults(failover: JsonObject): Faults {
  const [from, to] = [String(failover.from ?? ''), String(failover.to ?? '')];
  const either = (part: string) => from.includes(part) || to.includes(part);
  return [
    from === to ? 'locality lb failover settings must specify different regions' : undefined,
    either('/') ? 'locality lb failover only specify region' : undefined,
    either('*') ? "locality lb failover region should not contain '*' wildcard" : undefined,
  ];
}

/** `region/zone/subzone`, of which the end may be left out or `*`; none may lie in one that was there before. */
function placesFault(places: string[]): string | undefined {
  const seen: string[][] = [];
  for (const place of places) {
    const stars = place.split('*').length - 1;
    if (stars > 1 || (stars === 1 && !place.endsWith('*'))) {
      return `locality ${place} wildcard '*' number can not exceed 1 and must be in the end`;
    }
    const [region = '', zone, ...rest] = place.split('/');
    const parts = [region, ...(zone === undefined ? [] : [zone]), ...(rest.length > 0 ? [rest.join('/')] : [])];
    const overlaps = (other: string[]) => other.every((part, at) => part === '*' || parts[at] === part);
    const isWider = (other: string[]) => parts.every((part, at) => part === '*' || other[at] === part);
    if (seen.some(other => other[0] === '*')) return `locality ${place} overlap with previous specified ones`;
    if (parts.includes('')) return `locality ${place} must not contain empty region/zone/subzone info`;
    if (seen.some(other => overlaps(other) || (parts[0] !== '*' && isWider(other)))) {
      return `locality ${place} overlap with previous specified ones`;
    }
    seen.push(parts);
  }
  return undefined;
}

function warmupFaults(warmup: JsonObject): Faults {
  const given = (value: Json | undefined) => (typeof value === 'number' ? value : undefined);
  const aggression = given(warmup.aggression);
  return [
    warmup.duration === undefined ? 'duration is required' : durationFault(warmup.duration),
    (given(warmup.minimumPercent) ?? 0) > 100 ? 'minimumPercent value should be less than or equal to 100' : undefined,
    aggression !== undefined && aggression <= 0 ? 'aggression should be greater than 0' : undefined,
  ];
}
