/** A mesh that does not do what was written: the receipt says "not proven", and of each sabotage why. */
import { describe, test } from 'vitest';
import type { KubeObject } from '../../src/object.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';
import { tell } from '../verbs/told.ts';

// biome-ignore lint/correctness/noEmptyPattern: Vitest reads the names of other fixtures there, and this one needs none.
const it = test.extend('world', async ({}, { onCleanup }) => {
  const world = await startLocalWorld();
  onCleanup(() => world.close());
  return world;
});

// Side by side, each in a world of its own: most of it is the patience of the proof.
describe.concurrent('a change that the mesh does not follow', { timeout: 180_000 }, () => {
  it('is proven, and says how many proxies hold it, where nothing is wrong', async ({ world, expect }) => {
    const { receipt } = await tell(world, '/mesh shift reviews v3 50');
    expect(receipt).toContain('Proven: consistent with 50 %');
    expect(receipt).toMatch(/(\d+) of \1 proxies hold the new route/);
  });

  it('was not taken by any proxy', async ({ world, expect }) => {
    world.cluster.mesh.freeze('all');
    const { receipt } = await tell(world, '/mesh shift reviews v3 100');
    expect(receipt).toMatch(/Not proven: the route was not taken: all \d+ proxies still hold the one before it/);
  });

  it('is stuck at one proxy, which is named', async ({ world, expect }) => {
    const [productpage] = podsOf(world, 'productpage');
    world.cluster.mesh.freeze(`default/${productpage!.metadata.name}`);
    const { receipt } = await tell(world, '/mesh shift reviews v3 100');
    expect(receipt).toMatch(/Not proven: 1 of \d+ proxies is stuck: productpage-v1-[a-z0-9-]+\.default still holds/);
  });

  it('cannot be told from the change where nobody may ask the proxies, and little was to move', async ({
    world,
    expect,
  }) => {
    world.cluster.kubernetes.rights.deny({ resource: 'pods/exec' });
    // Much of it is told by requests alone, and so is little from nothing.
    const half = await tell(world, '/mesh shift reviews v3 50');
    expect(half.receipt).toContain('Proven: consistent with 50 %');
    expect(half.receipt).toContain('Which proxies hold the new route is not known');
    world.cluster.mesh.freeze('all');
    const { receipt } = await tell(world, '/mesh shift reviews v3 55');
    expect(receipt).toContain('Not proven: the requests look the same as before the change (50 % to v1, 50 % to v3)');
    expect(receipt).toContain('apply deploy/exec.yaml in the namespaces of the clients');
  });

  it('by two percent is proven by requests alone, and they are counted', async ({ world, expect }) => {
    world.cluster.kubernetes.rights.deny({ resource: 'pods/exec' });
    const { receipt } = await tell(world, '/mesh shift reviews v3 2');
    expect(receipt).toMatch(
      /Proven: consistent with 98 % to v1, 2 % to v3 \(\d+ requests, .*v3 was seen \d+ times? of \d+/,
    );
  });

  it('leads to a subset that has become empty', async ({ world, expect }) => {
    const { receipt } = await tell(world, '/mesh shift reviews v3 100', 60_000, () => {
      for (const pod of podsOf(world, 'reviews', 'v3')) world.cluster.kubernetes.apply(unready(pod));
    });
    expect(receipt).toContain('Not proven');
    expect(receipt).toMatch(/requests fail at v3: [^;"]*(ready|Ready)/);
  });

  it('asks for a header that is lost on the way', async ({ world, expect }) => {
    world.cluster.mesh.lose('end-user');
    const { receipt } = await tell(world, '/mesh route reviews v3 --header end-user=jason');
    expect(receipt).toMatch(
      /requests sent with end-user: jason went as those without: end-user seems to be lost before reviews/,
    );
    expect(receipt).toContain('Not proven');
  });

  it('cannot be followed, for the headers of the trace are lost', async ({ world, expect }) => {
    for (const header of [
      'traceparent',
      'x-b3-traceid',
      'x-b3-spanid',
      'x-b3-sampled',
      'x-b3-parentspanid',
      'x-request-id',
      'b3',
    ]) {
      world.cluster.mesh.lose(header);
    }
    const { receipt } = await tell(world, '/mesh shift reviews v3 50');
    expect(receipt).toContain('Not proven');
    expect(receipt).toMatch(/\d+ traces came, but end before reviews\.default: an app on the way does not pass on/);
  });
});

function podsOf({ cluster }: LocalWorld, app: string, version?: string): KubeObject[] {
  return cluster.kubernetes
    .list('Pod', 'default')
    .filter(({ metadata: { labels = {} } }) => labels.app === app && (!version || labels.version === version));
}

function unready(pod: KubeObject): KubeObject {
  const conditions = [{ type: 'Ready', status: 'False' }];
  return { ...pod, status: { ...pod.status, conditions } };
}
