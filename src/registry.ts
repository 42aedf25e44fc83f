/** All commands: every file of a folder is one, so a new verb needs no other change. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Command } from './command.ts';

export interface Registry {
  /** In the order of their verbs. */
  commands: Command[];
  get(verb: string): Command | undefined;
}

const OWN = fileURLToPath(new URL('../commands/', import.meta.url));

/** Throws for a file that is no command, and for two with one verb: a fault of the program, told at start. */
export async function loadCommands(folder = OWN): Promise<Registry> {
  const files = (await readdir(folder)).filter(name => name.endsWith('.ts')).sort();
  const byVerb = new Map<string, Command>();
  for (const file of files) {
    const path = join(folder, file);
    const { default: command } = (await import(pathToFileURL(path).href)) as { default?: unknown };
    if (!isCommand(command)) throw new Error(`${path} has no command as its default export.`);
    const other = byVerb.get(command.verb);
    if (other) throw new Error(`${path}: the verb ${command.verb} is already taken (${other.summary}).`);
    byVerb.set(command.verb, command);
  }
  return { commands: [...byVerb.values()], get: verb => byVerb.get(verb) };
}

function isCommand(value: unknown): value is Command {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, verb, summary, parameters, examples } = value as Partial<Command>;
  const isComplete = typeof summary === 'string' && typeof parameters === 'object' && Array.isArray(examples);
  const isKind = kind === 'change' || kind === 'query' || kind === 'setting';
  return isKind && /^[a-z][a-z-]*( [a-z][a-z-]*)?$/.test(verb ?? '') && isComplete;
}
