/** What a story of a fault is told with: the real mesh, meshbot under its own account, and what can be broken. */
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
import { restartIstiod } from './istiod.ts';
import type { Kubectl } from './kubectl.ts';
import { layWire, type Wire } from './wire.ts';

/** What only a cluster of our own lets be broken. */
export interface Lab {
  /** meshbot's line to the API server. */
  wire: Wire;
  /** Epoch ms; 0: never. */
  killedAt(): number;
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
  /** Nobody in the mesh waits any more because of what the story before has broken. */
  settle(): Promise<void>;
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
    async settle() {
      if (lab && Date.now() - lab.killedAt() < FORGETTING) await restartIstiod(kubectl);
    },
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

/**
 * ms. Whoever watches the API server waits longer each time that it is away, a minute in the end, and forgets that after
 * two minutes without: https://pkg.go.dev/k8s.io/client-go/tools/cache#Reflector
 */
const FORGETTING = 150_000;

async function openLab(): Promise<Lab> {
  let killed = 0;
  return {
    wire: await layWire({ host: NODE.address, port: PORT.kubernetes }),
    killedAt: () => killed,
    async killApiServer() {
      await kill('apiserver');
      killed = Date.now();
    },
    startApiServer,
  };
}
