/** Keeps the lab's own machinery from taking the time of pairs. */
import { stop } from '../mesh/run/processes.ts';
import { startBeside } from '../mesh/run/telemetry.ts';

/** For `run.ts`: the proxies of Bookinfo are not told of what goes on here. */
export const LAB_ALONE = { TRUTH_BYSTANDERS: 'default' };

/**
 * Metrics are made out of access logs, once for each pair of workload and service: with a thousand Services that takes
 * as much time as all proxies together. `stays`: the lab does, so they are made again afterwards.
 */
export async function withoutMetrics<T>(stays: boolean, work: () => Promise<T>): Promise<T> {
  await stop('beside');
  try {
    return await work();
  } finally {
    if (stays) startBeside();
  }
}
