/** What istiod's webhook refuses of an AuthorizationPolicy, and what it warns of. */
import type { Json, JsonObject } from '../../object.ts';
import type { Faults } from './admission-faults.ts';
import { selectorFaults, warnOfNoLabels } from './admission-fields.ts';
import { strings } from './admission-names.ts';
import {
  addressFaults,
  attributeFault,
  emptyFault,
  pathFault,
  portFaults,
  serviceAccountFault,
  trustDomainFault,
} from './admission-policy-values.ts';
import { isObject, objects } from './schema.ts';

/** Each names the policy. */
export function authorizationPolicyFaults(
  spec: JsonObject,
  warnings: string[],
  namespace: string,
  name: string,
): Faults {
  const faults: Faults = [
    ...targetFaults(spec),
    ...actionFaults(spec),
    ...objects(spec.rules).flatMap((rule, index) => ruleFaults(rule, index)),
  ];
  warnOfNoLabels(spec.selector, warnings);
  for (const rule of objects(spec.rules)) {
    if (spec.action === 'DENY' && deniesAllTcp(rule)) warnings.push(DENIES_TCP);
  }
  const named = (fault: string) => `invalid policy ${name}.${namespace}: ${fault}`;
  return faults.map(fault => (Array.isArray(fault) ? fault.map(named) : fault && named(fault)));
}

const TARGETS = [
  'core/Service',
  'networking.istio.io/ServiceEntry',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
];

function targetFaults({ selector, targetRef, targetRefs }: JsonObject): Faults {
  const references = [...(isObject(targetRef) ? [targetRef] : []), ...objects(targetRefs)];
  const faults: Faults = isObject(selector) ? selectorFaults(selector.matchLabels) : [];
  for (const { group, kind, name, namespace } of references) {
    if (!name) faults.push('targetRef name must be set');
    if (namespace) {
      faults.push('targetRef namespace must not be set; cross namespace referencing is not supported');
    }
    if (TARGETS.includes(`${group || 'core'}/${kind}`)) continue;
    const versioned = TARGETS.map(each => each.replace('/', '/v1/')).join(' ');
    faults.push(`targetRef must be to one of [${versioned}] but was ${group ?? ''}/${kind ?? ''}`);
  }
  return faults;
}

const NEVER = 'without `rules` is meaningless as it will never be triggered';
const ADD_ONE = 'add an empty rule `{}` if you want it be triggered for every request';

function actionFaults(spec: JsonObject): Faults {
  const action = String(spec.action ?? 'ALLOW');
  const rules = objects(spec.rules);
  const none = `${action} action ${NEVER}, ${ADD_ONE}`;
  if (action === 'CUSTOM') {
    if (rules.length === 0) return [none];
    const isNamed = isObject(spec.provider) && Boolean(spec.provider.name);
    return [isNamed ? undefined : '`provider.name` must not be empty', ...rules.flatMap(customFaults)];
  }
  return [
    spec.provider === undefined ? undefined : `\`provider\` must not be with non CUSTOM action, found ${action}`,
    action === 'DENY' && rules.length === 0 ? none : undefined,
  ];
}

/** Who calls is not known yet where somebody else decides. */
const NOT_CUSTOM = ['namespaces', 'serviceAccounts', 'trustDomains', 'principals', 'requestPrincipals'];
const NOT_CUSTOM_KEYS = ['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal'];

function customFaults({ from, when }: JsonObject): Faults {
  const unsupported = (what: string) => `${what} is currently not supported with CUSTOM action`;
  const sources = objects(from).flatMap(({ source }) => (isObject(source) ? [source] : []));
  const keys = objects(when).map(({ key }) => String(key ?? ''));
  return [
    ...sources.flatMap(source =>
      NOT_CUSTOM.flatMap(field => [field, not(field)])
        .filter(field => strings(source[field]).length > 0)
        .map(field => unsupported(`From.${title(field)}`)),
    ),
    ...keys.filter(key => NOT_CUSTOM_KEYS.includes(key) || key.startsWith('request.auth.')).map(unsupported),
  ];
}

const IDENTITIES = ['principals', 'requestPrincipals', 'namespaces', 'serviceAccounts', 'trustDomains'];
const ADDRESSES = ['ipBlocks', 'remoteIpBlocks'];
const OPERATION = ['ports', 'methods', 'paths', 'hosts'];
const SOURCES = [...IDENTITIES, ...ADDRESSES];

function ruleFaults(rule: JsonObject, index: number): Faults {
  const at = `found at rule ${index}`;
  const faults: Faults = [];
  for (const { source } of objects(rule.from)) {
    if (isObject(source)) faults.push(...sourceFaults(source, at));
    else faults.push(`\`from.source\` must not be nil, ${at}`);
  }
  for (const { operation } of objects(rule.to)) {
    if (isObject(operation)) faults.push(...operationFaults(operation, at));
    else faults.push(`\`to.operation\` must not be nil, ${at}`);
  }
  return [...faults, ...objects(rule.when).flatMap(conditionFaults)];
}

function sourceFaults(source: JsonObject, at: string): Faults {
  const both = (field: string) => [field, not(field)];
  const isGiven = (...fields: string[]) => fields.flatMap(both).some(field => strings(source[field]).length > 0);
  const check = (field: string) => {
    const values = strings(source[field]);
    if (/serviceAccounts/i.test(field)) return serviceAccountFault(title(field), values);
    if (/trustDomains/i.test(field)) return trustDomainFault(title(field), values);
    return emptyFault(title(field), values);
  };
  return [
    isGiven('principals', 'namespaces') && isGiven('serviceAccounts')
      ? `cannot set serviceAccounts with namespaces or principals, ${at}`
      : undefined,
    isGiven(...SOURCES) ? undefined : `\`from.source\` must not be empty, ${at}`,
    ...ADDRESSES.flatMap(both).map(field => addressFaults(strings(source[field]))),
    ...SOURCES.map(check),
    ...SOURCES.map(field => check(not(field))),
  ];
}

function operationFaults(operation: JsonObject, at: string): Faults {
  const all = [...OPERATION, ...OPERATION.map(not)];
  const values = (field: string) => strings(operation[field]);
  return [
    all.some(field => values(field).length > 0) ? undefined : `\`to.operation\` must not be empty, ${at}`,
    portFaults(values('ports')),
    portFaults(values('notPorts')),
    ...all.map(field => emptyFault(title(field), values(field))),
    ...['paths', 'notPaths'].map(field => pathFault(title(field), values(field))),
  ];
}

function conditionFaults(condition: JsonObject): Faults {
  const key = String(condition.key ?? '');
  const [values, notValues] = [strings(condition.values), strings(condition.notValues)];
  if (key === '') return ['`key` must not be empty'];
  if (values.length + notValues.length === 0) {
    return [`at least one of \`values\` or \`notValues\` must be set for key ${key}`];
  }
  const faults: [field: string, fault: string | undefined][] = [
    ['value', attributeFault(key, values)],
    ['notValue', attributeFault(key, notValues)],
  ];
  return faults.map(([field, fault]) => fault && `invalid \`${field}\` for \`key\` ${key}: ${fault}`);
}

const DENIES_TCP =
  'configured AuthorizationPolicy will deny all traffic to TCP ports under its scope due to the use of only HTTP attributes in a DENY rule; it is recommended to explicitly specify the port';

/** A proxy cannot tell what HTTP says of a TCP connection, and denies it. */
function deniesAllTcp(rule: JsonObject): boolean {
  const within = (list: Json | undefined, field: string) =>
    objects(list).flatMap(each => (isObject(each[field]) ? [each[field]] : []));
  const [sources, operations] = [within(rule.from, 'source'), within(rule.to, 'operation')];
  const knows = (parts: JsonObject[], fields: string[]) =>
    parts.some(part => fields.some(field => strings(part[field]).length + strings(part[not(field)]).length > 0));
  const bySource = knows(sources, ['principals', 'namespaces', 'serviceAccounts', ...ADDRESSES]);
  if (operations.length > 0) return !knows(operations, ['ports']);
  return sources.length > 0 && !bySource;
}

const title = (field: string) => field[0]!.toUpperCase() + field.slice(1);
const not = (field: string) => `not${title(field)}`;
