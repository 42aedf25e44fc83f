/**
 * B2: from a command to its card, beside `kubectl diff`. B3: from the click to the write, beside a warm `kubectl patch`.
 * Over a real API server where there is one, else over the local one.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import type { PageMessage } from '../src/sandbox/slack/page-protocol.ts';
import { MESH, RIKO, SAM } from '../src/sandbox/slack/people.ts';
import { type LocalSlack, startSlack } from '../src/sandbox/slack/server.ts';
import { manifestOf } from '../src/start/manifest.ts';
import { startChild } from './child.ts';
import { OWN } from './crowd.ts';
import { ms, type Outcome, quantile, type Unmeasured } from './figures.ts';
import { type Ground, localGround } from './ground.ts';
import { findKubectl, timeKubectl } from './kubectl.ts';
import { realCluster, realGround } from './real.ts';

/** Changes, one after the other; as many runs of kubectl between them, so that both meet the same machine. */
const TIMES = 20;
/** The first ones pay for discovery caches, connections and compilers, on both sides. */
const WARM = 3;

export async function moments(): Promise<(Outcome | Unmeasured)[]> {
  const kubectl = findKubectl();
  if (!kubectl) {
    const why =
      'there is no kubectl to measure beside: neither in the lab (npm run mesh:build) nor on PATH; MESHBOT_KUBECTL names one';
    return [
      { name: 'B2 command to card', why },
      { name: 'B3 click to write', why },
    ];
  }
  const folder = mkdtempSync(join(tmpdir(), 'meshbot-bench-'));
  const real = realCluster();
  // A real API server takes its time to be filled, and has more to do than to be asked.
  const size = { virtualServices: real === undefined ? 1_000 : 200, services: TIMES + WARM };
  const ground = await (real === undefined ? localGround(size) : realGround(real, size));
  const where = real === undefined ? 'the local API' : 'a real API server';
  const slack = await startSlack(manifestOf());
  const { apiUrl, botToken, appToken } = slack;
  try {
    const bot = await startChild('meshbot', {
      slack: { apiUrl, botToken, appToken },
      cluster: ground.cluster,
      namespace: OWN,
    });
    try {
      const hand = newHand(kubectl, ground, folder);
      const took = { card: [] as number[], diff: [] as number[], write: [] as number[], patch: [] as number[] };
      for (let index = 0; index < TIMES + WARM; index++) {
        const diff = await hand.diff(index);
        const { card, write } = await changeOnce(slack, ground, index);
        const patch = await hand.patch(index);
        if (index < WARM) continue;
        took.card.push(card);
        took.diff.push(diff);
        took.write.push(write);
        took.patch.push(patch);
      }
      return [
        besideKubectl(
          'B2 command to card',
          `over ${where}: median from the command to its card`,
          'kubectl diff',
          took.card,
          took.diff,
        ),
        besideKubectl(
          'B3 click to write',
          `over ${where}: median from the click to the write`,
          'kubectl patch',
          took.write,
          took.patch,
        ),
      ];
    } finally {
      await bot.stop();
    }
  } finally {
    await slack.close();
    await ground.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** ms from the command to the card that shows its plan, and from the click to the object's new version. */
async function changeOnce(slack: LocalSlack, ground: Ground, index: number) {
  const asked = performance.now();
  await slack.as(RIKO).say(MESH.id, `/mesh shift svc-${index}.${ground.namespace} v2 50`);
  const card = await slack.until(
    () => slack.messages(MESH.id).find(message => shows(message, new RegExp(`svc-${index}[. ]`))),
    30_000,
  );
  const shown = performance.now();
  const written = ground.written(`svc-${index}`);
  const clicked = performance.now();
  await slack.as(SAM).click(card, 'approve');
  const write = (await written) - clicked;
  // Its proof asks proxies: kubectl's turn comes when that is over.
  await slack.until(() => slack.thread(MESH.id, card.ts).some(({ text }) => /proven: /i.test(text)), 60_000);
  return { card: shown - asked, write };
}

function shows(message: PageMessage, name: RegExp): boolean {
  const text = JSON.stringify(message.blocks ?? []);
  return text.includes('"approve"') && name.test(text);
}

/** The same two steps by hand, on the same objects. */
function newHand(kubectl: string, ground: Ground, folder: string) {
  const config = join(folder, 'kubeconfig');
  writeFileSync(config, ground.kubeconfig(), { mode: 0o600 });
  const base = ['--kubeconfig', config, '--cache-dir', join(folder, 'cache'), '--namespace', ground.namespace];
  return {
    async diff(index: number): Promise<number> {
      const wanted = structuredClone(await ground.live(`svc-${index}`));
      delete wanted.metadata.resourceVersion;
      wanted.spec = { ...wanted.spec, http: halves(index) };
      const file = join(folder, 'wanted.yaml');
      writeFileSync(file, dump(wanted));
      return await timeKubectl(kubectl, [...base, 'diff', '--filename', file]);
    },
    patch(index: number): Promise<number> {
      const patch = JSON.stringify({ spec: { http: halves(index) } });
      const what = ['patch', 'virtualservice', `svc-${index}`, '--type', 'merge', '--patch', patch];
      return timeKubectl(kubectl, [...base, ...what]);
    },
  };
}

function halves(index: number) {
  const to = (subset: string) => ({ destination: { host: `svc-${index}`, subset }, weight: 50 });
  return [{ route: [to('v1'), to('v2')] }];
}

function besideKubectl(name: string, what: string, other: string, ours: number[], theirs: number[]): Outcome {
  const [mine, hand] = [quantile(ours, 0.5), quantile(theirs, 0.5)];
  const figures = { meshbot: ms(mine), [other]: ms(hand), 'meshbot p95': ms(quantile(ours, 0.95)) };
  return {
    name,
    what: `${what}, meshbot / ${other} as a process, over the same API`,
    value: mine / hand,
    bound: 1,
    figures,
  };
}
