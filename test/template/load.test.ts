import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../src/object.ts';
import { TemplateError } from '../../src/template/error.ts';
import { loadTemplates } from '../../src/template/load.ts';

let folder: string;
let theirs: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'templates-'));
  theirs = mkdtempSync(join(tmpdir(), 'templates-'));
});
afterEach(() => {
  for (const each of [folder, theirs]) rmSync(each, { recursive: true });
});

const GOOD = `# with a comment on \${nothing}
apiVersion: v1
kind: Thing
metadata:
  name: \${name}
  labels: { said: "it is \${name}, \${count} times" }
spec:
  list: \${list}
  deep: [{ at: "\${count}" }]
`;

function write(name: string, text: string, into = folder): string {
  const path = join(into, name);
  writeFileSync(path, text);
  return path;
}

function flaws(...folders: string[]) {
  try {
    loadTemplates(folders);
  } catch (error) {
    if (error instanceof TemplateError) return error.flaws;
    throw error;
  }
  return [];
}

describe('templates', () => {
  it('are filled leaf by leaf: a whole leaf takes the value’s type, a part of one its text', () => {
    write('thing.yaml', GOOD);
    const filled = loadTemplates([folder]).fill('thing', { name: 'a', count: 3, list: [{ b: 1 }] });
    expect(filled).toEqual({
      apiVersion: 'v1',
      kind: 'Thing',
      metadata: { name: 'a', labels: { said: 'it is a, 3 times' } },
      spec: { list: [{ b: 1 }], deep: [{ at: 3 }] },
    });
  });

  it('never let a value become structure', () => {
    write('thing.yaml', GOOD);
    const templates = loadTemplates([folder]);
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('a: b', '- x', '${name}', '{{x}}', '"', '\n  evil: yes', '!!js/x')),
        name => {
          const filled = templates.fill('thing', { name, count: 1, list: [] });
          expect(Object.keys(filled)).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
          expect(filled.metadata.name).toBe(name);
          expect(filled.metadata.labels!.said).toBe(`it is ${name}, 1 times`);
        },
      ),
    );
  });

  it('share nothing with what they were filled with, or with each other', () => {
    write('thing.yaml', GOOD);
    const templates = loadTemplates([folder]);
    const list: Json[] = [{ b: 1 }];
    const filled = templates.fill('thing', { name: 'a', count: 1, list });
    (filled.spec!.list as Json[]).push('more');
    (filled.spec!.deep as Json[]).push('more');
    expect(list).toEqual([{ b: 1 }]);
    expect(templates.fill('thing', { name: 'a', count: 1, list }).spec!.deep).toEqual([{ at: 1 }]);
  });

  it('of a later folder replace those of the same name', () => {
    write('thing.yaml', GOOD);
    write('other.yaml', GOOD);
    write('thing.yml', 'apiVersion: v2\nkind: Own\nmetadata: { name: fixed }\n', theirs);
    const templates = loadTemplates([folder, theirs]);
    expect(templates.names()).toEqual(['other', 'thing']);
    expect(templates.fill('thing', {})).toEqual({ apiVersion: 'v2', kind: 'Own', metadata: { name: 'fixed' } });
  });

  it('say which name or parameter is not known', () => {
    write('thing.yaml', GOOD);
    const templates = loadTemplates([folder]);
    expect(() => templates.fill('thang', {})).toThrow('thang.yaml: there is no such template');
    expect(() => templates.fill('thing', { name: 'a' })).toThrow('no value is known for ${count}, ${list}');
    expect(() => templates.fill('constructor', {})).toThrow(TemplateError);
    const inherited = Object.create({ count: 1, list: [] }) as Record<string, Json>;
    expect(() => templates.fill('thing', Object.assign(inherited, { name: 'a' }))).toThrow('${count}, ${list}');
  });

  it('that are broken are named with file and line, all at once', () => {
    const bad = write('bad.yaml', 'apiVersion: v1\nkind: [\n');
    const flat = write('flat.yaml', '- just\n- a list\n');
    const odd = write(
      'odd.yaml',
      'apiVersion: v1\nkind: A\nmetadata:\n  name: ${Name}\n  labels:\n    ${key}: x\n    __proto__: y\n',
    );
    const half = write('half.yaml', 'kind: A\nmetadata: {}\n');
    const flow = write('flow.yaml', 'apiVersion: v1\nkind: A\nmetadata: { name: ${name} }\n');
    const twice = write('twice.yaml', 'apiVersion: v1\nkind: A\nkind: B\nmetadata: { name: a }\n');
    const found = flaws(folder, join(folder, 'nowhere'));
    expect(found.map(({ file, line }) => [file, line])).toEqual([
      [join(folder, 'nowhere'), 0],
      [bad, 3],
      [flat, 1],
      [flow, 3],
      [half, 1],
      [half, 1],
      [odd, 4],
      [odd, 6],
      [odd, 7],
      [twice, 3],
    ]);
    expect(found[3]!.message).toContain('a parameter stands in quotes');
    expect(new TemplateError(found).message).toContain(`${odd}:6: a parameter cannot be a key: \${key}`);
  });
});

describe('the templates of this house', () => {
  it('are whole', () => {
    const names = loadTemplates([join(import.meta.dirname, '../../templates')]).names();
    expect(names).toEqual(expect.arrayContaining(['destination-rule', 'virtual-service', 'virtual-service-tcp']));
  });
});
