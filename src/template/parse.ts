/** Reads one template file: YAML whose leaves may hold `${parameters}`, checked whole before anything is filled. */
import {
  EVENT_ALIAS,
  EVENT_MAPPING,
  EVENT_POP,
  EVENT_SCALAR,
  getScalarValue,
  load,
  parseEvents,
  YAMLException,
} from 'js-yaml';
import type { Json, JsonObject } from '../object.ts';
import type { Flaw } from './error.ts';

export interface Template {
  file: string;
  object: JsonObject;
  /** Names of all its parameters. */
  parameters: Set<string>;
}

const PARAMETER = /\$\{([a-z][A-Za-z0-9]*)\}/g;
/** Keys that would reach into JavaScript's own objects. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

export function parseTemplate(file: string, text: string): Template | Flaw[] {
  let object: unknown;
  try {
    object = load(text, { filename: file });
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause;
    const line = cause.mark ? cause.mark.line + 1 : 0;
    const isParameter = text.split('\n')[line - 1]?.includes('${') === true;
    const hint = isParameter ? '; inside { } and [ ] a parameter stands in quotes' : '';
    return [{ file, line, message: `this is not YAML: ${cause.reason}${hint}` }];
  }
  const flaws = [...scalarFlaws(file, text), ...shapeFlaws(file, object)];
  if (flaws.length > 0) return flaws;
  const read = object as JsonObject;
  return { file, object: read, parameters: new Set(parametersIn(read)) };
}

/** Fills every leaf; what is put in stays data, whatever it looks like. undefined parameters are the caller's error. */
export function fillLeaves(value: Json, parameters: Readonly<Record<string, Json>>): Json {
  if (typeof value === 'string') return fillText(value, parameters);
  if (Array.isArray(value)) return value.map(item => fillLeaves(item, parameters));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillLeaves(item, parameters)]));
}

function fillText(text: string, parameters: Readonly<Record<string, Json>>): Json {
  const whole = /^\$\{([a-z][A-Za-z0-9]*)\}$/.exec(text);
  if (whole) return structuredClone(parameters[whole[1]!]!);
  return text.replaceAll(PARAMETER, (_, name: string) => asText(parameters[name]!));
}

function asText(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Everything that shows in a single scalar: malformed parameters, parameters in keys, forbidden keys. */
function scalarFlaws(file: string, text: string): Flaw[] {
  const flaws: Flaw[] = [];
  // For each open collection whether the next scalar in it is a key; undefined in sequences.
  const open: (boolean | undefined)[] = [];
  const turn = () => {
    const last = open.length - 1;
    if (open[last] !== undefined) open[last] = !open[last];
  };
  for (const event of parseEvents(text, { filename: file })) {
    if (event.type === EVENT_SCALAR) {
      const line = text.slice(0, event.valueStart).split('\n').length;
      const found = flawsOfScalar(getScalarValue(text, event), open.at(-1) === true);
      flaws.push(...found.map(message => ({ file, line, message })));
      turn();
    } else if (event.type === EVENT_ALIAS) {
      turn();
    } else if (event.type === EVENT_POP) {
      open.pop();
      turn();
    } else {
      open.push(event.type === EVENT_MAPPING ? true : undefined);
    }
  }
  return flaws;
}

/** Names of the parameters in all leaves. */
function parametersIn(value: Json): string[] {
  if (typeof value === 'string') return [...value.matchAll(PARAMETER)].map(match => match[1]!);
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(parametersIn);
}

function flawsOfScalar(value: string, isKey: boolean): string[] {
  if (isKey && FORBIDDEN.has(value)) return [`the key ${value} is not allowed`];
  if (isKey && value.includes('${')) return [`a parameter cannot be a key: ${value}`];
  const broken = value.replaceAll(PARAMETER, '').includes('${');
  return broken ? [`${value} is not a parameter; write \${name}, a small letter first, then letters and digits`] : [];
}

function shapeFlaws(file: string, value: unknown): Flaw[] {
  const at = (message: string): Flaw => ({ file, line: 1, message });
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [at('a template is one object, with apiVersion, kind and metadata')];
  const object = value as { [key: string]: unknown };
  const metadata = (object.metadata ?? {}) as { [key: string]: unknown };
  return [
    ...['apiVersion', 'kind'].filter(key => typeof object[key] !== 'string').map(key => at(`${key} is missing`)),
    ...(typeof metadata.name === 'string' ? [] : [at('metadata.name is missing')]),
  ];
}
