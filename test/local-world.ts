/** The whole of meshbot on this machine, as `npm start` has it, on free ports and without background load. */
import type { Invocation } from '../src/config/invocation.ts';
import type { LocalCluster } from '../src/sandbox/cluster.ts';
import type { LocalSlack } from '../src/sandbox/slack/server.ts';
import { type Bot, startBot } from '../src/start/bot.ts';
import { type Surroundings, startSurroundings } from '../src/start/local.ts';
import { newLog } from '../src/start/log.ts';
import { systemClock, systemRandom } from '../src/system.ts';

export interface LocalWorld {
  surroundings: Surroundings;
  slack: LocalSlack;
  cluster: LocalCluster;
  bots: Bot[];
  /** One more replica over the same Slack and cluster. */
  replica(): Promise<Bot>;
  /** What the mesh's Prometheus answers to a query: its first value, 0 where there is none. */
  measured(query: string): Promise<number>;
  close(): Promise<void>;
}

const LOCAL: Invocation = {
  slack: undefined,
  cluster: undefined,
  config: undefined,
  ports: { slack: 0, shop: 0, kubernetes: 0, health: 0 },
  healthHost: '127.0.0.1',
  logLevel: 'error',
};

export async function startLocalWorld(options: { replicas?: number; load?: number } = {}): Promise<LocalWorld> {
  const surroundings = await startSurroundings(LOCAL, options.load ?? 0);
  const { slack, cluster } = surroundings.local;
  if (!slack || !cluster) throw new Error('a half of the local world is missing');
  const bots: Bot[] = [];
  const replica = async (): Promise<Bot> => {
    const bot = await startBot({
      ...surroundings,
      health: { host: '127.0.0.1', port: 0 },
      clock: systemClock,
      random: systemRandom,
      log: newLog(process.env.MESHBOT_LOG ?? 'silent'),
    });
    bots.push(bot);
    return bot;
  };
  for (let count = 0; count < (options.replicas ?? 1); count++) await replica();
  return {
    ...{ surroundings, slack, cluster, bots, replica },
    async measured(query) {
      const answer = await fetch(`${cluster.mesh.prometheusUrl}/api/v1/query?query=${encodeURIComponent(query)}`);
      const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
      return Number(data.result[0]?.value[1] ?? 0);
    },
    async close() {
      await Promise.all(bots.map(bot => bot.stop()));
      await surroundings.close();
    },
  };
}
