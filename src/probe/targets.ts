/**
 * Where a probe may go. Known Services of the mesh and hosts that gateways expose, and nothing else; and of those not
 * the mesh's own machinery. Pure: judged from the text that a person typed, before anything is sent.
 */
import type { World } from '../istio/world.ts';
import type { KubeObject } from '../object.ts';
import { ProbeError, type ProbeSource } from '../ports.ts';
import { refusedAddress } from './addresses.ts';
import { findService, isExposed, portsOf } from './services.ts';

/** Ports on which a machine that runs the mesh or the cluster answers, whoever's Service leads there. */
const MACHINERY: Record<number, string> = {
  15000: 'Envoy’s admin port',
  15001: 'Envoy’s own port',
  15004: 'Envoy’s debug port',
  15006: 'Envoy’s own port',
  15008: 'the mesh’s tunnel',
  15010: 'istiod',
  15012: 'istiod',
  15014: 'istiod’s debug port',
  15017: 'istiod’s webhook',
  15020: 'the sidecar agent’s port',
  15021: 'the gateway’s health port',
  15053: 'the sidecar’s DNS',
  15090: 'Envoy’s statistics',
  2379: 'etcd',
  2380: 'etcd',
  6443: 'the API server',
  10250: 'the kubelet',
  10255: 'the kubelet',
};

const LONGEST = 2_048;

/** Throws ProbeError, one sentence, where this URL must not be asked from there. */
export function judge(world: World, url: URL, from: ProbeSource): void {
  refuseAddress(url);
  if (url.protocol === 'https:' && from.kind === 'pod') {
    throw new ProbeError('Only http:// is asked from pods, not https://; within the mesh the sidecars encrypt.');
  }
  const port = portOf(url);
  if (MACHINERY[port]) throw new ProbeError(`Port ${port} is ${MACHINERY[port]} and is not asked.`);
  const service = findService(world, url.hostname, from.kind === 'pod' ? from.namespace : '');
  if (service) {
    refuseMachinery(service, url);
    return;
  }
  if (from.kind === 'gateway' ? isExposed(world, url.hostname) : isEntry(world, url.hostname)) return;
  throw new ProbeError(
    from.kind === 'gateway'
      ? `'${url.hostname}' is neither a service of the mesh nor a host that a gateway exposes, so it is not asked.`
      : `'${url.hostname}' is neither a service nor a ServiceEntry of the mesh, so no pod asks it; try --from gateway.`,
  );
}

/** Throws ProbeError for anything but `http://host[:port]/path`, or https. A text without a scheme is taken for http. */
export function parse(text: string): URL {
  const typed = text.trim();
  if (typed.length > LONGEST) throw new ProbeError(`An address may have ${LONGEST} characters at most.`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u0020\u007f\\]/.test(typed))
    throw new ProbeError('An address has no spaces, control characters or \\.');
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(typed)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    throw new ProbeError(`Only http:// is asked, not ${scheme}://, and https:// of gateways.`);
  }
  let url: URL;
  try {
    url = new URL(scheme ? typed : `http://${typed}`);
  } catch {
    throw new ProbeError(`'${typed}' is no address; write service/path or http://host/path.`);
  }
  if (url.username || url.password || /^[^/?#]*@/.test(typed.replace(/^https?:\/\//i, ''))) {
    throw new ProbeError('An address with a user or password in it is not asked.');
  }
  url.hash = '';
  url.hostname = url.hostname.replace(/\.$/, '');
  return url;
}

/** The one in the URL, or its scheme's. */
export function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

/** `host:port`, the same for all ways to write this machine's name. */
export function authority(url: URL): string {
  return `${url.hostname === 'localhost' ? '127.0.0.1' : url.hostname}:${portOf(url)}`;
}

/** The URL parser has already turned decimal, octal and hexadecimal notations into dotted ones. */
function refuseAddress(url: URL): void {
  const host = url.hostname;
  if (/^[\d.]+$/.test(host) || host.startsWith('[')) {
    const why = refusedAddress(host);
    throw new ProbeError(why ? `${host} is not asked: ${why}.` : `Name the service or host instead of ${host}.`);
  }
  if (host === 'localhost' || host.endsWith('.localhost')) {
    throw new ProbeError(`${host} is not asked: it is meshbot’s own machine.`);
  }
}

function refuseMachinery(service: KubeObject, url: URL): void {
  const { name, namespace } = service.metadata;
  const known = portsOf(service);
  const port = portOf(url);
  const entry = known.find(candidate => candidate.port === port);
  const machinery =
    MACHINERY[port] ?? (typeof entry?.targetPort === 'number' ? MACHINERY[entry.targetPort] : undefined);
  if (machinery) throw new ProbeError(`Port ${port} of ${name} is ${machinery} and is not asked.`);
  if (name === 'kubernetes' && namespace === 'default') throw new ProbeError('The API server is not asked.');
  if (namespace === 'kube-system') throw new ProbeError(`${name} is part of the cluster itself and is not asked.`);
  if (/^istiod(-|$)/.test(name)) throw new ProbeError(`${name} is the mesh’s control plane and is not asked.`);
  if (service.spec?.type === 'ExternalName') refuseOutside(service);
  else if (!entry) {
    throw new ProbeError(`${name} has no port ${port}; it has ${known.map(({ port }) => port).join(', ') || 'none'}.`);
  }
}

/** An ExternalName is as good as any address that somebody typed. */
function refuseOutside(service: KubeObject): void {
  const outside = String(service.spec?.externalName ?? '');
  refuseAddress(parse(outside));
  if (!outside.includes('.') || /(^|\.)(internal|local|localhost)\.?$/i.test(outside)) {
    throw new ProbeError(`${service.metadata.name} leads to ${outside}, which is not asked.`);
  }
}

/** A host outside that the mesh's owners entered by its full name. */
function isEntry(world: World, host: string): boolean {
  if (/(^|\.)(internal|local|localhost)$/.test(host)) return false;
  return world
    .forHost('ServiceEntry', host)
    .some(({ spec }) => Array.isArray(spec?.hosts) && spec.hosts.includes(host));
}
