import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Which rooms each room may import from, besides itself. What is not named here has no door. */
const DOORS: Record<string, string[]> = {
  'src/object': [],
  'src/picture': [],
  'src/view': ['src/picture/picture'],
  'src/plan': ['src/object', 'src/view', 'src/ports'],
  'src/ports': ['src/object', 'src/view', 'src/istio/world'],
  'src/istio': ['src/object', 'src/view', 'src/plan', 'src/ports', 'src/duration'],
  'src/records': ['src/object'],
  'src/post-once': ['src/ports', 'src/view'],
  'src/rounds': [
    'src/post-once',
    'src/records',
    'src/istio',
    'src/ports',
    'src/plan',
    'src/object',
    'src/view',
    'src/change/freezing',
    'src/change/lane',
    'src/change/meshchange',
    'src/change/phases',
    'src/change/phrases',
    'src/change/store',
    'src/change/why/hands',
  ],
  'src/template': ['src/object'],
  'src/duration': [],
  'src/grammar': ['src/command', 'src/ports', 'src/view', 'src/object', 'src/plan', 'src/istio', 'src/duration'],
  'src/command': [
    'src/grammar',
    'src/template',
    'src/istio',
    'src/ports',
    'src/view',
    'src/change/meshchange',
    'src/change/store',
    'src/plan',
    'src/records',
    'src/rounds/links',
  ],
  'src/registry': ['src/command', 'src/grammar'],
  commands: [
    'src/command',
    'src/grammar',
    'src/template',
    'src/istio',
    'src/ports',
    'src/view',
    'src/object',
    'src/change/meshchange',
    'src/change/phases',
    'src/change/undoable',
    'src/picture/picture',
    'src/plan',
    'src/change/messages',
    'src/change/why',
    'src/change/freezing',
    'src/change/headlines',
    'src/probe/targets',
    'src/proof',
    'src/records',
    'src/duration',
    'src/rounds',
  ],
  'src/change': [
    'src/post-once',
    'src/records',
    'src/istio',
    'src/plan',
    'src/ports',
    'src/object',
    'src/view',
    'src/proof',
    'src/duration',
    'src/picture/picture',
  ],
  'src/proof': ['src/istio', 'src/ports', 'src/object', 'src/view', 'src/change/meshchange', 'src/plan'],
  'src/desk': [
    'src/change',
    'src/command',
    'src/grammar',
    'src/istio',
    'src/ports',
    'src/object',
    'src/view',
    'src/template',
    'src/registry',
    'src/records',
    'src/rounds/links',
  ],
  'src/slack': ['src/ports', 'src/object', 'src/view', 'src/picture'],
  'src/kubernetes': [
    'src/ports',
    'src/object',
    'src/istio/world',
    'src/istio/hosts',
    'src/change/meshchange',
    'src/change/store',
  ],
  'src/probe': ['src/ports', 'src/object', 'src/istio', 'src/kubernetes'],
  'src/telemetry': ['src/ports', 'src/object', 'src/istio/world'],
  'src/sandbox': ['src/istio', 'src/object', 'src/ports'],
  'src/config': ['src/istio/hosts', 'src/ports', 'src/change/policy', 'src/plan'],
  'src/health': ['src/config/errors'],
  'src/system': ['src/ports'],
  // Puts the rooms together, and so may open every door.
  'src/start': ['src', 'commands', 'manifest.json'],
  'src/main': ['src', 'commands'],
};

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(folder, name));
}

function roomOf(path: string): string | undefined {
  const name = path.replace(/\.ts$/, '');
  return Object.keys(DOORS)
    .filter(room => name === room || name.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'"\n;]*?(?:from\s*)?['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]/g,
    ),
  ]
    .concat([...text.matchAll(/\}\s*from\s*['"](\.[^'"]+)['"]/g)])
    .map(match => match[1] ?? match[2]!)
    .map(target => relative(root, resolve(root, dirname(path), target)));
}

describe('the house', () => {
  const files = [...sources('src'), ...sources('commands')];

  it('gives every file a room', () => {
    expect(files.filter(file => roomOf(file) === undefined)).toEqual([]);
  });

  it('has no import that goes against the way of the data', () => {
    const wrong = files.flatMap(file => {
      const room = roomOf(file)!;
      const doors = [room, ...DOORS[room]!];
      return importsOf(file)
        .map(target => target.replace(/\.ts$/, ''))
        .filter(target => !doors.some(door => target === door || target.startsWith(`${door}/`)))
        .map(target => `${file} → ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('sees the imports at all', () => {
    expect(importsOf('src/ports/cluster.ts')).toContain('src/istio/world.ts');
  });

  it('has no file named for what it is not', () => {
    expect(files.filter(file => /(utils?|manager|helpers?|misc|common)\b/i.test(file))).toEqual([]);
  });

  it('has no circle among files, types included', () => {
    const graph = new Map(files.map(file => [file, importsOf(file)]));
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, trail: string[]): void => {
      if (trail.includes(file)) return void circles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
      if (done.has(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });
});
