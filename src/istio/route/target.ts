/** A destination of a VirtualService as the client's proxy has it: cluster, labels, ready endpoints, or why it fails. */
import type { JsonObject } from '../../object.ts';
import { fullHost } from '../hosts.ts';
import type { World } from '../world.ts';
import type { Failure, Target } from './decision.ts';
import type { EffectiveRule } from './destination-rule.ts';
import { effectiveRule } from './destination-rule.ts';
import type { Endpoints } from './endpoints.ts';
import { endpointsOf, isLookedUp } from './endpoints.ts';
import { labels, number, object, text } from './json.ts';
import type { Client } from './request.ts';
import type { MeshService } from './services.ts';
import { findDestination, findService, selectorOf, unaliased } from './services.ts';

/**
 * `port` is the port the request came in for: it is taken where the destination names none. A gateway's proxy then takes
 * the only port of a Service that has but one; a sidecar's knows of that port alone that it listens on.
 */
export function target(world: World, spec: JsonObject, namespace: string, client: Client, port: number): Target {
  const host = fullHost(text(spec.host) ?? '', namespace);
  const subset = text(spec.subset);
  const named = number(object(spec.port)?.number);
  const known = client.kind === 'sidecar' ? findDestination : findService;
  const found = known(world, host, client.namespace);
  if (!found) {
    const why = `${host} is no service that ${client.namespace} knows`;
    return {
      ...blank(host, named ?? port, subset),
      fails: { status: 503, flag: 'NC', why },
    };
  }
  const service = unaliased(world, found, client.namespace);
  const only = client.kind === 'gateway' && service.ports.length === 1 ? service.ports[0]?.number : undefined;
  return serviceTarget(world, service, named ?? only ?? port, subset, client);
}

/** The service's cluster, or that of one subset. */
export function serviceTarget(
  world: World,
  service: MeshService,
  port: number,
  subset: string | undefined,
  client: { namespace: string; labels: Record<string, string> },
): Target {
  const { host, namespace } = service;
  const bare = { ...blank(host, port, subset), namespace };
  const missing = (why: string): Target => ({
    ...bare,
    ...(subset === undefined ? {} : { version: subset }),
    fails: { status: 503, flag: 'NC', why },
  });
  if (!service.ports.some(each => each.number === port)) return missing(`${host} has no port ${port}`);
  const rule = subset === undefined ? undefined : effectiveRule(world, host, client, namespace);
  const wanted = subset === undefined ? {} : rule?.subsets.get(subset);
  if (!wanted) return missing(`${ruleSays(rule)} no subset ${subset} of ${host}`);
  const endpoints = endpointsOf(world, service, wanted);
  if (endpoints.names.length === 0 && isLookedUp(service)) {
    return missing(
      `no endpoint of ${host}${subset ? ` is in subset ${subset}` : ''}, and names are looked up only with one`,
    );
  }
  const version = versionIn(service, subset, wanted, endpoints);
  const fails: Failure | undefined =
    endpoints.known && endpoints.names.length === 0
      ? { status: 503, flag: 'UH', why: `no ready pod of ${host}${subset ? ` is in subset ${subset}` : ''}` }
      : undefined;
  return {
    ...bare,
    labels: wanted,
    endpoints: endpoints.names,
    versions: endpoints.versions,
    ...(version === undefined ? {} : { version }),
    ...(fails ? { fails } : {}),
  };
}

/** What people call it: the subset's version label, the subset, the Service's own version, or the pods' one version. */
function versionIn(
  service: MeshService,
  subset: string | undefined,
  wanted: Record<string, string>,
  endpoints: Endpoints,
): string | undefined {
  if (subset !== undefined) return wanted.version ?? subset;
  const own = labels(selectorOf(service.object)).version;
  if (own !== undefined) return own;
  const versions = Object.keys(endpoints.versions);
  return versions.length === 1 && versions[0] !== '' ? versions[0] : undefined;
}

function ruleSays(rule: EffectiveRule | undefined): string {
  if (!rule) return 'no DestinationRule defines a subset, so there is';
  return `DestinationRule ${rule.rules.map(each => `${each.metadata.namespace}/${each.metadata.name}`).join(', ')} has`;
}

function blank(host: string, port: number, subset: string | undefined): Target {
  return { host, port, namespace: '', labels: {}, endpoints: [], versions: {}, ...(subset ? { subset } : {}) };
}
