/** The real kubectl, where this machine has one: what an engineer would otherwise type. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of the kubectl that MESHBOT_KUBECTL or PATH names; undefined: there is none. */
export function findKubectl(): string | undefined {
  const named = process.env.MESHBOT_KUBECTL;
  const all = named ? [named] : (process.env.PATH ?? '').split(delimiter).map(folder => join(folder, 'kubectl'));
  return all.find(isExecutable);
}

/** ms of the whole process. Rejects when it ends with another code than 0 or 1: `kubectl diff` says 1 for a difference. */
export function timeKubectl(kubectl: string, args: string[]): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    execFile(kubectl, args, (error, _stdout, stderr) => {
      const code = error ? error.code : 0;
      if (code === 0 || code === 1) resolve(performance.now() - began);
      else reject(new Error(`kubectl ${args[0]} failed: ${stderr}`, { cause: error }));
    });
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
