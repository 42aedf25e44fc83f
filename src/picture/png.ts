/** SVG → PNG, off the main thread. The thread is there while pictures are wanted, and a while after. */
import { Worker } from 'node:worker_threads';

export interface ToDraw {
  id: number;
  svg: string;
}

export type Drawn = { id: number; png: Uint8Array } | { id: number; error: string };

interface Waiting {
  resolve(png: Buffer): void;
  reject(error: Error): void;
}

/** ms without a picture after which the thread and its fonts are given back. */
const IDLE = 60_000;

let worker: Worker | undefined;
let next = 0;
let ending: NodeJS.Timeout | undefined;
const waiting = new Map<number, Waiting>();

/** Rejects for what is no SVG. */
export function pngOf(svg: string): Promise<Buffer> {
  clearTimeout(ending);
  const id = next++;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    const renderer = running();
    // Who waits for a picture keeps the process, an idle thread does not.
    renderer.ref();
    renderer.postMessage({ id, svg } satisfies ToDraw);
  });
}

function running(): Worker {
  if (worker) return worker;
  const started = new Worker(new URL('./renderer.ts', import.meta.url));
  started.on('message', (drawn: Drawn) => {
    const asked = waiting.get(drawn.id);
    waiting.delete(drawn.id);
    if ('png' in drawn) asked?.resolve(Buffer.from(drawn.png));
    else asked?.reject(new Error(`The picture could not be drawn: ${drawn.error}`));
    if (waiting.size === 0) rest(started);
  });
  started.on('error', error => lose(started, error));
  started.on('exit', code => lose(started, new Error(`The renderer of pictures ended (${code})`)));
  worker = started;
  return started;
}

function rest(idle: Worker): void {
  idle.unref();
  ending = setTimeout(() => {
    if (worker === idle) worker = undefined;
    void idle.terminate();
  }, IDLE);
  ending.unref();
}

/** The next picture begins another thread. */
function lose(lost: Worker, why: Error): void {
  if (worker !== lost) return;
  worker = undefined;
  for (const { reject } of waiting.values()) reject(why);
  waiting.clear();
}
