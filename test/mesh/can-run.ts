/** Whether there can be a lab on this machine; if not, why, in a sentence. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { GO } from './versions.ts';

/** undefined: it can run here. */
export function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'The real mesh runs on Linux only.';
  if (process.getuid?.() !== 0) return 'The real mesh needs root: it makes a network namespace and runs containers.';
  const missing = ['go', 'apt-get'].filter(name => !isOnPath(name));
  if (missing.length === 0) return undefined;
  return `The real mesh needs ${missing.join(' and ')}. Go has to be ${GO.major}.${GO.minor} or newer.`;
}

export const isOnPath = (program: string): boolean => pathOf(program) !== undefined;

/** Where the program is; a path is taken as it is. undefined: nowhere. */
export function pathOf(program: string): string | undefined {
  const folders = program.startsWith('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  return folders
    .map(folder => join(folder, program))
    .find(path => {
      try {
        accessSync(path, program.startsWith('/usr/share') ? constants.R_OK : constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
