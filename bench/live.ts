/**
 * B4: from the click until every proxy has the new route, beside a bare PATCH of such an object: the floor, which is
 * istiod's debounce and its push. A hundred sidecars are clients of istiod's discovery in this process, each with a
 * connection of its own (bench/xds.ts); those of the lab's pods are real Envoys, and it is them that meshbot asks.
 */
import type { PageMessage } from '../src/sandbox/slack/page-protocol.ts';
import { MESH, RIKO, SAM } from '../src/sandbox/slack/people.ts';
import { type LocalSlack, startSlack } from '../src/sandbox/slack/server.ts';
import { manifestOf } from '../src/start/manifest.ts';
import { startChild } from './child.ts';
import { OWN } from './crowd.ts';
import { ms, type Outcome, quantile, type Unmeasured } from './figures.ts';
import { type RealGround, realCluster, realGround } from './real.ts';
import { type Sidecar, startSidecar } from './xds.ts';

const SIDECARS = 100;
/** istiod takes some 25 a second on a small machine, and sends away who waited for more than one. */
const AT_ONCE = 10;
const TIMES = 12;
/** The first ones pay for connections and compilers, on both sides. */
const WARM = 2;
/** ms that meshbot may take to tell after the last proxy has it. */
const TOLD = 250;

const NAMES = ['B4 click to live', 'B4 told after live'];

export async function live(): Promise<(Outcome | Unmeasured)[]> {
  const real = realCluster();
  if (real === undefined) {
    const why = 'it needs a real istiod: npm run mesh:up, then npm run mesh -- npm run bench B4';
    return NAMES.map(name => ({ name, why }));
  }
  const count = 2 * (TIMES + WARM);
  const ground = await realGround(real, { virtualServices: 3 * count, services: count });
  const sidecars: Sidecar[] = [];
  const slack = await startSlack(manifestOf());
  try {
    const address = `http://${await ground.addressOf('istio-system', 'istiod')}:15010`;
    while (sidecars.length < SIDECARS) {
      const next = Array.from({ length: AT_ONCE }, (_, index) =>
        startSidecar(address, sidecars.length + index, ground.namespace),
      );
      sidecars.push(...next);
      await Promise.all(next.map(({ ready }) => ready));
    }
    const { apiUrl, botToken, appToken } = slack;
    const bot = await startChild('meshbot', {
      slack: { apiUrl, botToken, appToken },
      cluster: ground.cluster,
      namespace: OWN,
    });
    try {
      const rounds: Round[] = [];
      for (let index = 0; index < TIMES + WARM; index++) {
        const floor = await patched(ground, sidecars, `svc-${2 * index}`, 10 + index);
        const ours = await changed(slack, ground, sidecars, `svc-${2 * index + 1}`, 30 + index);
        if (index >= WARM) rounds.push({ floor, ...ours });
      }
      return outcomes(rounds);
    } finally {
      await bot.stop();
    }
  } finally {
    for (const sidecar of sidecars) sidecar.close();
    await slack.close();
    await ground.close();
  }
}

interface Round {
  /** ms from a bare PATCH until the last sidecar had it. */
  floor: number;
  /** ms from the click. */
  clicked: number;
  /** Of those, until the write was in the API server. */
  write: number;
  /** ms from there until the thread said how many proxies hold it. */
  told: number;
}

async function patched(ground: RealGround, sidecars: Sidecar[], name: string, weight: number): Promise<number> {
  const everywhere = lastOf(sidecars, ground.namespace, name, weight);
  const began = performance.now();
  await ground.shift(name, weight);
  return (await everywhere) - began;
}

async function changed(slack: LocalSlack, ground: RealGround, sidecars: Sidecar[], name: string, weight: number) {
  await slack.as(RIKO).say(MESH.id, `/mesh shift ${name}.${ground.namespace} v2 ${weight}`);
  const shows = ({ blocks }: PageMessage) => {
    const text = JSON.stringify(blocks ?? []);
    return text.includes('"approve"') && text.includes(`${name}.`);
  };
  const card = await slack.until(() => slack.messages(MESH.id).find(shows), 30_000);
  const everywhere = lastOf(sidecars, ground.namespace, name, weight);
  const written = ground.written(name);
  const began = performance.now();
  await slack.as(SAM).click(card, 'approve');
  const write = (await written) - began;
  const last = await everywhere;
  const tells = () =>
    slack.thread(MESH.id, card.ts).some(({ blocks }) => JSON.stringify(blocks ?? []).includes('proxies hold the new'));
  await slack.until(tells, 60_000);
  const told = performance.now() - last;
  const ended = () => slack.thread(MESH.id, card.ts).some(({ text }) => /proven: /i.test(text));
  await slack.until(ended, 60_000);
  return { clicked: last - began, write, told };
}

/** performance.now() of the moment in which the last of them got the route with that weight. */
async function lastOf(sidecars: Sidecar[], namespace: string, name: string, weight: number): Promise<number> {
  const cluster = Buffer.from(`outbound|9080|v2|${name}.${namespace}.svc.cluster.local`);
  // The weight follows the name: field 2 of a ClusterWeight, a UInt32Value.
  const bytes = Buffer.concat([cluster, Buffer.from([0x12, 0x02, 0x08, weight])]);
  return Math.max(...(await Promise.all(sidecars.map(sidecar => sidecar.holding(bytes)))));
}

function outcomes(rounds: Round[]): Outcome[] {
  const median = (of: (round: Round) => number) => quantile(rounds.map(of), 0.5);
  const [mine, floor, told] = [median(({ clicked }) => clicked), median(each => each.floor), median(each => each.told)];
  return [
    {
      name: NAMES[0]!,
      what: `median from the click until the last of ${SIDECARS} xDS clients has the route, over the same after a bare PATCH`,
      value: mine / floor,
      bound: 1.5,
      figures: {
        meshbot: ms(mine),
        'of it until written': ms(median(({ write }) => write)),
        floor: ms(floor),
        p95: ms(
          quantile(
            rounds.map(({ clicked }) => clicked),
            0.95,
          ),
        ),
        'floor p95': ms(
          quantile(
            rounds.map(each => each.floor),
            0.95,
          ),
        ),
      },
    },
    {
      name: NAMES[1]!,
      what: 'median ms from the last xDS client that has it until the thread says how many proxies hold it',
      value: told,
      bound: TOLD,
      figures: {
        p95: ms(
          quantile(
            rounds.map(each => each.told),
            0.95,
          ),
        ),
      },
    },
  ];
}
