/** Starts the lab: a cluster, Istio, telemetry and Bookinfo, ready when it answers. */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { running } from '../places.ts';
import { applyText } from '../shell.ts';
import { startControlPlane } from './control-plane.ts';
import { takeAway } from './down.ts';
import { installIstio, manifest } from './istio.ts';
import { alone } from './lock.ts';
import { hasNetwork, makeNetwork } from './network.ts';
import { startContainerd, startKubelet } from './node.ts';
import { whileAllRun } from './processes.ts';
import { applyShop, deploymentsReady } from './shop.ts';
import { startBeside, startTelemetry } from './telemetry.ts';

const READY = running('ready');

export const isUp = () => hasNetwork() && existsSync(READY);

/** What is left of an earlier lab is taken away first. When it fails, the logs stay in `log/`, and the rest is taken away. */
export function up(tell: (line: string) => void): Promise<void> {
  return alone(async () => {
    // Somebody else may have started it meanwhile.
    if (isUp()) return;
    const begin = performance.now();
    await takeAway();
    mkdirSync(running(), { recursive: true });
    try {
      await whileAllRun(() => starting(tell));
    } catch (error) {
      await takeAway();
      throw error;
    }
    writeFileSync(READY, '');
    tell(`The mesh is up after ${Math.round((performance.now() - begin) / 1000)} s: npm run mesh -- kubectl get pods`);
  });
}

async function starting(tell: (line: string) => void): Promise<void> {
  await makeNetwork();
  startTelemetry();
  await Promise.all([startControlPlane(), startContainerd(tell)]);
  startKubelet();
  await applyText(manifest('dns.yaml'));
  startBeside();
  await installIstio();
  await applyText(manifest('telemetry.yaml'));
  await applyShop();
  await deploymentsReady();
}
