/** The real kubectl and istioctl, where this machine has them: what an engineer would otherwise type. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { program } from '../test/mesh/places.ts';

/** Path of the kubectl that MESHBOT_KUBECTL names, or of the lab's, or of that on PATH; undefined: there is none. */
export function findKubectl(): string | undefined {
  return find('kubectl', process.env.MESHBOT_KUBECTL);
}

/** The same for istioctl and MESHBOT_ISTIOCTL. */
export function findIstioctl(): string | undefined {
  return find('istioctl', process.env.MESHBOT_ISTIOCTL);
}

function find(name: string, named: string | undefined): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const all = named ? [named] : [program(name), ...folders.map(folder => join(folder, name))];
  return all.find(isExecutable);
}

/** ms of `istioctl analyze` over a file alone, and what it printed. What it finds makes no difference. */
export function timeAnalyze(istioctl: string, file: string): Promise<{ took: number; said: string }> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const args = ['analyze', '--use-kube=false', file];
    execFile(istioctl, args, { maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      // 79: it found errors.
      if (error && error.code !== 79) reject(new Error(`istioctl analyze failed: ${stderr}`, { cause: error }));
      else resolve({ took: performance.now() - began, said: stdout + stderr });
    });
  });
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
