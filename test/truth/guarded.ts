/** What the proxy in front of a guarded pod, and the way to it, make of a request: passed on, refused, or broken off. */
import { accessTo } from '../../src/istio/route/access.ts';
import type { Forward, Target } from '../../src/istio/route/decision.ts';
import { effectiveRule } from '../../src/istio/route/destination-rule.ts';
import { clientTls, serverTls } from '../../src/istio/route/mutual-tls.ts';
import type { MeshRequest } from '../../src/istio/route/request.ts';
import type { World } from '../../src/istio/world.ts';
import type { Outcome } from './outcome.ts';
import { GUARD } from './surroundings.ts';
import { type Break, triesAgain } from './tries.ts';

export interface Knock {
  port: number;
  host: string;
  path: string;
  /** As they are sent on. */
  headers: Record<string, string>;
}

/** undefined: the pod gets the request. */
export function refused(
  world: World,
  { from, method }: MeshRequest,
  target: Target,
  knock: Knock,
  retries: Forward['retries'],
): Pick<Outcome, 'status' | 'flags' | 'body'> | undefined {
  const pod = world.get('Pod', target.namespace, target.endpoints[0] ?? '');
  if (pod?.metadata.labels?.app !== GUARD) return undefined;
  const server = serverTls(world, pod, knock.port);
  const policy = effectiveRule(world, target.host, from, target.namespace)?.trafficPolicy;
  const mutual = clientTls(policy, server);
  const flags = (flag: string, failure: Break) => (triesAgain(retries, failure) ? `${flag},URX` : flag);
  if (!mutual && server === 'STRICT') return { status: 503, flags: flags('UC', 'reset') };
  if (mutual && server === 'DISABLE') return { status: 503, flags: flags('UF', 'connect-failure') };
  const source = { namespace: from.namespace, serviceAccount: 'default' };
  const access = accessTo(world, pod, { ...knock, method, ...(mutual ? { source } : {}) });
  return access.allowed ? undefined : { status: 403, flags: '-', body: 'RBAC: access denied' };
}
