/** An approval is for what people saw it do, so the mesh around the written objects must not have moved either. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject, KubeObject } from '../../src/object.ts';
import { MESH, RIKO, SAM } from '../../src/sandbox/slack/people.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';

const REVIEWS = { apiVersion: 'networking.istio.io/v1', namespace: 'default', name: 'reviews' };

describe('a plan that was shown before the mesh around it moved', () => {
  let world: LocalWorld;
  beforeEach(async () => {
    world = await startLocalWorld();
  });
  afterEach(() => world.close());

  const card = () => world.slack.messages(MESH.id).at(0);
  const drawn = () => JSON.stringify(card()?.blocks) ?? '';
  const routes = () => JSON.stringify(world.cluster.kubernetes.get({ ...REVIEWS, kind: 'VirtualService' })?.spec);

  async function shown(): Promise<void> {
    await world.slack.as(RIKO).say(MESH.id, '/mesh shift reviews v3 50');
    await world.slack.until(() => drawn().includes('"Approve"'));
  }

  function changeSubsets(change: (subsets: JsonObject[]) => JsonObject[]): void {
    const rule = world.cluster.kubernetes.get({ ...REVIEWS, kind: 'DestinationRule' });
    if (!rule) throw new Error('there is no DestinationRule reviews');
    const subsets = change(structuredClone(rule.spec?.subsets) as JsonObject[]);
    world.cluster.kubernetes.apply({ ...rule, spec: { ...rule.spec, subsets } } as KubeObject);
  }

  it('is planned again when the subset it sends requests to is gone', async () => {
    await shown();
    const before = routes();
    changeSubsets(subsets => subsets.filter(({ name }) => name !== 'v3'));
    await world.slack.as(SAM).click(card()!, 'approve');
    await world.slack.until(() => drawn().includes('Planned again'));
    expect(routes()).toBe(before);
    expect(drawn()).toContain('DestinationRule default/reviews');
  });

  it('shows what it would do by now before anybody clicks', async () => {
    await shown();
    changeSubsets(subsets => subsets.filter(({ name }) => name !== 'v3'));
    await world.slack.until(() => drawn().includes('Planned again'));
  });

  it('is planned again when the subset stands for other pods by now', async () => {
    await shown();
    const before = routes();
    changeSubsets(subsets =>
      subsets.map(subset => (subset.name === 'v3' ? { ...subset, labels: { version: 'v2' } } : subset)),
    );
    await world.slack.as(SAM).click(card()!, 'approve');
    await world.slack.until(() => drawn().includes('Planned again') || drawn().includes('Refused'));
    expect(routes()).toBe(before);
  });

  it('is written when only something else in the mesh moved', async () => {
    await shown();
    const service = world.cluster.kubernetes.get({
      ...{ apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'details' },
    });
    world.cluster.kubernetes.apply({ ...service!, metadata: { ...service!.metadata, labels: { seen: 'yes' } } });
    await world.slack.as(SAM).click(card()!, 'approve');
    await world.slack.until(() => routes().includes('"weight":50'));
  });
});
