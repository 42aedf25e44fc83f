/** What metadata may hold: its schema, and the rules for names and labels. */
import type { KubeObject } from '../../object.ts';
import type { Schema } from './schema.ts';
import type { Cause } from './status-errors.ts';

const text: Schema = { type: 'string' };
const whole: Schema = { type: 'integer' };
const texts: Schema = { type: 'object', additionalProperties: text };

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
export const objectMetaSchema: Schema = {
  type: 'object',
  properties: {
    name: text,
    generateName: text,
    namespace: text,
    selfLink: text,
    uid: text,
    resourceVersion: text,
    generation: whole,
    creationTimestamp: { type: 'string', nullable: true },
    deletionTimestamp: { type: 'string', nullable: true },
    deletionGracePeriodSeconds: { ...whole, nullable: true },
    labels: { ...texts, nullable: true },
    annotations: { ...texts, nullable: true },
    finalizers: { type: 'array', items: text, nullable: true, 'x-kubernetes-list-type': 'set' },
    ownerReferences: {
      type: 'array',
      nullable: true,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['uid'],
      items: {
        type: 'object',
        required: ['apiVersion', 'kind', 'name', 'uid'],
        properties: {
          apiVersion: text,
          kind: text,
          name: text,
          uid: text,
          controller: { type: 'boolean' },
          blockOwnerDeletion: { type: 'boolean' },
        },
      },
    },
    managedFields: {
      type: 'array',
      nullable: true,
      items: {
        type: 'object',
        properties: {
          manager: text,
          operation: text,
          apiVersion: text,
          time: text,
          fieldsType: text,
          fieldsV1: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          subresource: text,
        },
      },
    },
  },
};

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const LABEL_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** Kinds whose name is one DNS label, and those whose name is only a path segment. */
const SHORT_NAMES = new Set(['Namespace', 'Service']);
const PATH_NAMES = new Set(['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding']);

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export function metadataFaults(object: KubeObject): Cause[] {
  const causes: Cause[] = [];
  const fault = (field: string, value: unknown, message: string) =>
    causes.push({ field, reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${message}` });
  const { name, labels, annotations, finalizers } = object.metadata;
  if (PATH_NAMES.has(object.kind)) {
    if (/[/%]/.test(name) || name === '.' || name === '..') fault('metadata.name', name, "may not contain '/' or '%'");
  } else if (SHORT_NAMES.has(object.kind)) {
    if (!DNS_LABEL.test(name) || name.length > 63) {
      fault(
        'metadata.name',
        name,
        `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      );
    }
  } else if (!SUBDOMAIN.test(name) || name.length > 253) {
    fault(
      'metadata.name',
      name,
      `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    );
  }
  for (const [key, value] of Object.entries(labels ?? {})) {
    checkKey('metadata.labels', key, fault);
    if (value.length > 63) fault('metadata.labels', value, 'must be no more than 63 bytes');
    else if (!LABEL_VALUE.test(value)) {
      fault(
        'metadata.labels',
        value,
        `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
      );
    }
  }
  for (const key of Object.keys(annotations ?? {})) checkKey('metadata.annotations', key, fault);
  const size = Object.entries(annotations ?? {}).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  if (size > 262144) {
    const message = 'Too long: may not be more than 262144 bytes';
    causes.push({ field: 'metadata.annotations', reason: 'FieldValueTooLong', message });
  }
  for (const finalizer of finalizers ?? []) checkKey('metadata.finalizers', finalizer, fault);
  return causes;
}

/** Qualified names: `name` or `example.com/name`. */
function checkKey(field: string, key: string, fault: (field: string, value: unknown, message: string) => void): void {
  const parts = key.split('/');
  const name = parts.at(-1)!;
  if (parts.length > 2 || !LABEL_NAME.test(name) || name.length > 63) {
    fault(
      field,
      key,
      `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    );
  } else if (parts.length === 2 && !SUBDOMAIN.test(parts[0]!.toLowerCase())) {
    fault(field, key, 'prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters');
  }
}
