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

export function isOnPath(program: string): boolean {
  const folders = program.startsWith('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  return folders.some(folder => {
    try {
      accessSync(join(folder, program), program.startsWith('/usr/share') ? constants.R_OK : constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
