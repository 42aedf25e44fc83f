/** People of another company read the shared channel; they learn nothing of the mesh, and nothing of theirs is stored. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP, LENA, MESH, RIKO, SAM } from '../../src/sandbox/slack/people.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';

const REFUSED = /Guests and people of other companies may not do this/;

describe('a guest from another company', () => {
  let world: LocalWorld;
  beforeAll(async () => {
    world = await startLocalWorld();
  });
  afterAll(() => world.close());

  const changes = () => world.cluster.kubernetes.list('MeshChange');

  async function told(deed: () => Promise<unknown>): Promise<string> {
    const lena = world.slack.as(LENA);
    const before = lena.ephemerals().length;
    await deed();
    const said = await world.slack.until(() => lena.ephemerals()[before]);
    return JSON.stringify(said.blocks);
  }

  it.each([
    'shift revews v3 50',
    'shift reviews v9 50',
    'status nope',
    'curl revew/x',
    'shift reviews v3 50',
    'undo',
    'health',
    'health list',
    'health every day 9:00',
    '',
  ])('is refused and told no names: /mesh %s', async text => {
    const said = await told(() => world.slack.as(LENA).say(MESH.id, `/mesh ${text}`));
    expect(said).toMatch(REFUSED);
    expect(said).not.toMatch(/reviews|v3|ratings/);
    expect(world.slack.as(LENA).modals()).toHaveLength(0);
    expect(changes()).toHaveLength(0);
    expect(world.cluster.kubernetes.list('HealthSchedule')).toHaveLength(0);
  });

  it('gets no form from a button that somebody else called for', async () => {
    await world.slack.as(RIKO).say(MESH.id, `<@${APP.botUser}>`);
    const open = await world.slack.until(() =>
      world.slack.messages(MESH.id).find(({ blocks }) => `${JSON.stringify(blocks)}`.includes('"open-form"')),
    );
    expect(await told(() => world.slack.as(LENA).click(open, 'open-form'))).toMatch(REFUSED);
    expect(world.slack.as(LENA).modals()).toHaveLength(0);
  });

  it('cannot fill up the clicks that a change waits for', async () => {
    await world.slack.as(RIKO).say(MESH.id, '/mesh shift reviews v3 50');
    const card = await world.slack.until(() =>
      world.slack.messages(MESH.id).find(({ blocks }) => `${JSON.stringify(blocks)}`.includes('"Approve"')),
    );
    expect(await told(() => world.slack.as(LENA).click(card, 'approve'))).toMatch(REFUSED);
    const [change] = changes();
    expect(JSON.stringify(change)).not.toContain(LENA.id);
    await world.slack.as(SAM).click(card, 'approve');
    await world.slack.until(() => JSON.stringify(changes()).includes('"Applied"'));
  });
});
