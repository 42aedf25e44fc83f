/** A service as an edit of its routes sees it: its versions, and how a destination addresses each of them. */
import type { JsonObject, KubeObject } from '../../../object.ts';
import { fullHost, serviceOf, shortHost } from '../../hosts.ts';

export { hostMeant } from '../../hosts.ts';

import { number } from '../../route/json.ts';
import type { World } from '../../world.ts';
import { objectOf, stringOf } from '../read.ts';
import {
  podVersions,
  readyPods,
  rulesFor,
  type Subset,
  serviceAt,
  subsetFor,
  type VersionOfPods,
  versionLabel,
} from './versions.ts';

export interface Service {
  fqdn: string;
  name: string;
  namespace: string;
  /** The DestinationRules that its own namespace obeys. */
  rules: KubeObject[];
  subsets: Subset[];
  /** Versions by pods, Ready or not. */
  versions: VersionOfPods[];
  /** Ready pods that carry no version label. */
  unlabelled: number;
}

export function serviceFor(world: World, fqdn: string): Service | undefined {
  const named = serviceOf(fqdn);
  if (!named || !serviceAt(world, fqdn)) return undefined;
  return {
    fqdn,
    ...named,
    ...rulesFor(world, fqdn, named.namespace),
    versions: podVersions(world, fqdn),
    unlabelled: readyPods(world, fqdn).filter(pod => !versionLabel(pod)).length,
  };
}

/** Every version that can be asked for, by name, each once. */
export function knownVersions(service: Service): string[] {
  const labelled = service.versions
    .map(({ version }) => version)
    .filter(version => !subsetFor(service.subsets, version));
  return [...new Set([...service.subsets.map(({ name }) => name), ...labelled])].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
}

/** A subset as it must be for a version to be addressed; `isNew`: no rule has it yet. */
export interface Needed {
  name: string;
  labels: Record<string, string>;
  isNew: boolean;
}

/** The subset by which a version is addressed: the one there is, or the one to be made from its pods' label. */
export function subsetOf(service: Service, version: string): Needed | undefined {
  const there = subsetFor(service.subsets, version);
  if (there) return { name: there.name, labels: there.labels, isNew: false };
  const pods = service.versions.find(found => found.version === version);
  return pods && { name: asLabel(version), labels: { [pods.key]: version }, isNew: true };
}

/** Subset names are DNS labels; version labels may hold dots and capitals. */
function asLabel(version: string): string {
  return version
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
}

/** One weighted destination of a route, read. */
export interface Entry {
  json: JsonObject;
  host: string;
  subset?: string;
  port?: number;
  weight?: number;
}

export function entryOf(json: JsonObject, namespace: string): Entry {
  const destination = objectOf(json.destination);
  const subset = stringOf(destination.subset);
  const port = number(objectOf(destination.port).number);
  const weight = number(json.weight);
  return {
    json,
    host: fullHost(stringOf(destination.host) ?? '', namespace),
    ...(subset !== undefined && { subset }),
    ...(port !== undefined && { port }),
    ...(weight !== undefined && { weight }),
  };
}

/**
 * The version that another host stands for, where each version has a Service of its own: one that selects all that
 * the service selects, and a version; or, where nothing is known of it, one named `<service>-<version>`.
 */
export function versionOfHost(world: World, service: Service, host: string): string | undefined {
  const named = serviceOf(host);
  if (!named || host === service.fqdn || named.namespace !== service.namespace) return undefined;
  const lead = `${service.name}-`;
  const suffix = named.name.startsWith(lead) ? named.name.slice(lead.length) : undefined;
  const other = serviceAt(world, host);
  if (!other) return suffix;
  const base = serviceAt(world, service.fqdn)?.selector ?? {};
  const selectsAsMuch = Object.entries(base).every(([label, value]) => other.selector[label] === value);
  const version = versionLabel({ ...other.object, metadata: { name: '', labels: other.selector } })?.value;
  return selectsAsMuch && Object.keys(base).length > 0 ? (version ?? suffix) : undefined;
}

/** The Service that stands for a version. */
export function hostOfVersion(world: World, service: Service, version: string): string | undefined {
  const hosts = world
    .inNamespace('Service', service.namespace)
    .map(object => fullHost(object.metadata.name, service.namespace));
  const direct = fullHost(`${service.name}-${version}`, service.namespace);
  return [direct, ...hosts].find(
    host => serviceAt(world, host) !== undefined && versionOfHost(world, service, host) === version,
  );
}

/** What a destination is called on cards: `reviews v3`, `reviews-v3`, `legacy.other`. */
export function labelOf(entry: Pick<Entry, 'host' | 'subset'>, reader: string): string {
  const host = shortHost(entry.host, reader);
  return entry.subset === undefined ? host : `${host} ${entry.subset}`;
}
