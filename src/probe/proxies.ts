/**
 * The Proxies port: the routes that each Envoy holds, by its own admin interface. That listens on loopback only, so it is
 * asked over a forwarded port; where that is not to be had, from inside the pod, with the one program that every proxy's
 * image has, which costs its node ten times as much.
 * https://www.envoyproxy.io/docs/envoy/latest/operations/admin#get--config_dump
 */
import { z } from 'zod';
import type { World } from '../istio/world.ts';
import { isReady } from '../istio/world.ts';
import type { KubeClient } from '../kubernetes/client.ts';
import { exec } from '../kubernetes/exec.ts';
import { askForwarded, NoAnswer, NotForwarded } from '../kubernetes/forward.ts';
import type { JsonObject, KubeObject } from '../object.ts';
import { type Clock, ClusterError, type MeshProxy, ProbeError, type Proxies } from '../ports.ts';
import { Forwarding } from './forwarding.ts';

const PAGE = 'config_dump?resource=dynamic_route_configs';
/** ms for one proxy. */
const DEADLINE = 5_000;
/** ms after that until the program in the pod must have ended. */
const LINGER = 60_000;
/** Bytes: some thousand VirtualServices. */
const MOST = 16 * 2 ** 20;

const PROXY = 'istio-proxy';
/** Of Envoy's admin interface, as `pilot-agent request` knows it. */
const ADMIN = 15_000;

const dump = z.object({
  configs: z.array(z.object({ route_config: z.record(z.string(), z.unknown()).optional() })).default([]),
});

export function proxiesOf({ client, clock, world }: { client: KubeClient; clock: Clock; world: World }): Proxies {
  const forwarding = new Forwarding(clock);

  /** undefined: it cannot be asked so. */
  async function forwarded(namespace: string, pod: string, page: string): Promise<Buffer | undefined> {
    if (forwarding.isOff(namespace)) return undefined;
    const asked = { namespace, pod, port: ADMIN, path: `/${page}`, deadline: DEADLINE, most: MOST };
    try {
      const told = await askForwarded(client, clock, asked);
      forwarding.worked(namespace);
      return told;
    } catch (cause) {
      if (!(cause instanceof ClusterError)) throw cause;
      if (cause instanceof NoAnswer) {
        forwarding.worked(namespace);
        throw new ProbeError(notTold(pod, cause.message), { cause });
      }
      if (cause instanceof NotForwarded) {
        forwarding.failed(namespace, pod);
        // A node that is silent is silent to a program too, and whoever waits has waited long enough.
        if (cause.late) throw new ProbeError(notTold(pod, cause.message), { cause });
      }
      // Of a pod that is gone, or an API server that is busy, nothing is to be had by what costs more.
      if (cause.kind === 'not-found' || cause.kind === 'busy') throw new ProbeError(cause.message, { cause });
      if (cause.kind === 'forbidden' || cause.kind === 'invalid') forwarding.refused(namespace);
      return undefined;
    }
  }

  async function fromInside(namespace: string, pod: string, page: string): Promise<Buffer> {
    const command = ['pilot-agent', 'request', 'GET', page];
    const ran = await exec(client, clock, {
      ...{ namespace, pod, container: PROXY, command, deadline: DEADLINE, most: MOST, linger: LINGER },
    }).catch((cause: unknown) => {
      if (!(cause instanceof ClusterError)) throw cause;
      const isRefused = cause.kind === 'forbidden';
      // Of the neighbours it says something only where they cannot be asked the other way either.
      const forbidden = isRefused && forwarding.isRefused(namespace);
      if (isRefused && !forbidden) forwarding.on(namespace);
      throw new ProbeError(cause.message, { cause, forbidden });
    });
    if (ran.exitCode === 0) return ran.stdout;
    throw new ProbeError(notTold(pod, (ran.refused ?? ran.stderr.trim().slice(0, 200)) || `it ended by ${ran.ended}`));
  }

  return {
    list: () => world.all('Pod').filter(isReady).flatMap(proxyIn),
    async routes({ namespace, pod }, port) {
      // Envoy takes an expression for the whole name: `9080`, `reviews.default.svc.cluster.local:9080`.
      const page = port === undefined ? PAGE : `${PAGE}&name_regex=.*${port}`;
      const told = (await forwarded(namespace, pod, page)) ?? (await fromInside(namespace, pod, page));
      return routesIn(pod, told.toString());
    },
  };
}

function notTold(pod: string, why: string): string {
  return `The proxy of ${pod} does not tell its routes: ${why}`;
}

function routesIn(pod: string, text: string): JsonObject[] {
  try {
    const { configs } = dump.parse(JSON.parse(text));
    return configs.flatMap(each => (each.route_config ? [each.route_config as JsonObject] : []));
  } catch (cause) {
    throw new ProbeError(`What the proxy of ${pod} tells of its routes is not understood`, { cause });
  }
}

/** A gateway has no other container; a sidecar may stand among the init containers. */
function proxyIn({ metadata, spec }: KubeObject): MeshProxy[] {
  const names = (list: unknown) => (Array.isArray(list) ? list.map(each => (each as JsonObject).name) : []);
  const containers = names(spec?.containers);
  if (![...containers, ...names(spec?.initContainers)].includes(PROXY)) return [];
  const { namespace = '', name, labels = {} } = metadata;
  return [{ namespace, pod: name, labels, gateway: containers.length === 1 && containers[0] === PROXY }];
}
