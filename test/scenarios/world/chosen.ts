/** Which world the stories are told in: MESHBOT_WORLD, `local` unless told. */
import { localWorld } from './local.ts';
import { meshWorld } from './mesh.ts';
import type { World } from './world.ts';

export const chosenWorld: World['name'] = process.env.MESHBOT_WORLD === 'mesh' ? 'mesh' : 'local';

/** MESHBOT_TEST_KUBECONFIG, MESHBOT_TEST_ZIPKIN and MESHBOT_TEST_PROMETHEUS say where the mesh is. */
export function openWorld(): Promise<World> {
  if (chosenWorld === 'local') return localWorld();
  const { MESHBOT_TEST_KUBECONFIG: kubeconfig, MESHBOT_TEST_ZIPKIN, MESHBOT_TEST_PROMETHEUS } = process.env;
  if (!kubeconfig) throw new Error('MESHBOT_TEST_KUBECONFIG names no cluster; npm run test:mesh sets it');
  return meshWorld({
    kubeconfig,
    telemetry: {
      ...(MESHBOT_TEST_ZIPKIN && { zipkin: MESHBOT_TEST_ZIPKIN }),
      ...(MESHBOT_TEST_PROMETHEUS && { prometheus: MESHBOT_TEST_PROMETHEUS }),
    },
  });
}
