import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest';
import { KUBECONFIG } from '../mesh/places.ts';
import { chosenWorld } from '../scenarios/world/chosen.ts';
import type { Fault } from './fault.ts';
import { openStage, type Stage } from './stage.ts';

const FOLDER = join(import.meta.dirname, 'stories');
const faults = await Promise.all(
  readdirSync(FOLDER)
    .sort()
    .map(async file => ((await import(join(FOLDER, file))) as { default: Fault }).default),
);

const isLab = process.env.MESHBOT_TEST_KUBECONFIG === KUBECONFIG;

describe.skipIf(chosenWorld !== 'mesh')('faults, which only the real mesh has', { timeout: 300_000 }, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  }, 120_000);
  afterAll(() => stage?.close(), 60_000);
  beforeEach(async () => {
    await stage.settle();
    await stage.shop.reset();
  }, 240_000);

  for (const { title, inLab, story } of faults) {
    it.skipIf(inLab && !isLab)(title, () => story(stage));
  }
});
