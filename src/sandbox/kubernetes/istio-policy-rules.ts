/**
 * What Istio's CRDs demand (CEL) of whom an object is for, and of whom a policy lets in. Source:
 * kubernetes/customresourcedefinitions.gen.yaml of istio.io/api, 1.29–1.31.
 */
import type { Json, JsonObject } from '../../object.ts';
import { isObject, objects } from './schema.ts';
import type { RuleFault } from './status-errors.ts';

/** `selector` or `workloadSelector`, whichever the kind has: some have `matchLabels`, others `labels`. */
export function selectorRules(spec: JsonObject, fault: RuleFault): void {
  for (const field of ['selector', 'workloadSelector']) {
    const selector = spec[field];
    if (!isObject(selector)) continue;
    const { labels, matchLabels } = selector;
    if (isObject(labels)) noWildcard(labels, `spec.${field}.labels`, 'wildcard is not supported in selector', fault);
    if (!isObject(matchLabels)) continue;
    const at = `spec.${field}.matchLabels`;
    const keys = Object.keys(matchLabels);
    if (keys.some(key => key.includes('*'))) fault(at, 'object', 'wildcard not allowed in label key match');
    if (keys.includes('')) fault(at, 'object', 'key must not be empty');
    noWildcard(matchLabels, at, 'wildcard not allowed in label value match', fault);
  }
}

function noWildcard(labels: JsonObject, at: string, message: string, fault: RuleFault): void {
  for (const [key, value] of Object.entries(labels)) {
    if (typeof value === 'string' && value.includes('*')) fault(`${at}[${key}]`, value, message);
  }
}

/** A policy is for pods or for what it refers to. */
export function targetRules(spec: JsonObject, fault: RuleFault): void {
  const set = ['selector', 'targetRef', 'targetRefs'].filter(field => spec[field] !== undefined);
  if (set.length > 1) fault('spec', 'object', 'only one of targetRefs or selector can be set');
  const references: [string, Json | undefined][] = [
    ['spec.targetRef', spec.targetRef],
    ...objects(spec.targetRefs).map((each, index): [string, Json] => [`spec.targetRefs[${index}]`, each]),
  ];
  for (const [at, reference] of references) {
    if (!isObject(reference) || !reference.namespace) continue;
    fault(`${at}.namespace`, reference.namespace, 'cross namespace referencing is not currently supported');
  }
}

/** Of an AuthorizationPolicy: a service account says already which principal and namespace. */
export function sourceRules(spec: JsonObject, fault: RuleFault): void {
  const has = (source: JsonObject, ...fields: string[]) => fields.some(field => source[field] !== undefined);
  for (const [index, rule] of objects(spec.rules).entries()) {
    for (const [place, { source }] of objects(rule.from).entries()) {
      if (!isObject(source) || !has(source, 'serviceAccounts', 'notServiceAccounts')) continue;
      if (!has(source, 'principals', 'notPrincipals', 'namespaces', 'notNamespaces')) continue;
      const at = `spec.rules[${index}].from[${place}].source`;
      fault(at, 'object', 'Cannot set serviceAccounts with namespaces or principals');
    }
  }
}

/** Of a server's TLS. The last asks the same as the first, as it does in the CRD. */
export function certificateRules(tls: Json | undefined, at: string, fault: RuleFault): void {
  if (!isObject(tls)) return;
  const both = (one: string, other: string) => tls[one] !== undefined && tls[other] !== undefined;
  const several = both('tlsCertificates', 'credentialNames');
  if (several) fault(at, 'object', 'only one of credentialNames or tlsCertificates can be set');
  if (both('credentialName', 'credentialNames')) {
    fault(at, 'object', 'only one of credentialName or credentialNames can be set');
  }
  if (several) fault(at, 'object', 'only one of credentialName or tlsCertificates can be set');
}
