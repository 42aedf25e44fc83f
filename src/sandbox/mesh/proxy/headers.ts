/** Header operations of a route, in Envoy's order. */
import type { HeaderOps } from '../../../istio/route/decision.ts';
import type { Headers } from './messages.ts';

export function changed(headers: Headers, ...operations: HeaderOps[]): Headers {
  const next = { ...headers };
  for (const { set, add, remove } of operations) {
    for (const name of remove) delete next[name.toLowerCase()];
    for (const [name, value] of Object.entries(set)) next[name.toLowerCase()] = value;
    for (const [name, value] of Object.entries(add)) {
      const key = name.toLowerCase();
      next[key] = next[key] === undefined ? value : `${next[key]},${value}`;
    }
  }
  return next;
}
