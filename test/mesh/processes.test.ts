import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startOf } from './run/processes.ts';

/** Listens, says where, and has threads with enough memory that the kernel takes a while to end all of them. */
const LISTENER = `
  const { Worker } = require('node:worker_threads');
  const kept = Array.from({ length: 200 }, () => Buffer.alloc(1 << 20, 1));
  const busy = 'const kept = Array.from({ length: 20 }, () => Buffer.alloc(1 << 20, 1)); for (;;);';
  for (let more = 0; more < 6; more += 1) new Worker(busy, { eval: true });
  const server = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

describe.skipIf(!existsSync('/proc/self/stat'))('a program that was killed', () => {
  it('is gone once nothing of it is left, so that another can have its port', { timeout: 30_000 }, async () => {
    for (let again = 0; again < 4; again += 1) {
      const { pid, port } = await listener();
      process.kill(pid, 'SIGKILL');
      while (startOf(pid) !== '') await sleep(0);
      expect(await listenOn(port)).toBe('listening');
    }
  });
});

async function listener(): Promise<{ pid: number; port: number }> {
  const child = spawn(process.execPath, ['-e', LISTENER], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>(resolve => child.stdout.once('data', said => resolve(Number(said))));
  return { pid: child.pid!, port };
}

function listenOn(port: number): Promise<string> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', error => resolve(error.message));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve('listening')));
  });
}
