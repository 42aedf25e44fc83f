/** An Envoy is stopped in its pod: it takes nothing and answers nobody. It is named, and the change never Verified. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { eventually } from '../eventually.ts';
import { labFault } from '../fault.ts';

const PROOF = 120_000;

export default labFault('a proxy stands still: it is named, and the change never Verified', async stage => {
  const { talk, shop } = stage;
  const pid = envoyOf('curl');
  process.kill(pid, 'SIGSTOP');
  try {
    const card = await talk.propose('/mesh shift reviews v3 100');
    await talk.approve(card);
    await eventually('a receipt', () => /[Pp]roven: /.test(talk.heard(card)), PROOF);
    expect(talk.heard(card)).toMatch(/not proven: 1 of \d+ proxies does not answer: curl-\S+\.default/);
    const { status } = await stage.newest();
    expect(status?.phase).toBe('Failed');
    expect(status?.history.map(({ phase }) => phase)).not.toContain('Verified');
    await shop.showsOnly('red');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});

/** The process on this machine that is the Envoy of the pod of `app` in default. */
function envoyOf(app: string): number {
  const found = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .find(pid => {
      const { comm, environ } = { comm: read(`/proc/${pid}/comm`), environ: read(`/proc/${pid}/environ`).split('\0') };
      const [pod, namespace] = ['POD_NAME=', 'POD_NAMESPACE='].map(key => environ.find(each => each.startsWith(key)));
      return comm.trim() === 'envoy' && pod?.startsWith(`POD_NAME=${app}-`) && namespace?.endsWith('=default');
    });
  if (found === undefined) throw new Error(`there is no Envoy of ${app} on this machine`);
  return Number(found);
}

/** '' of what has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
