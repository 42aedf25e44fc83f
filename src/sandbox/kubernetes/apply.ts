/**
 * Server-side apply: lays what one manager wants over the live object, gives back what it no longer wants, and finds
 * conflicts with others. https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
import type { Json, JsonObject, KubeObject } from '../../object.ts';
import type { FieldPath, Manager, Writer } from './managed-fields.ts';
import { dotted, fieldsOf, itemStep, pathOf, readManagers, sameWriter, writeManagers } from './managed-fields.ts';
import type { Schema } from './schema.ts';
import { fieldSchema, isObject } from './schema.ts';
import { ApiError } from './status-errors.ts';

/** The live object as it would be. Throws 409 with FieldManagerConflict causes unless `force`. */
export function applied(
  live: KubeObject,
  wanted: KubeObject,
  schema: Schema | undefined,
  writer: Writer,
  force: boolean,
): KubeObject {
  const managers = readManagers(live);
  const own = managers.find(entry => entry.operation === 'Apply' && sameWriter(entry, writer));
  const others = managers.filter(entry => entry !== own);
  const liveFields = fieldsOf(live, schema);
  const wantedFields = fieldsOf(wanted, schema);

  const conflicts: { entry: Manager; key: string }[] = [];
  for (const entry of others) {
    for (const [key, value] of wantedFields) {
      if (entry.fields.has(key) && liveFields.get(key) !== value) conflicts.push({ entry, key });
    }
  }
  if (conflicts.length > 0 && !force) throw conflictError(conflicts);
  for (const { entry, key } of conflicts) entry.fields.delete(key);

  let result = overlay(live as unknown as Json, wanted as unknown as Json, schema) as JsonObject;
  for (const key of own?.fields ?? []) {
    const kept = wantedFields.has(key) || others.some(entry => entry.fields.has(key));
    if (!kept) result = remove(result, pathOf(key), schema) as JsonObject;
  }

  const fields = new Set(wantedFields.keys());
  const same = own !== undefined && own.fields.size === fields.size && [...fields].every(key => own.fields.has(key));
  const mine: Manager = { ...writer, operation: 'Apply', time: same ? own.time : writer.time, fields };
  const object = { ...result, metadata: { ...(result.metadata as JsonObject) } } as unknown as KubeObject;
  writeManagers(object, own ? managers.map(entry => (entry === own ? mine : entry)) : [mine, ...managers]);
  return object;
}

function overlay(live: Json | undefined, wanted: Json, schema: Schema | undefined): Json {
  if (isObject(wanted) && isObject(live) && schema?.['x-kubernetes-map-type'] !== 'atomic') {
    const result: JsonObject = { ...live };
    for (const [field, value] of Object.entries(wanted)) {
      result[field] = overlay(live[field], value, fieldSchema(schema, field));
    }
    return result;
  }
  const type = schema?.['x-kubernetes-list-type'];
  if (Array.isArray(wanted) && Array.isArray(live) && type === 'set') {
    const has = new Set(live.map(item => JSON.stringify(item)));
    return [...live, ...wanted.filter(item => !has.has(JSON.stringify(item)))];
  }
  if (Array.isArray(wanted) && Array.isArray(live) && type === 'map') {
    const result = [...live];
    for (const item of wanted) {
      const step = itemStep(item, schema!);
      const index = result.findIndex(each => itemStep(each, schema!) === step);
      if (index >= 0) result[index] = overlay(result[index], item, schema!.items);
      else result.push(structuredClone(item));
    }
    return result;
  }
  return structuredClone(wanted);
}

function remove(value: Json, path: FieldPath, schema: Schema | undefined): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (step.startsWith('f:')) {
    const field = step.slice(2);
    if (!isObject(value) || value[field] === undefined) return value;
    if (rest.length === 0) {
      const { [field]: _, ...others } = value;
      return others;
    }
    return { ...value, [field]: remove(value[field], rest, fieldSchema(schema, field)) };
  }
  if (!Array.isArray(value)) return value;
  const is = (item: Json) =>
    (step.startsWith('v:') ? `v:${JSON.stringify(item)}` : itemStep(item, schema ?? {})) === step;
  if (rest.length === 0) return value.filter(item => !is(item));
  return value.map(item => (is(item) ? remove(item, rest, schema?.items) : item));
}

function conflictError(conflicts: { entry: Manager; key: string }[]): ApiError {
  const causes = conflicts.map(({ entry, key }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${named(entry)}`,
    field: dotted(key),
  }));
  const first = conflicts[0]!;
  let message = `Apply failed with 1 conflict: conflict with ${named(first.entry)}: ${dotted(first.key)}`;
  if (conflicts.length > 1) {
    const byManager = Map.groupBy(conflicts, ({ entry }) => named(entry));
    const blocks = [...byManager]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([who, found]) => [`conflicts with ${who}:`, ...found.map(({ key }) => `- ${dotted(key)}`)].join('\n'));
    message = `Apply failed with ${conflicts.length} conflicts: ${blocks.join('\n')}`;
  }
  return new ApiError(409, 'Conflict', message, { causes });
}

function named({ manager, subresource, operation, apiVersion }: Manager): string {
  const who = `"${manager}"${subresource ? ` with subresource "${subresource}"` : ''}`;
  return operation === 'Update' ? `${who} using ${apiVersion}` : who;
}
