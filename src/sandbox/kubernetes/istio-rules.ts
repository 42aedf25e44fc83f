/**
 * What Istio's CRDs demand beyond types: their x-kubernetes-validations (CEL) that matter here, which fields may be
 * null, and lists with keys. Source: kubernetes/customresourcedefinitions.gen.yaml of istio.io/api, 1.29–1.31.
 */
import type { Json, JsonObject, KubeObject } from '../../object.ts';
import { certificateRules, selectorRules, sourceRules, targetRules } from './istio-policy-rules.ts';
import type { Schema } from './schema.ts';
import { child, isObject, objects } from './schema.ts';
import type { Cause, RuleFault } from './status-errors.ts';
import { shown } from './status-errors.ts';

/** `duration(self) >= duration('1ms')`, wherever one of these fields holds a string. A cookie's `ttl` may be 0s. */
const DURATIONS = new Set([
  'timeout',
  'perTryTimeout',
  'backoff',
  'fixedDelay',
  'exponentialDelay',
  'maxAge',
  'interval',
  'time',
  'idleTimeout',
  'connectTimeout',
  'maxConnectionDuration',
  'baseEjectionTime',
  'warmupDurationSecs',
  'duration',
  'reportingInterval',
]);

/** Fields of the protobuf wrapper types: null says the same as absent. */
const NULLABLE = new Set([
  'allowCredentials',
  'mirrorPercent',
  'mirror_percent',
  'retryIgnorePreviousHosts',
  'retryRemoteLocalities',
  'enabled',
  'aggression',
  'minimumPercent',
  'minClusterSize',
  'consecutive5xxErrors',
  'consecutiveGatewayErrors',
  'consecutiveLocalOriginFailures',
  'insecureSkipVerify',
  'percent',
  'disabled',
  'disableSpanReporting',
  'enableIstioTags',
  'randomSamplingPercentage',
  'useRequestIdForTraceSampling',
  'concurrency',
  'priority',
]);

const SCALARS = new Set(['boolean', 'integer', 'number']);

/** Adds to a schema of `kind`, in place, what the compiled validators do not hold. */
export function completeSchema(kind: string, schema: Schema, seen = new Set<Schema>()): Schema {
  if (seen.has(schema)) return schema;
  seen.add(schema);
  for (const [field, inner] of Object.entries(schema.properties ?? {})) {
    const made = completeSchema(kind, inner, seen);
    // Types are shared between fields, so a field that may be null gets its own.
    if (NULLABLE.has(field) && SCALARS.has(inner.type ?? '')) schema.properties![field] = { ...made, nullable: true };
    if (kind === 'ServiceEntry' && field === 'ports' && inner.type === 'array') {
      schema.properties![field] = { ...made, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] };
    }
  }
  if (schema.items) completeSchema(kind, schema.items, seen);
  if (typeof schema.additionalProperties === 'object') completeSchema(kind, schema.additionalProperties, seen);
  return schema;
}

/** Causes of a 422, worded as kube-apiserver words a CEL rule that does not hold. */
export function istioRules(object: KubeObject): Cause[] {
  const causes: Cause[] = [];
  if (!object.spec) return causes;
  durations(object.spec, 'spec', causes);
  const fault: RuleFault = (field, value, message) =>
    causes.push({
      field,
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${isSome(value) ? '' : `${shown(value)}: `}${message}`,
    });
  selectorRules(object.spec, fault);
  SPEC_RULES[object.kind]?.(object.spec, fault);
  return causes;
}

/** kube-apiserver shows a simple value (since 1.35), and nothing of lists and objects. */
const isSome = (value: Json) => value === 'array' || value === 'object';

const isPort = (value: Json | undefined) => typeof value !== 'number' || (value > 0 && value <= 65535);

const SPEC_RULES: Record<string, (spec: JsonObject, fault: RuleFault) => void> = {
  ServiceEntry: (spec, fault) => {
    if (spec.workloadSelector !== undefined && spec.endpoints !== undefined) {
      fault('spec', 'object', 'only one of WorkloadSelector or Endpoints can be set');
    }
    const resolution = spec.resolution ?? 'NONE';
    const addresses = Array.isArray(spec.addresses) ? spec.addresses : [];
    const blocks = addresses.some(address => String(address).includes('/'));
    if (blocks && resolution !== 'NONE' && resolution !== 'STATIC') {
      fault('spec', 'object', 'CIDR addresses are allowed only for NONE/STATIC resolution types');
    }
    if (resolution === 'NONE' && spec.endpoints !== undefined) {
      fault('spec', 'object', 'NONE mode cannot set endpoints');
    }
    if (resolution === 'DNS_ROUND_ROBIN' && objects(spec.endpoints).length > 1) {
      fault('spec', 'object', 'DNS_ROUND_ROBIN mode cannot have multiple endpoints');
    }
    (Array.isArray(spec.hosts) ? spec.hosts : []).forEach((host, index) => {
      if (host === '*') fault(`spec.hosts[${index}]`, host, 'hostname cannot be wildcard');
    });
    const numbers = objects(spec.ports).map(port => port.number);
    if (new Set(numbers).size < numbers.length) fault('spec.ports', 'array', 'port number cannot be duplicated');
    objects(spec.ports).forEach((port, index) => {
      for (const field of ['number', 'targetPort']) {
        if (!isPort(port[field])) fault(`spec.ports[${index}].${field}`, port[field]!, 'port must be between 1-65535');
      }
    });
    for (const [index, endpoint] of objects(spec.endpoints).entries())
      address(endpoint, `spec.endpoints[${index}]`, fault);
  },
  WorkloadEntry: (spec, fault) => address(spec, 'spec', fault),
  Gateway: (spec, fault) => {
    objects(spec.servers).forEach(({ tls }, index) => void certificateRules(tls, `spec.servers[${index}].tls`, fault));
  },
  Sidecar: (spec, fault) => {
    objects(spec.ingress).forEach(({ tls }, index) => void certificateRules(tls, `spec.ingress[${index}].tls`, fault));
  },
  PeerAuthentication: (spec, fault) => {
    if (spec.portLevelMtls === undefined) return;
    const labels = isObject(spec.selector) && isObject(spec.selector.matchLabels) ? spec.selector.matchLabels : {};
    if (Object.keys(labels).length === 0) fault('spec', 'object', 'portLevelMtls requires selector');
    if (!isObject(spec.portLevelMtls)) return;
    const ports = Object.keys(spec.portLevelMtls);
    const rule = 'port must be between 1-65535';
    if (ports.some(port => !/^-?\d+$/.test(port))) {
      // CEL cannot read it at all, which is no fault of the rule.
      const unread = `type conversion error from 'string' to 'int' evaluating rule`;
      fault('spec.portLevelMtls', 'array', `"object": ${unread}: ${rule}`);
    } else if (!ports.every(port => isPort(Number(port)))) fault('spec.portLevelMtls', 'object', rule);
  },
  AuthorizationPolicy: (spec, fault) => {
    targetRules(spec, fault);
    sourceRules(spec, fault);
  },
  RequestAuthentication: targetRules,
  Telemetry: targetRules,
};

const PORT_NAME = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;

function address(entry: JsonObject, path: string, fault: RuleFault): void {
  const { address: at, ports } = entry;
  if (at === undefined && entry.network === undefined) fault(path, 'object', 'Address is required');
  const isSocket = typeof at === 'string' && at.startsWith('unix://');
  if (isSocket && ports !== undefined) fault(path, 'object', 'UDS may not include ports');
  if (isSocket && !/^unix:\/\/[/@]/.test(at)) {
    fault(`${path}.address`, at, 'UDS must be an absolute path or abstract socket');
  }
  if (isSocket && at.endsWith('/')) fault(`${path}.address`, at, 'UDS may not be a dir');
  if (!isObject(ports)) return;
  if (!Object.keys(ports).every(name => name.length < 63 && PORT_NAME.test(name))) {
    fault(`${path}.ports`, 'object', 'port name must be valid');
  }
  for (const [name, port] of Object.entries(ports)) {
    if (!isPort(port)) fault(`${path}.ports[${name}]`, port, 'port must be between 1-65535');
  }
}

function durations(value: Json, path: string, causes: Cause[]): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) durations(item, `${path}[${index}]`, causes);
  }
  if (!isObject(value)) return;
  for (const [field, inner] of Object.entries(value)) {
    const here = child(path, field);
    if (!DURATIONS.has(field) || typeof inner !== 'string') durations(inner, here, causes);
    else if (!(durationMs(inner) >= 1 || isOfTcp(field, path, inner))) {
      const rule = 'must be a valid duration greater than 1ms';
      // CEL cannot read it at all, which is no fault of the rule.
      const unread = `"string": type conversion error from 'string' to 'google.protobuf.Duration' evaluating rule`;
      const message = `Invalid value: ${Number.isNaN(durationMs(inner)) ? unread : shown(inner)}: ${rule}`;
      causes.push({ field: here, reason: 'FieldValueInvalid', message });
    }
  }
}

/** Of TCP's idleTimeout the CRD says nothing. */
function isOfTcp(field: string, path: string, duration: string): boolean {
  return field === 'idleTimeout' && path.endsWith('.tcp') && !Number.isNaN(durationMs(duration));
}

const UNITS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, µs: 1e-3, ns: 1e-6 };

/** Go's time.ParseDuration, in ms; NaN for what is no duration. https://pkg.go.dev/time#ParseDuration */
export function durationMs(text: string): number {
  if (text === '0') return 0;
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))*$/.test(text))
    return Number.NaN;
  let sum = 0;
  for (const [, number, unit] of text.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)) sum += Number(number) * UNITS[unit!]!;
  return text.startsWith('-') ? -sum : sum;
}
