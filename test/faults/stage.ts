/** What a story of a fault is told with: the real mesh, meshbot under its own account, and what can be broken. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { MeshChange } from '../../src/change/meshchange.ts';
import { OWN_NAMESPACE } from '../../src/sandbox/cluster.ts';
import { KUBECONFIG, NODE, PORT } from '../mesh/places.ts';
import { startApiServer } from '../mesh/run/control-plane.ts';
import { kill } from '../mesh/run/processes.ts';
import { run } from '../mesh/shell.ts';
import { type Shop, shopIn } from '../scenarios/shop.ts';
import { type Talk, talkIn } from '../scenarios/talk.ts';
import { meshWorld } from '../scenarios/world/mesh.ts';
import type { World } from '../scenarios/world/world.ts';
import { closeAccount, openAccount, WATCHED } from './account.ts';
import { layWire, type Wire } from './wire.ts';

/** Throws, quoting what it said, when it fails. */
export type Kubectl = (args: string[], input?: string) => Promise<string>;

/** What only a cluster of our own lets be broken. */
export interface Lab {
  /** meshbot's line to the API server. */
  wire: Wire;
  killApiServer(): Promise<void>;
  /** Answers once it is ready. */
  startApiServer(): Promise<void>;
}

export interface Stage {
  world: World;
  talk: Talk;
  shop: Shop;
  kubectl: Kubectl;
  /** undefined: this is somebody's cluster. */
  lab: Lab | undefined;
  /** The newest change as it is kept. */
  newest(): Promise<MeshChange>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const { MESHBOT_TEST_KUBECONFIG: kubeconfig, MESHBOT_TEST_ZIPKIN, MESHBOT_TEST_PROMETHEUS } = process.env;
  if (!kubeconfig) throw new Error('MESHBOT_TEST_KUBECONFIG names no cluster; npm run test:mesh sets it');
  const kubectl: Kubectl = (args, input) =>
    run('kubectl', ['--kubeconfig', kubeconfig, ...args], input === undefined ? {} : { input });
  const lab = kubeconfig === KUBECONFIG ? await openLab() : undefined;
  // The API server's certificate is made out to this name too.
  const account = await openAccount(kubectl, lab && `https://localhost:${lab.wire.port}`);
  const world = await meshWorld({
    kubeconfig,
    telemetry: {
      ...(MESHBOT_TEST_ZIPKIN && { zipkin: MESHBOT_TEST_ZIPKIN }),
      ...(MESHBOT_TEST_PROMETHEUS && { prometheus: MESHBOT_TEST_PROMETHEUS }),
    },
    meshbot: { kubeconfig: account, watch: WATCHED },
  });
  return {
    world,
    talk: talkIn(world.slack),
    shop: shopIn(world),
    kubectl,
    lab,
    async newest() {
      const all = (await world.list('meshchanges', OWN_NAMESPACE)) as unknown as MeshChange[];
      const created = ({ metadata }: MeshChange) => metadata.creationTimestamp ?? '';
      return all.sort((a, b) => created(b).localeCompare(created(a)))[0]!;
    },
    async close() {
      await world.close();
      await closeAccount(kubectl);
      await lab?.wire.close();
    },
  };
}

async function openLab(): Promise<Lab> {
  return {
    wire: await layWire({ host: NODE.address, port: PORT.kubernetes }),
    killApiServer: () => kill('apiserver'),
    startApiServer,
  };
}

/** Asks until it is so; throws with `what` was waited for. */
export async function eventually(what: string, isSo: () => Promise<boolean> | boolean, patience = 30_000) {
  const end = Date.now() + patience;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(10);
  }
}
