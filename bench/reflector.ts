/**
 * B6: what it costs to hold 10,000 VirtualServices in step, against client-node's own informer over the same objects of
 * the same API server. Each is measured in fresh processes, which share nothing with the server or with each other.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { megabytes, ms, type Outcome, quantile } from './figures.ts';
import type { Holding } from './watching.ts';

const OBJECTS = 10_000;
/** Fresh processes of each, in turn; the median counts. V8 grows by some 20 MB in some of them and not in others. */
const TIMES = 5;

const CHILD = fileURLToPath(new URL('./watching.ts', import.meta.url));

export async function reflector(): Promise<Outcome[]> {
  const server = start('serve', `${OBJECTS}`);
  try {
    const url = await said<string>(server);
    const [informer, mirror, world]: [Holding[], Holding[], Holding[]] = [[], [], []];
    for (let time = 0; time < TIMES; time++) {
      informer.push(await holding('informer', url));
      mirror.push(await holding('mirror', url));
      world.push(await holding('world', url));
    }
    return [
      outcome('B6 resident memory', 'the whole watched world / informer', world, informer, 'resident', 0.5),
      outcome('B6 heap', 'reflector / informer', mirror, informer, 'heap', 0.5),
      outcome('B6 longest block', 'the whole watched world / informer', world, informer, 'block', 0.2),
    ];
  } finally {
    server.kill('SIGTERM');
  }
}

async function holding(what: string, url: string): Promise<Holding> {
  const held = await said<Holding>(start(what, url));
  if (held.objects !== OBJECTS) throw new Error(`${what} holds ${held.objects} objects instead of ${OBJECTS}`);
  return held;
}

function outcome(
  name: string,
  what: string,
  ours: Holding[],
  theirs: Holding[],
  field: 'resident' | 'heap' | 'block',
  bound: number,
): Outcome {
  const [mine, other] = [ours, theirs].map(held =>
    quantile(
      held.map(each => each[field]),
      0.5,
    ),
  ) as [number, number];
  const shown = field === 'block' ? ms : megabytes;
  return {
    name,
    what: `added by ${OBJECTS} VirtualServices, ${what}`,
    value: mine / other,
    bound,
    figures: { ours: shown(mine), informer: shown(other) },
  };
}

function start(...words: string[]): ChildProcess {
  return fork(CHILD, words, { execArgv: ['--expose-gc'], stdio: 'inherit' });
}

/** The one message that the process sends. Rejects when it ends before. */
async function said<T>(child: ChildProcess): Promise<T> {
  const message = once(child, 'message').then(([message]) => message as T);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a process of the benchmark ended with ${code}`);
  });
  ended.catch(() => {});
  return Promise.race([message, ended]);
}
