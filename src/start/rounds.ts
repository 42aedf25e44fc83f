/** Health posts at their times: node-cron tells that time goes on, the schedules tell what is due. */
import { setImmediate } from 'node:timers/promises';
import cron from 'node-cron';
import type { Chat, Clock, Log, Random, RecordStore } from '../ports.ts';
import type { HealthSchedule } from '../records/health-schedule.ts';
import { type Links, linksOf } from '../rounds/links.ts';
import { type LookContext, look } from '../rounds/look.ts';
import { memoryOf } from '../rounds/memory.ts';
import { startRounds } from '../rounds/rounds.ts';
import { viewOf } from '../rounds/view.ts';

/** So late can a post be, in s, where nothing else delays it. */
const EVERY = '*/2 * * * * *';

export interface HealthPosts {
  stop(): Promise<void>;
}

export interface HealthPostsOptions extends LookContext {
  schedules: RecordStore<HealthSchedule>;
  chat: Chat;
  clock: Clock;
  random: Random;
  log: Log;
  /** This process. */
  holder: string;
  links: Links;
  /** Resolves when nobody waits for an acknowledgement. */
  courtesy(): Promise<void>;
}

export function startHealthPosts(options: HealthPostsOptions): HealthPosts {
  const { schedules, cluster, namespace: reader, courtesy } = options;
  const pause = async (): Promise<void> => {
    await setImmediate();
    await courtesy();
  };
  const rounds = startRounds({
    ...options,
    store: schedules,
    async look(schedule, { missed }) {
      const report = await look({ ...options, pause }, memoryOf(schedule.status?.last?.memory));
      const links = linksOf(options.links, cluster.world().world);
      return { view: viewOf(report, { reader, links, missed, asked: false }), memory: JSON.stringify(report.memory) };
    },
  });
  const task = cron.schedule(EVERY, () => rounds.tick());
  // A tick that is missed is made up for by the next.
  task.on('execution:missed', () => {});
  return {
    async stop() {
      await task.destroy();
      await rounds.stop();
    },
  };
}
