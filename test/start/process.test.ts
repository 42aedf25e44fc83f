import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const MAIN = resolve(import.meta.dirname, '../../src/main.ts');
const FREE = ['--slack-port', '0', '--shop-port', '0', '--kubernetes-port', '0', '--health-port', '0'];

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
});

interface Run {
  child: ChildProcess;
  said(): string;
  /** Resolves once this was printed. */
  says(pattern: RegExp): Promise<RegExpMatchArray>;
  /** The exit code. */
  ended: Promise<number | null>;
}

function start(args: string[], env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, ...env } });
  running.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (text += chunk));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return {
    child,
    ended,
    said: () => text,
    async says(pattern) {
      for (;;) {
        const found = text.match(pattern);
        if (found) return found;
        await Promise.race([
          once(child.stdout!, 'data'),
          ended.then(code => Promise.reject(new Error(`ended with ${code}: ${text}`))),
        ]);
      }
    },
  };
}

describe('npm start', { timeout: 60_000 }, () => {
  it('prints where Slack and the shop are, serves them, and ends cleanly on Ctrl-C', async () => {
    const run = start(FREE);
    const [, slack] = await run.says(/Slack\s+(http:\/\/127\.0\.0\.1:\d+\/)/);
    const [, shop] = await run.says(/Shop\s+(http:\/\/\S+)/);
    const [, health] = await run.says(/Health\s+(http:\/\/\S+)/);
    await run.says(/Ctrl-C/);
    expect((await fetch(slack!)).status).toBe(200);
    expect(await (await fetch(shop!)).text()).toContain('<title>');
    expect(await (await fetch(health!)).text()).toBe('ok: slack\nok: cluster\nok: freezes\n');
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(0);
    await expect(fetch(slack!)).rejects.toThrow();
  });

  it('names a port that is taken and the option that chooses another, and leaves nothing running', async () => {
    const first = start(FREE);
    const [, port] = await first.says(/Shop\s+http:\/\/127\.0\.0\.1:(\d+)/);
    const second = start([...FREE.slice(0, 2), '--shop-port', port!, ...FREE.slice(4)]);
    expect(await second.ended).toBe(1);
    expect(second.said()).toContain(
      `Port ${port} is taken. Choose another with --shop-port, or 0 for any that is free.`,
    );
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
  });

  it('answers a wrong option, --help and --version at once', async () => {
    const wrong = start(['--prot', '1']);
    expect(await wrong.ended).toBe(1);
    expect(wrong.said()).toContain("Unknown option '--prot'");
    const help = start(['--help']);
    expect(await help.ended).toBe(0);
    expect(help.said()).toContain('--slack-port');
    const version = start(['--version']);
    expect(await version.ended).toBe(0);
    expect(version.said()).toMatch(/^meshbot \d+\.\d+\.\d+\n$/);
  });
});
