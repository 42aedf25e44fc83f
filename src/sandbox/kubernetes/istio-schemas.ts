/**
 * Istio's structural schemas. @kubernetes-models/istio ships the CRDs of Istio 1.29 as validators compiled by AJV, so
 * the schema is read back from them: each schema became one function, whose statements keep the schema's own order.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Json } from '../../object.ts';
import type { Schema } from './schema.ts';

/** The schema of `spec` of one kind, `NetworkingIstioIoV1VirtualService` for example. Throws for a name not shipped. */
export function istioSpecSchema(name: string): Schema {
  const entry = fileURLToPath(import.meta.resolve('@kubernetes-models/istio'));
  const source = readFileSync(entry.replace(/index\.js$/, `_schemas/${name}.js`), 'utf8');
  const spec = new Compiled(source).root().properties?.spec;
  if (!spec) throw new Error(`No spec could be read from ${name} of @kubernetes-models/istio.`);
  return spec;
}

/** What a statement of a compiled validator says, in the order in which they can be met. */
const STATEMENT = new RegExp(
  [
    String.raw`void 0!==data(?:\.([\w$]+)|\["([^"]+)"\])&&\(?(validate\d+)\(`,
    String.raw`(validate\d+)\(data\[i\d+\]`,
    String.raw`(validate\d+)\(data\[key\d+\]`,
    String.raw`(validate\d+)\(data,\{`,
    String.raw`keyword:"(\w+)",params:\{((?:[^{}"]|"(?:[^"\\]|\\.)*")*)\}`,
  ].join('|'),
  'g',
);

class Compiled {
  readonly #source: string;
  readonly #bodies = new Map<string, string>();
  readonly #schemas = new Map<string, Schema>();

  constructor(source: string) {
    this.#source = source;
    for (const part of source.split(/(?=function validate\d+\()/)) {
      const name = /^function (validate\d+)\(/.exec(part)?.[1];
      if (name) this.#bodies.set(name, part.slice(part.indexOf('{let vErrors')));
    }
  }

  root(): Schema {
    return this.#schema(/export const validate=(validate\d+)/.exec(this.#source)?.[1] ?? '');
  }

  #schema(name: string): Schema {
    const done = this.#schemas.get(name);
    if (done) return done;
    const schema: Schema = {};
    this.#schemas.set(name, schema);
    let waiting: Schema[] = [];
    for (const match of (this.#bodies.get(name) ?? '').matchAll(STATEMENT)) {
      const [, field, quoted, ofField, ofItem, ofValue, ofSame, keyword, params] = match;
      if (ofField) schema.properties = { ...schema.properties, [field ?? quoted ?? '']: this.#schema(ofField) };
      else if (ofItem) schema.items = this.#schema(ofItem);
      else if (ofValue) schema.additionalProperties = this.#schema(ofValue);
      else if (ofSame) waiting.push(this.#schema(ofSame));
      else if (keyword === 'oneOf' || keyword === 'anyOf') [schema[keyword], waiting] = [waiting, []];
      else if (keyword === 'not') [schema.not, waiting] = [waiting[0] ?? {}, []];
      else if (keyword) this.#keyword(schema, keyword, params ?? '');
    }
    if (waiting.length > 0) schema.allOf = waiting;
    const open = schema.type === 'object' && !schema.properties && !schema.additionalProperties;
    if (open) schema['x-kubernetes-preserve-unknown-fields'] = true;
    return schema;
  }

  #keyword(schema: Schema, keyword: string, params: string): void {
    const limit = Number(/limit:(-?[\w.]+)/.exec(params)?.[1]);
    switch (keyword) {
      case 'type': {
        const types = [...params.matchAll(/"(\w+)"/g)].map(found => found[1]).filter(type => type !== 'null');
        if (types.length > 1) schema['x-kubernetes-int-or-string'] = true;
        else schema.type = types[0] as NonNullable<Schema['type']>;
        return;
      }
      case 'required':
        schema.required = [...(schema.required ?? []), /missingProperty:"([^"]+)"/.exec(params)?.[1] ?? ''];
        return;
      case 'enum': {
        const constant = /allowedValues:([\w$]+)/.exec(params)?.[1];
        const list = new RegExp(`${constant}=(\\[[^\\]]*\\])`).exec(this.#source)?.[1];
        if (list) schema.enum = JSON.parse(list) as Json[];
        return;
      }
      case 'pattern':
        schema.pattern = JSON.parse(/pattern:("(?:[^"\\]|\\.)*")/.exec(params)?.[1] ?? '""') as string;
        return;
      case 'format':
        schema.format = /format:"([^"]+)"/.exec(params)?.[1] ?? '';
        return;
      case 'minimum':
      case 'maximum':
      case 'minLength':
      case 'maxLength':
      case 'minItems':
      case 'maxItems':
      case 'minProperties':
      case 'maxProperties':
        schema[keyword] = limit;
    }
  }
}
