/** Printer columns of a CRD: JSONPath as additionalPrinterColumns use it, and how ages are written. */
import type { Json } from '../../object.ts';
import type { Column, Printer } from './resources.ts';
import { isObject } from './schema.ts';

interface CrdColumn {
  name: string;
  type: string;
  jsonPath: string;
  description?: string;
  priority?: number;
  format?: string;
}

/** https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#additional-printer-columns */
export function jsonPathPrinter(columns: CrdColumn[] | undefined): Printer {
  const shown = columns ?? [{ name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: AGE }];
  const paths = shown.map(column => parse(column.jsonPath));
  return {
    columns: [
      { name: 'Name', type: 'string', format: 'name', description: NAME, priority: 0 },
      ...shown.map(
        (column): Column => ({
          name: column.name,
          type: column.type,
          format: column.format ?? '',
          description:
            column.description ?? `Custom resource definition column (in JSONPath format): ${column.jsonPath}`,
          priority: column.priority ?? 0,
        }),
      ),
    ],
    cells: (object, now) => [
      object.metadata.name,
      ...shown.map((column, index) => cell(find(object as unknown as Json, paths[index]!), column.type, now)),
    ],
  };
}

const NAME = 'Name must be unique within a namespace.';
const AGE = 'CreationTimestamp is a timestamp representing the server time when this object was created.';

type Step = { field: string } | { index: number } | { all: true } | { where: string; equals: string };

const STEP = /\.([\w-]+(?:\\\.[\w-]+)*)|\['([^']+)'\]|\[(\d+)\]|\[(\*)\]|\[\?\(@\.(\w+)\s*==\s*["']([^"']*)["']\)\]/g;

function parse(path: string): Step[] {
  return [...path.matchAll(STEP)].map(([, field, quoted, index, all, where, equals]): Step => {
    if (index !== undefined) return { index: Number(index) };
    if (all) return { all: true };
    if (where !== undefined) return { where, equals: equals ?? '' };
    return { field: (field ?? quoted ?? '').replaceAll('\\.', '.') };
  });
}

function find(value: Json | undefined, steps: Step[]): Json[] {
  let found: Json[] = value === undefined ? [] : [value];
  for (const step of steps) {
    found = found.flatMap(each => {
      if ('field' in step) return isObject(each) && Object.hasOwn(each, step.field) ? [each[step.field]!] : [];
      if (!Array.isArray(each)) return [];
      if ('index' in step) return each.slice(step.index, step.index + 1);
      if ('all' in step) return each;
      return each.filter(item => isObject(item) && item[step.where] === step.equals);
    });
  }
  return found;
}

/** The first match decides; what is absent is null, which kubectl shows as nothing. */
function cell(found: Json[], type: string, now: number): string | number | boolean | null {
  const value = found[0];
  if (value === undefined || value === null) return null;
  if (type === 'date') return typeof value === 'string' ? age(value, now) : '<unknown>';
  if (type === 'integer' || type === 'number') return typeof value === 'number' ? value : null;
  if (type === 'boolean') return typeof value === 'boolean' ? value : null;
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

/** `5s`, `3m2s`, `14h`, `2d3h`, `412d`: a time span as kubectl writes it. */
export function age(timestamp: string | undefined, now: number): string {
  const then = Date.parse(timestamp ?? '');
  if (Number.isNaN(then)) return '<unknown>';
  const seconds = Math.floor((now - then) / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86400)];
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return both(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return both(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  if (hours < 192) return both(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return years < 8 ? both(years, 'y', days % 365, 'd') : `${years}y`;
}

function both(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}
