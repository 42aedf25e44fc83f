/** labelSelector and fieldSelector of lists and watches. */
import type { Json, KubeObject } from '../../object.ts';
import type { Resource } from './resources.ts';
import { isObject } from './schema.ts';
import { badRequest } from './status-errors.ts';

export type Filter = (object: KubeObject) => boolean;

const KEY = String.raw`[A-Za-z0-9]([\w./-]*[A-Za-z0-9])?`;
const EQUALITY = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*([\\w.-]*)$`);
const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EXISTS = new RegExp(`^(!?)\\s*(${KEY})$`);

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors. 400 for what is none. */
export function labelFilter(selector: string): Filter | undefined {
  if (selector.trim() === '') return undefined;
  const tests = selector.split(/,(?![^(]*\))/).map(part => requirement(part.trim(), selector));
  return object => tests.every(test => test(object.metadata.labels ?? {}));
}

function requirement(part: string, selector: string): (labels: Record<string, string>) => boolean {
  const equality = EQUALITY.exec(part);
  if (equality) {
    const [, key = '', , operator, value = ''] = equality;
    return operator === '!=' ? labels => labels[key] !== value : labels => labels[key] === value;
  }
  const set = SET.exec(part);
  if (set) {
    const [, key = '', , operator, list = ''] = set;
    const values = list.split(',').map(value => value.trim());
    if (operator === 'in') return labels => labels[key] !== undefined && values.includes(labels[key]);
    return labels => labels[key] === undefined || !values.includes(labels[key]);
  }
  const exists = EXISTS.exec(part);
  if (!exists)
    throw badRequest(`unable to parse requirement: ${misread(part) ?? `invalid label selector '${selector}'`}`);
  const [, not, key = ''] = exists;
  return labels => (labels[key] !== undefined) === (not === '');
}

/** A key, and behind it something that is no operator. */
function misread(part: string): string | undefined {
  const found = new RegExp(`^${KEY}\\s+(\\S+)`).exec(part)?.[2];
  return found && `found '${found}', expected: in, notin, =, ==, !=, gt, lt`;
}

/** Fields beside metadata that kube-apiserver can select by. */
const FIELDS: Record<string, string[]> = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
  ],
  Event: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  Namespace: ['status.phase'],
  Node: ['spec.unschedulable'],
  Secret: ['type'],
  Service: ['spec.clusterIP', 'spec.type'],
};

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/. 400 for a field not supported. */
export function fieldFilter(selector: string, resource: Resource): Filter | undefined {
  if (selector.trim() === '') return undefined;
  const allowed = ['metadata.name', 'metadata.namespace', ...(resource.custom ? [] : (FIELDS[resource.kind] ?? []))];
  const tests = selector.split(',').map(part => {
    const [, field = '', operator, value = ''] = /^\s*([^=!\s]+)\s*(==|=|!=)\s*(.*?)\s*$/.exec(part) ?? [];
    if (!operator) throw badRequest(`invalid field selector ${JSON.stringify(selector)}; can't understand '${part}'`);
    if (!allowed.includes(field)) throw badRequest(unknownField(field, resource));
    return (object: KubeObject) => (valueAt(object, field) === value) === (operator !== '!=');
  });
  return object => tests.every(test => test(object));
}

function unknownField(field: string, { custom, kind }: Resource): string {
  if (custom || FIELDS[kind]) return `field label not supported: ${field}`;
  return `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

function valueAt(object: KubeObject, field: string): string {
  let found: Json | undefined = object as unknown as Json;
  for (const step of field.split('.')) found = isObject(found) ? found[step] : undefined;
  return found === undefined || found === null ? '' : String(found);
}

export function both(a: Filter | undefined, b: Filter | undefined): Filter | undefined {
  if (!a || !b) return a ?? b;
  return object => a(object) && b(object);
}
