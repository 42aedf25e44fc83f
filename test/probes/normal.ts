/** Answers without what differs from one moment and cluster to the next: ids, versions, times, generated names. */
import type { Answer } from './probe.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
/** In tables. */
const AGE = /^(\d+[smh])+$/;
/** Bookkeeping that says nothing of behaviour here. */
const LEFT_OUT = new Set(['managedFields', 'selfLink', 'columnDefinitions']);

/** The same version, and the same uid, have the same name throughout one probe. */
export function normalOf(answers: Answer[]): unknown[] {
  const names = new Map<string, string>();
  for (const { body } of answers) collect(body, names);
  return answers.map(({ code, warnings, body }) => ({
    code,
    ...(warnings.length > 0 && { warnings: warnings.map(text => named(text, names)) }),
    body: normal(body, names),
  }));
}

function collect(value: unknown, names: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    if (key === 'uid' && typeof each === 'string') name(each, 'uid');
    if (key === 'resourceVersion' && typeof each === 'string' && !isList(value)) name(each, 'version');
    collect(each, names);
  }

  function name(text: string, kind: string): void {
    const known = [...names.values()].filter(other => other.startsWith(kind)).length;
    if (text !== '' && !names.has(text)) names.set(text, `${kind}-${known + 1}`);
  }
}

/** Versions of lists are of everything that happened; the versions of objects are told apart. */
function isList(meta: object): boolean {
  return !('uid' in meta) && !('name' in meta);
}

function normal(value: unknown, names: Map<string, string>): unknown {
  if (typeof value === 'string') return TIME.test(value) ? '<time>' : named(value, names);
  if (Array.isArray(value)) return value.map(each => normal(each, names));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key]) => !LEFT_OUT.has(key))
    .map(([key, each]): [string, unknown] => [key, special(key, each, value) ?? normal(each, names)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function special(key: string, value: unknown, of: object): string | undefined {
  if (key === 'continue' && value !== '') return '<continue>';
  if (key === 'resourceVersion' && isList(of) && value !== '') return '<version>';
  if (key === 'cells' && Array.isArray(value)) return value.filter(cell => !AGE.test(String(cell))).join(' | ');
  if (key === 'name' && 'generateName' in of && typeof value === 'string') return `${of.generateName}<random>`;
  return undefined;
}

function named(text: string, names: Map<string, string>): string {
  const exact = names.get(text);
  if (exact !== undefined) return exact;
  let told = text;
  // Only ids are long enough not to be found in words by accident.
  for (const [id, name] of names) if (id.length > 20) told = told.replaceAll(id, name);
  for (const [pattern, name] of UNSTEADY) told = told.replaceAll(pattern, name);
  return told;
}

/** What differs in messages from one time to the next. */
const UNSTEADY: [RegExp, string][] = [
  [/current: \d+/g, 'current: <version>'],
  [/in record \(\d+\)/g, 'in record (<version>)'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^ "]*Z/g, '<time>'],
  [/\b(10|127)(\.\d+){3}(:\d+)?/g, '<address>'],
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uid>'],
  [/\b[0-9a-f]{64}\b/g, '<container>'],
];
