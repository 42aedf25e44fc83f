/** A freeze and its override, and why a routing is as it is, as people in a channel see them. */
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/object.ts';
import { OWN_NAMESPACE } from '../../src/sandbox/cluster.ts';
import { setStage } from './stage.ts';

const stage = setStage({ replicas: 2, load: 4 });

const freezes = () => stage.world.cluster.kubernetes.list('MeshFreeze', OWN_NAMESPACE);
const reviews = () =>
  stage.world.cluster.kubernetes.list('VirtualService', 'default').find(({ metadata }) => metadata.name === 'reviews')!;

describe('a freeze, in the browser', { timeout: 240_000 }, () => {
  it('is told in the channel, with its end by the clock of whoever asked', async () => {
    await stage.slack.become('Riko Tanaka');
    await stage.slack.type(
      '/mesh freeze namespace default until tomorrow 9:00 --tz Europe/Berlin --reason "release night"',
    );
    const told = stage.slack.message('froze namespace default');
    await told.waitFor();
    expect(await stage.slack.read(told)).toMatch(/until tomorrow 9:00 \(Europe\/Berlin\)[\s\S]*release night/);
    expect(freezes()).toMatchObject([{ spec: { namespace: 'default', reason: 'release night' } }]);
  });

  it('refuses a change, and says how to go on', async () => {
    await stage.slack.type('/mesh shift reviews v3 50');
    const card = stage.slack.message('It is frozen');
    await card.waitFor();
    const text = await stage.slack.read(card);
    expect(text).toContain('Namespace default is frozen until');
    expect(text).toContain('unfreeze freeze-');
    await stage.slack.shot('freeze-refused');
  });

  it('is told by status and by pending', async () => {
    await stage.slack.ask('/mesh status reviews', 'namespace default is frozen');
    await stage.slack.ask('/mesh pending', /No change is pending[\s\S]*release night/);
    await stage.slack.shot('freeze-status');
  });

  it('is lifted, and the change goes its way', async () => {
    await stage.slack.type('/mesh unfreeze namespace default');
    await stage.slack.message('lifted the freeze of namespace default').waitFor();
    expect(freezes()).toEqual([]);
    await stage.slack.carryOut('/mesh shift reviews v3 50', 'Send 50 % of reviews to v3');
    await stage.slack.shot('freeze-lifted');
  });
});

describe('why, in the browser', { timeout: 240_000 }, () => {
  it('lays each route to the change or the hand that made it, with the receipt', async () => {
    const answer = await stage.slack.ask('/mesh why reviews', 'Why requests to reviews go where they go');
    const text = await stage.slack.read(answer);
    expect(text).toMatch(/All other requests go 50 % to reviews v1, 50 % to reviews v3\. That is shift-\w+ \(/);
    expect(text).toMatch(/end-user = jason go to reviews v2\. That was probably set by/);
    expect(text).toContain('open its thread');
    await stage.slack.shot('why');
  });

  it('names who changed it since', async () => {
    const live = reviews();
    const spec = JSON.parse(
      JSON.stringify(live.spec).replace('"weight":50', '"weight":20').replace('"weight":50', '"weight":80'),
    );
    stage.world.cluster.kubernetes.apply({ ...live, spec } as KubeObject);
    await expect
      .poll(
        async () => {
          await stage.slack.type('/mesh why reviews');
          const answer = stage.slack.answer('20 % to reviews v1');
          return answer.innerText({ timeout: 3_000 }).catch(() => '');
        },
        { timeout: 30_000, interval: 1_000 },
      )
      .toMatch(/set by sandbox[\s\S]*after shift-\w+/);
    await stage.slack.shot('why-edited');
  });
});
