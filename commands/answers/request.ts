/** What `curl` and `trace` send: the address that was meant, and the headers that may not be chosen. */
import type { PlanningContext } from '../../src/command.ts';
import { derivedProbe } from '../../src/istio/edit/plan/probe.ts';
import { hostMeant } from '../../src/istio/edit/service/service.ts';
import { serviceAt } from '../../src/istio/edit/service/versions.ts';
import type { ProbeSource } from '../../src/ports.ts';

/** Headers that speak to the hop and not to the service, or that no secret should pass through a chat for. */
const REFUSED: [RegExp, string][] = [
  [/^host$/i, 'The Host header is set with --host.'],
  [/^(authorization|proxy-authorization|cookie)$/i, 'Credentials do not go through the chat: leave that header out.'],
  [
    /^(connection|keep-alive|te|trailer|transfer-encoding|content-length|upgrade|expect|proxy-.*|:.*)$/i,
    'That header belongs to the connection, not to the request: leave it out.',
  ],
];

/** Why a header must not be sent; undefined: it may. */
export function refusedHeader(name: string): string | undefined {
  return REFUSED.find(([pattern]) => pattern.test(name))?.[1];
}

/**
 * From outside a service is meant by the host that its gateway knows; from a pod by its own name and port. Other hosts
 * stay as they are. undefined: `host` is no host name.
 */
export function serviceUrl(
  typed: string,
  host: string | undefined,
  from: ProbeSource,
  { world, namespace }: PlanningContext,
): string | undefined {
  const url = new URL(typed);
  if (host !== undefined && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(host)) return undefined;
  if (host !== undefined && from.kind === 'gateway') {
    url.host = host;
    return url.href;
  }
  const fqdn = hostMeant(url.hostname, namespace);
  const service = serviceAt(world, fqdn);
  if (!service) return url.href;
  if (from.kind === 'gateway') {
    const known = derivedProbe(world, fqdn);
    if (known) url.host = new URL(known.url).host;
    return url.href;
  }
  const ports = service.object.spec?.ports;
  const first = Array.isArray(ports) ? (ports[0] as { port?: unknown } | undefined)?.port : undefined;
  if (url.port === '' && typeof first === 'number') url.port = `${first}`;
  return url.href;
}
