/** The same promises over real HTTP: the adapters, and a Kubernetes API with the MeshChange kind as it is deployed. */
import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KubeObject } from '../../src/object.ts';
import { type LocalKubernetes, startKubernetes } from '../../src/sandbox/kubernetes/kubernetes.ts';
import { fastClock, runHttpSchedule } from './world/http-chaos.ts';

const SCHEDULES = Number(process.env.MESHBOT_HTTP_SCHEDULES ?? 50);
const FIRST = Number(process.env.MESHBOT_SEED ?? 1);
/** Schedules at once: they mostly wait. Each holds some thirty watches, and a crowd at the door is not what is tested. */
const AT_ONCE = 4;

let kubernetes: LocalKubernetes;

beforeAll(async () => {
  kubernetes = await startKubernetes({ now: fastClock.now });
  kubernetes.requests.record(false);
  const definitions = loadAll(readFileSync(new URL('../../deploy/crd.yaml', import.meta.url), 'utf8'));
  for (const definition of definitions) kubernetes.apply(definition as KubeObject);
});

afterAll(() => kubernetes.close());

it('replicas that are killed keep their promises over HTTP', async () => {
  const ends: string[] = [];
  let next = FIRST;
  const run = async (): Promise<void> => {
    while (next < FIRST + SCHEDULES) {
      const seed = next++;
      try {
        ends.push(...(await runHttpSchedule(kubernetes, seed)));
      } catch (error) {
        const again = `MESHBOT_HTTP_SCHEDULES=1 MESHBOT_SEED=${seed}`;
        throw new Error(`schedule broke a promise: run it alone with ${again}`, { cause: error });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, run));
  expect(ends).toContain('Verified');
}, 300_000);
