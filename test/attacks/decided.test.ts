/** Who decides is asked at the click: what was shown, and who was who when it was shown, counts for nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeshChange } from '../../src/change/meshchange.ts';
import type { PageMessage } from '../../src/sandbox/slack/page-protocol.ts';
import { JON, MESH, MINA, ON_CALL, RIKO, SAM, SHOP } from '../../src/sandbox/slack/people.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';

describe('a click that must not count', () => {
  let world: LocalWorld;
  let card: PageMessage;
  let name: string;
  beforeAll(async () => {
    world = await startLocalWorld({ replicas: 2 });
    await world.slack.as(RIKO).say(MESH.id, '/mesh shift reviews v3 50');
    card = await world.slack.until(() =>
      world.slack.messages(MESH.id).find(({ blocks }) => `${JSON.stringify(blocks)}`.includes('"Approve"')),
    );
    name = world.cluster.kubernetes.list('MeshChange')[0]!.metadata.name;
  });
  afterAll(() => world.close());

  const change = (): MeshChange =>
    world.cluster.kubernetes.list('MeshChange').find(({ metadata }) => metadata.name === name) as unknown as MeshChange;
  const digest = (): string => change().status!.plan!.digest;

  async function told(who: { id: string }, value?: string, message = card): Promise<string> {
    const person = world.slack.as(who);
    const before = person.ephemerals().length;
    await person.click(message, 'approve', value);
    const said = await world.slack.until(() => person.ephemerals()[before]);
    return `${JSON.stringify(said.blocks)}`;
  }

  it('is of the one who asked', async () => {
    expect(await told(RIKO)).toContain('somebody else has to approve it');
  });

  it('is of somebody whom the policy does not name', async () => {
    expect(await told(JON)).toContain('You may not approve this');
  });

  it.each([
    ['none of a digest', (name: string) => `${name}_`],
    ['a part of the digest', (name: string) => `${name}_${digest().slice(0, 8)}`],
    ['another digest', (name: string) => `${name}_0123456789abcdef`],
    ['another change', () => `shift-0000000000_${digest().slice(0, 16)}`],
    ['something that is no name', () => '../../shift_x'],
    ['the name of a prototype', () => '__proto__'],
  ])('carries %s', async (_, value) => {
    expect(await told(SAM, value(change().metadata.name))).toMatch(/planned again|not known|cannot be read/);
  });

  it('comes from another channel', async () => {
    await world.slack.as(RIKO).say(SHOP.id, '/mesh shift ratings v1 100');
    await world.slack.as(RIKO).say(SHOP.id, '/mesh shift details v1 100');
    const elsewhere = await world.slack.until(() =>
      world.slack.messages(SHOP.id).find(({ blocks }) => `${JSON.stringify(blocks)}`.includes('"approve"')),
    );
    const value = `${change().metadata.name}_${digest().slice(0, 16)}`;
    expect(await told(SAM, value, elsewhere)).toContain('not on the card');
  });

  it('is of somebody who left the group since the card was posted', async () => {
    const group = world.slack.world.groups.find(({ id }) => id === ON_CALL.id)!;
    group.users = [MINA.id];
    expect(await told(SAM)).toContain('You may not approve this');
    group.users = [SAM.id, MINA.id];
  });

  it('is of somebody whose account was closed since', async () => {
    const sam = world.slack.world.people.find(({ id }) => id === SAM.id)!;
    sam.isDeleted = true;
    await world.slack.as(SAM).click(card, 'approve');
    await world.slack.until(() => change().status!.decisions.every(({ verdict }) => verdict));
    sam.isDeleted = false;
    expect(change().status!.decisions.at(-1)).toMatchObject({ user: SAM.id, verdict: 'refused' });
  });

  it('has changed nothing so far, and one that may counts', async () => {
    expect(change().status).toMatchObject({ phase: 'Planned', approvals: [] });
    await Promise.all([world.slack.as(SAM).click(card, 'approve'), world.slack.as(MINA).click(card, 'approve')]);
    await world.slack.until(() => change().status!.history.some(({ phase }) => phase === 'Applied'));
    expect(change().status!.approvals).toHaveLength(1);
    const object = world.cluster.kubernetes.get(change().status!.plan!.writes[0]!.ref);
    expect(object?.metadata.generation).toBe((change().status!.plan!.writes[0]!.before?.metadata.generation ?? 0) + 1);
  });
});
