/**
 * How a Gateway is switched off: its selector asks for one label more, which no pod carries. All that it had stays where
 * it was, its age too, by which Istio settles which of two Gateways wins; taking the label away is switching it on.
 * https://istio.io/latest/docs/reference/config/networking/gateway/#Gateway
 */
import type { JsonObject, KubeObject } from '../../../object.ts';
import { labelsOf, objectOf } from '../read.ts';

/** The label that no pod carries. */
export const SWITCHED_OFF = 'meshbot.dev/switched-off';

/** What the label says where the Gateway had no selector at all, so that it can go without one again. */
const WITHOUT = 'no-selector';

export function isSwitchedOff(gateway: KubeObject): boolean {
  return Object.hasOwn(objectOf(gateway.spec?.selector), SWITCHED_OFF);
}

/** The labels of its pods, whether it is on or off. Empty: it is for the pods of every gateway. */
export function podLabels(gateway: KubeObject): Record<string, string> {
  const { [SWITCHED_OFF]: _, ...own } = labelsOf(gateway.spec?.selector);
  return own;
}

/** Its spec once it is off. */
export function switchedOff({ spec = {} }: KubeObject): JsonObject {
  const says = spec.selector === undefined ? WITHOUT : 'true';
  return { ...spec, selector: { ...objectOf(spec.selector), [SWITCHED_OFF]: says } };
}

/** Its spec once it is on: exactly what it was before, and what others changed meanwhile stays as they made it. */
export function switchedOn({ spec = {} }: KubeObject): JsonObject {
  const { [SWITCHED_OFF]: said, ...own } = objectOf(spec.selector);
  if (said !== WITHOUT || Object.keys(own).length > 0) return { ...spec, selector: own };
  const { selector: _, ...rest } = spec;
  return rest;
}
