/** Reads the folders of templates, at start. A later folder's file replaces an earlier one of the same name. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Json, KubeObject } from '../object.ts';
import { type Flaw, TemplateError } from './error.ts';
import { fillLeaves, parseTemplate, type Template } from './parse.ts';
import type { Templates } from './templates.ts';

/** Throws TemplateError with every flaw of every file, and for a folder that cannot be read. */
export function loadTemplates(folders: string[]): Templates {
  const flaws: Flaw[] = [];
  const found = new Map<string, Template>();
  for (const file of folders.flatMap(folder => filesOf(folder, flaws))) {
    const parsed = parseTemplate(file, readFileSync(file, 'utf8'));
    if (Array.isArray(parsed)) flaws.push(...parsed);
    else found.set(basename(file, extname(file)), parsed);
  }
  if (flaws.length > 0) throw new TemplateError(flaws);
  return {
    names: () => [...found.keys()].sort(),
    fill: (name, parameters) => fill(found, name, parameters),
  };
}

function fill(found: Map<string, Template>, name: string, parameters: Record<string, Json>): KubeObject {
  const template = found.get(name);
  if (!template) {
    throw new TemplateError([{ file: `${name}.yaml`, line: 0, message: 'there is no such template' }]);
  }
  const missing = [...template.parameters].filter(parameter => !Object.hasOwn(parameters, parameter));
  if (missing.length > 0) {
    const message = `no value is known for ${missing.map(parameter => `\${${parameter}}`).join(', ')}`;
    throw new TemplateError([{ file: template.file, line: 0, message }]);
  }
  return fillLeaves(template.object, parameters) as unknown as KubeObject;
}

function filesOf(folder: string, flaws: Flaw[]): string[] {
  try {
    return readdirSync(folder)
      .filter(name => ['.yaml', '.yml'].includes(extname(name)))
      .sort()
      .map(name => join(folder, name));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    flaws.push({ file: folder, line: 0, message: `the folder cannot be read: ${reason}` });
    return [];
  }
}
