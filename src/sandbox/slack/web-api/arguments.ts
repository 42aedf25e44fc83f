/** The arguments of a call, from a form, JSON, multipart or query, read the way Slack reads them. */
import type { IncomingMessage } from 'node:http';
import type { Json, JsonObject } from '../../../object.ts';
import { invalidArguments, SlackRefusal } from '../errors.ts';
import { isObject, parseJson } from '../json.ts';

export interface Arguments {
  /** Without the token. */
  raw: JsonObject;
  /** undefined where missing or empty. */
  text(name: string): string | undefined;
  /** Throws invalid_arguments. */
  required(name: string): string;
  flag(name: string): boolean;
  /** Throws invalid_limit-like codes as invalid_arguments. */
  whole(name: string, fallback: number, most: number): number;
  /** JSON, which forms carry as a string. Throws `code` where it is none. */
  json(name: string, code: string): Json | undefined;
  /** Comma-separated. */
  list(name: string): string[];
}

export function argumentsOf(raw: JsonObject): Arguments {
  const text = (name: string) => {
    const value = raw[name];
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    raw,
    text,
    required(name) {
      const value = text(name);
      if (value === undefined) throw invalidArguments(`missing required field: ${name}`);
      return value;
    },
    flag: name => ['true', '1'].includes(text(name) ?? ''),
    whole(name, fallback, most) {
      const value = Number(text(name) ?? fallback);
      if (!Number.isInteger(value) || value < 1) throw invalidArguments(`${name} must be a whole number above 0`);
      return Math.min(value, most);
    },
    json(name, code) {
      const value = raw[name];
      if (value === undefined || value === '') return undefined;
      if (typeof value !== 'string') return value;
      const parsed = parseJson(value);
      if (parsed === undefined) throw new SlackRefusal(code);
      return parsed;
    },
    list: name =>
      (text(name) ?? '')
        .split(',')
        .map(item => item.trim())
        .filter(item => item !== ''),
  };
}

const LARGEST = 25 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LARGEST) throw new SlackRefusal('request_too_large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The fields of a multipart body; those with a file name as bytes. */
export async function readForm(body: Buffer, contentType: string): Promise<Map<string, string | Buffer>> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  const fields = new Map<string, string | Buffer>();
  for (const [name, value] of form) {
    fields.set(name, typeof value === 'string' ? value : Buffer.from(await value.arrayBuffer()));
  }
  return fields;
}

/** Throws invalid_json, invalid_form_data, invalid_post_type. The token may be in the header or among the fields. */
export async function readArguments(request: IncomingMessage, query: URLSearchParams): Promise<JsonObject> {
  const raw: JsonObject = Object.fromEntries(query);
  const body = await readBody(request);
  if (body.length === 0) return raw;
  const contentType = request.headers['content-type'] ?? '';
  if (contentType.startsWith('application/json')) {
    const parsed = parseJson(body.toString());
    if (parsed === undefined) throw new SlackRefusal('invalid_json');
    if (!isObject(parsed)) throw new SlackRefusal('json_not_object');
    return { ...raw, ...parsed };
  }
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return { ...raw, ...Object.fromEntries(new URLSearchParams(body.toString())) };
  }
  if (contentType.startsWith('multipart/form-data')) {
    try {
      for (const [name, value] of await readForm(body, contentType)) raw[name] = value.toString();
      return raw;
    } catch {
      throw new SlackRefusal('invalid_form_data');
    }
  }
  throw new SlackRefusal('invalid_post_type');
}
