/** How often upstream is tried, and what is said in the end. */
import type { Forward } from '../../src/istio/route/decision.ts';

export interface Tried {
  status: number;
  flags: string;
  tries: number;
  /** Whether upstream's own answer is what the client gets. */
  answers: boolean;
  /** The number of tries depends on how quickly they follow one another. */
  open: boolean;
}

/** How upstream fails before it answers: nobody listens or the handshake fails, or the connection breaks off. */
export type Break = 'connect-failure' | 'reset';

/** Whether it is tried again then. */
export function triesAgain({ attempts, retryOn }: Forward['retries'], failure: Break): boolean {
  const policies = retryOn.split(',').map(each => each.trim());
  const heeding = ['5xx', 'gateway-error', 'reset', ...(failure === 'connect-failure' ? [failure] : [])];
  return attempts > 0 && heeding.some(each => policies.includes(each));
}

/** `sent`: the request's headers; an echo heeds x-echo-status and x-echo-delay. */
export function tried(
  { retries, timeout }: Pick<Forward, 'retries' | 'timeout'>,
  sent: Record<string, string>,
  reachable: boolean,
): Tried {
  const policies = retries.retryOn.split(',').map(each => each.trim());
  const { attempts, perTryTimeout } = retries;
  const limit = (retriable: boolean) => (retriable ? attempts + 1 : 1);
  if (!reachable) {
    const again = triesAgain(retries, 'connect-failure');
    return { status: 503, flags: again ? 'UF,URX' : 'UF', tries: limit(again), answers: false, open: false };
  }
  const delay = Number(sent['x-echo-delay'] ?? 0);
  if (perTryTimeout !== undefined && perTryTimeout < delay) {
    const again = triesAgain(retries, 'reset');
    const all = perTryTimeout * limit(again);
    const open = timeout !== undefined && again;
    return {
      status: 504,
      flags: again && !(timeout !== undefined && timeout < all) ? 'URX,UT' : 'UT',
      tries: limit(again),
      answers: false,
      open,
    };
  }
  if (timeout !== undefined && timeout < delay) {
    return { status: 504, flags: 'UT', tries: 1, answers: false, open: false };
  }
  const status = Number(sent['x-echo-status'] ?? 200);
  const again = attempts > 0 && policies.some(policy => meets(policy, status));
  return { status, flags: again ? 'URX' : '-', tries: limit(again), answers: true, open: false };
}

/** https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on */
function meets(policy: string, status: number): boolean {
  if (policy === '5xx') return status >= 500;
  if (policy === 'gateway-error') return status >= 502 && status <= 504;
  if (policy === 'retriable-4xx') return status === 409;
  return policy === String(status);
}
