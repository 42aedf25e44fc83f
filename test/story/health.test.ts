/** Health posts as a channel sees them: asked for, scheduled, quiet, alarmed by somebody's edit, healed, stopped. */
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/object.ts';
import { OWN_NAMESPACE } from '../../src/sandbox/cluster.ts';
import { setStage } from './stage.ts';

const stage = setStage({ replicas: 3, load: 8 });

/** Each hour, in a zone whose next hour does not begin while this runs. */
const zone = new Date().getUTCMinutes() < 30 ? 'UTC' : 'Asia/Kolkata';

const kubernetes = () => stage.world.cluster.kubernetes;
const schedules = () => kubernetes().list('HealthSchedule', OWN_NAMESPACE);

/** As `kubectl apply` by somebody who does not ask meshbot. */
const details = (subset: string): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'details', namespace: 'default' },
  spec: { hosts: ['details'], http: [{ route: [{ destination: { host: 'details', subset } }] }] },
});

const MESH = 'CMESH00001';

/** Posts in #mesh: answers to one person are not among them. */
function posts(): number {
  const texts = stage.world.slack.messages(MESH).map(({ text }) => text);
  return texts.filter(text => /^(All is well|One thing is wrong|\d+ things are wrong)/.test(text)).length;
}

/** Makes the last slot due once more: by hand, what an hour does. */
async function due(): Promise<void> {
  const before = posts();
  const [schedule] = schedules() as [KubeObject];
  kubernetes().apply({ ...schedule, status: { ...schedule.status, slot: 0 } });
  const last = () => schedules()[0]!.status as { turn?: object; slot: number };
  await expect.poll(() => last().slot > 0 && last().turn === undefined, { timeout: 90_000, interval: 200 }).toBe(true);
  expect(posts()).toBe(before + 1);
}

describe('the health of the mesh, in the browser', { timeout: 240_000 }, () => {
  it('is told to whoever asks, alone, with how the services do', async () => {
    await stage.slack.become('Riko Tanaka');
    await stage.slack.ask('/mesh health', 'All is well');
    await stage.slack.shot('health-now');
  });

  it('is scheduled by anybody who may ask for changes, and told in the channel', async () => {
    await stage.slack.type(`/mesh health every 1h in #mesh --tz ${zone}`);
    const told = stage.slack.message('scheduled health posts');
    await told.waitFor();
    expect(await stage.slack.read(told)).toContain('every hour');
    expect(schedules()).toMatchObject([{ spec: { when: '1h', tz: zone, channel: MESH } }]);
    await stage.slack.ask('/mesh health list', 'every hour');
    await stage.slack.shot('health-scheduled');
  });

  it('is one line, once, while all is well', async () => {
    await due();
    const post = stage.slack.message('All is well');
    await post.waitFor();
    expect(await stage.slack.read(post)).not.toContain('Look further');
    await due();
    await stage.slack.message('nothing changed since').waitFor();
    expect(posts()).toBe(2);
    await stage.slack.shot('health-quiet');
  });

  it('names what somebody broke by kubectl, as new, and that it was not meshbot', async () => {
    kubernetes().apply(details('v9'));
    // Requests have to fail before anybody can see that they do.
    await expect.poll(() => failing(), { timeout: 90_000, interval: 500 }).toBe(true);
    await due();
    const post = stage.slack.message('Mesh health');
    await post.getByText('details has no subset v9').first().waitFor();
    const text = await stage.slack.read(post);
    expect(text).toContain('New');
    expect(text).toMatch(/the route is new\. (By .*, not|Not) by meshbot\./);
    expect(text).toMatch(/requests\/s reached no service in the last ten minutes/);
    await stage.slack.shot('health-broken');
    await due();
    await stage.slack.message('all as before').waitFor();
  });

  it('says what healed, who changed what, and what waits', async () => {
    kubernetes().delete({ ...details('v9'), namespace: 'default', name: 'details' });
    await stage.slack.carryOut('/mesh shift reviews v3 50', 'Send 50 % of reviews to v3');
    await stage.slack.propose('/mesh mirror reviews v2 100', 'Mirror');
    await due();
    const post = stage.slack.message('Healed');
    await post.waitFor();
    const text = await stage.slack.read(post);
    expect(text).toMatch(/Healed[\s\S]*details has no subset v9/);
    expect(text).toMatch(/Goes another way[\s\S]*reviews, all other requests: to v1 50 %, v3 50 %, before to v1/);
    expect(text).toMatch(/Changes[\s\S]*Send 50 % of reviews to v3: verified, asked by @?Riko.*approved by @?Sam/i);
    expect(text).toMatch(/Waiting[\s\S]*Planned since/);
    await stage.slack.shot('health-healed');
  });

  it('is stopped by one word, and told', async () => {
    await stage.slack.type('/mesh health stop');
    await stage.slack.message('stopped the health posts').waitFor();
    expect(schedules()).toEqual([]);
  });
});

async function failing(): Promise<boolean> {
  const query = 'sum(rate(istio_requests_total{destination_service="unknown",response_code="503"}[10m]))';
  return (await stage.world.measured(query)) > 0.06;
}
