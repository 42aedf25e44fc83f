/** What the proxies' access logs have got since they were last read. */
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { PodName } from './pods.ts';

export interface LogLine {
  pod: PodName;
  line: string;
}

interface Tail {
  /** Bytes that were read. */
  offset: number;
  /** The beginning of a line that was not whole yet. */
  rest: string;
}

export class LogTails {
  readonly #folder: string;
  readonly #tails = new Map<string, Tail>();

  /** `folder`: where the kubelet keeps `<namespace>_<pod>_<uid>/<container>/<n>.log`. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  read(): LogLine[] {
    return entries(this.#folder).flatMap(directory => {
      const [namespace = '', name = ''] = directory.split('_');
      const folder = join(this.#folder, directory, 'istio-proxy');
      const files = entries(folder).filter(file => file.endsWith('.log'));
      return files.flatMap(file => this.#linesOf(join(folder, file))).map(line => ({ pod: { namespace, name }, line }));
    });
  }

  #linesOf(file: string): string[] {
    const tail = this.#tails.get(file) ?? { offset: 0, rest: '' };
    const { size } = statSync(file);
    // A file that got shorter was begun anew.
    if (size < tail.offset) tail.offset = 0;
    const buffer = Buffer.alloc(size - tail.offset);
    const descriptor = openSync(file, 'r');
    const got = readSync(descriptor, buffer, 0, buffer.length, tail.offset);
    closeSync(descriptor);
    const lines = (tail.rest + buffer.toString('utf8', 0, got)).split('\n');
    this.#tails.set(file, { offset: tail.offset + got, rest: lines.pop() ?? '' });
    return lines.flatMap(line => /^\S+ stdout F (.*)$/.exec(line)?.[1] ?? []);
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
