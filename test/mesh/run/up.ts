/** Starts the lab: a cluster, Istio, telemetry and Bookinfo, ready when it answers. */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { at, running } from '../places.ts';
import { applyText } from '../shell.ts';
import { startControlPlane } from './control-plane.ts';
import { takeAway } from './down.ts';
import { installIstio, manifest } from './istio.ts';
import { alone } from './lock.ts';
import { hasNetwork, makeNetwork } from './network.ts';
import { startContainerd, startKubelet } from './node.ts';
import { firstEnded } from './processes.ts';
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
    const work = new AbortController();
    try {
      await Promise.race([starting(tell), oneEnded(work.signal)]);
    } catch (error) {
      await takeAway();
      throw error;
    } finally {
      work.abort();
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

/** Throws once a program of the lab has ended, which none of them should. */
async function oneEnded(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const name = firstEnded();
    if (name !== undefined) throw new Error(`${name} has ended; ${at('log', `${name}.log`)} says why`);
    await sleep(250, undefined, { signal }).catch(() => {});
  }
}
