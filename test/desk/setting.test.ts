/** Settings over the local Slack and Kubernetes: stored before they are acknowledged, once, told to everybody or refused. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OWN_NAMESPACE } from '../../src/sandbox/cluster.ts';
import { MESH, RIKO, SAM } from '../../src/sandbox/slack/people.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';

describe('a setting', () => {
  let world: LocalWorld;
  beforeAll(async () => {
    world = await startLocalWorld({ replicas: 2 });
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.cluster.kubernetes.rights.allowAll();
    for (const { metadata } of schedules()) {
      const ref = { apiVersion: 'meshbot.dev/v1alpha1', kind: 'HealthSchedule', namespace: OWN_NAMESPACE };
      world.cluster.kubernetes.delete({ ...ref, name: metadata.name });
    }
  });

  const schedules = () => world.cluster.kubernetes.list('HealthSchedule', OWN_NAMESPACE);
  const said = () => world.slack.messages(MESH.id).map(({ text }) => text);

  /** What the person alone is told next. */
  async function told(line: string): Promise<string> {
    const riko = world.slack.as(RIKO);
    const before = riko.ephemerals().length;
    await riko.say(MESH.id, line);
    return JSON.stringify((await world.slack.until(() => riko.ephemerals()[before])).blocks);
  }

  it('is stored by the time that it is acknowledged, and then told in the channel', async () => {
    expect(await world.slack.as(RIKO).say(MESH.id, '/mesh health every weekday 9:00 in #mesh')).toEqual({ ok: true });
    // The zone is the one that Slack knows of Riko.
    expect(schedules().map(({ spec }) => spec)).toEqual([
      { when: 'weekday 09:00', tz: 'Etc/UTC', channel: MESH.id, by: { team: RIKO.team, user: RIKO.id } },
    ]);
    await world.slack.until(() => said().some(text => text.includes('every weekday at 09:00 (Etc/UTC)')));
  });

  it('that is delivered twice is stored once and told once', async () => {
    const before = said().length;
    world.slack.faults.add({ kind: 'duplicate', times: 1 });
    await world.slack.as(RIKO).say(MESH.id, '/mesh health every monday 9:00');
    await world.slack.until(() => said().length > before);
    await world.slack.as(RIKO).say(MESH.id, '/mesh health every tuesday 9:00');
    await world.slack.until(() => said().filter(text => text.includes('Tuesday')).length === 1);
    expect(schedules()).toHaveLength(2);
    // Another replica cannot know that it was told; the same one does.
    expect(said().filter(text => text.includes('Monday')).length).toBeLessThanOrEqual(2);
  });

  it('that cannot be stored is told to whoever asked, and to nobody else', async () => {
    const before = said().length;
    world.cluster.kubernetes.rights.deny({ verb: 'create', resource: 'healthschedules' });
    expect(await told('/mesh health every day 9:00')).toContain('Nothing was stored');
    expect([schedules().length, said().length]).toEqual([0, before]);
  });

  it('that is a question is answered to the one who asked', async () => {
    const before = said().length;
    expect(await told('/mesh health list')).toContain('No health posts are scheduled');
    expect(said()).toHaveLength(before);
  });

  it('may be shared with the channel where it is a question', async () => {
    await world.slack.as(SAM).say(MESH.id, '/mesh health --share');
    await world.slack.until(() => said().some(text => /^(All is well|One thing|\d+ things)/.test(text)));
  });
});
