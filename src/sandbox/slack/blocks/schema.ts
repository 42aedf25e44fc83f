/** Small checks that are put together into Slack's rules for Block Kit; each says what is wrong, and where. */
import type { Json, JsonObject } from '../../../object.ts';
import { isObject } from '../json.ts';

/** `at`: JSON pointer. */
export type Report = (at: string, message: string) => void;
export type Check = (value: Json, at: string, report: Report) => void;

/** Characters; at least one unless said otherwise. */
export function string({ min = 1, max }: { min?: number; max?: number } = {}): Check {
  return (value, at, report) => {
    if (typeof value !== 'string') report(at, 'must be a string');
    else if (value.length < min) report(at, `must be more than ${min - 1} characters`);
    else if (max !== undefined && value.length > max) report(at, `must be less than ${max + 1} characters`);
  };
}

export function matching(pattern: RegExp, what: string): Check {
  return (value, at, report) => {
    if (typeof value !== 'string' || !pattern.test(value)) report(at, `must be ${what}`);
  };
}

export const flag: Check = (value, at, report) => {
  if (typeof value !== 'boolean') report(at, 'must be a boolean');
};

export function whole(min: number, max: number): Check {
  return (value, at, report) => {
    if (!Number.isInteger(value)) report(at, 'must be an integer');
    else if ((value as number) < min) report(at, `must be greater than or equal to ${min}`);
    else if ((value as number) > max) report(at, `must be less than or equal to ${max}`);
  };
}

export const number: Check = (value, at, report) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) report(at, 'must be a number');
};

export function oneOf(...allowed: Json[]): Check {
  return (value, at, report) => {
    if (!allowed.includes(value)) report(at, `must be one of: ${allowed.join(', ')}`);
  };
}

export function list(each: Check, { min = 1, max }: { min?: number; max?: number } = {}): Check {
  return (value, at, report) => {
    if (!Array.isArray(value)) {
      report(at, 'must be an array');
      return;
    }
    if (value.length < min) report(at, `no fewer than ${min} items allowed`);
    if (max !== undefined && value.length > max) report(at, `no more than ${max} items allowed`);
    value.forEach((item, index) => {
      each(item, `${at}/${index}`, report);
    });
  };
}

/** An object with these fields and no others. */
export function object(required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  return (value, at, report) => {
    if (!isObject(value)) {
      report(at, 'must provide an object');
      return;
    }
    for (const field of Object.keys(required)) {
      if (value[field] === undefined) report(at, `missing required field: ${field}`);
    }
    for (const [field, item] of Object.entries(value)) {
      const check = Object.hasOwn(required, field) ? required[field] : optional[field];
      if (!check || !(Object.hasOwn(required, field) || Object.hasOwn(optional, field))) {
        report(at, `invalid additional property: ${field}`);
      } else check(item, `${at}/${field}`, report);
    }
  };
}

/** An object whose `type` says which of these it is. */
export function byType(kinds: Record<string, Check>): Check {
  return (value, at, report) => {
    if (!isObject(value)) {
      report(at, 'must provide an object');
      return;
    }
    const type = value.type;
    if (type === undefined) report(at, 'missing required field: type');
    else if (typeof type !== 'string' || !Object.hasOwn(kinds, type)) report(`${at}/type`, `unsupported type: ${type}`);
    else kinds[type]?.(value, at, report);
  };
}

/** This check, and then what cannot be said field by field; the second only where the value is an object. */
export function also(check: Check, more: (value: JsonObject, at: string, report: Report) => void): Check {
  return (value, at, report) => {
    check(value, at, report);
    if (isObject(value)) more(value, at, report);
  };
}

export function pick(kinds: Record<string, Check>, ...names: string[]): Record<string, Check> {
  return Object.fromEntries(names.map(name => [name, kinds[name]!]));
}

/** Objects of type `name`: `type` need not be listed. */
export function typed(name: string, required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  return object({ type: oneOf(name), ...required }, optional);
}
