import { expect, test } from 'vitest';
import * as world from '../../../src/sandbox/slack/people.ts';
import {
  LENA,
  MESH,
  MINA,
  ON_CALL,
  PARTNER_TEAM,
  PAUL,
  RELEASES,
  RIKO,
  SAM,
  TEAM,
  WAR_ROOM,
} from '../../../src/sandbox/slack/people.ts';
import { client, local, refusal } from './local.ts';

test("every id has Slack's form", () => {
  for (const person of world.PEOPLE) expect(person.id).toMatch(/^U[A-Z0-9]{9}$/);
  for (const channel of world.CHANNELS) expect(channel.id).toMatch(/^C[A-Z0-9]{9}$/);
  expect(TEAM.id).toMatch(/^T[A-Z0-9]{9}$/);
  expect(ON_CALL.id).toMatch(/^S[A-Z0-9]{8}$/);
});

test('users.info tells a guest of another company, and who has left, from the team', async () => {
  const web = client(await local());
  expect((await web.users.info({ user: RIKO.id })).user).toMatchObject({
    team_id: TEAM.id,
    real_name: 'Riko Tanaka',
    deleted: false,
    is_bot: false,
  });
  expect((await web.users.info({ user: LENA.id })).user).toMatchObject({ team_id: PARTNER_TEAM.id, is_stranger: true });
  expect((await web.users.info({ user: PAUL.id })).user).toMatchObject({ deleted: true });
  expect((await web.users.info({ user: RIKO.id })).user?.profile).not.toHaveProperty('email');
  expect(await refusal(web.users.info({ user: 'UNOBODY000' }))).toMatchObject({ error: 'user_not_found' });
});

test('the group on call has its members, also after they change', async () => {
  const slack = await local();
  const web = client(slack);
  expect((await web.usergroups.users.list({ usergroup: ON_CALL.id })).users).toEqual([SAM.id, MINA.id]);
  slack.world.group(ON_CALL.id)!.users = [RIKO.id];
  expect((await web.usergroups.users.list({ usergroup: ON_CALL.id })).users).toEqual([RIKO.id]);
  expect(await refusal(web.usergroups.users.list({ usergroup: 'SNOBODY00' }))).toMatchObject({
    error: 'no_such_subteam',
  });
  const listed = await web.usergroups.list({ include_users: true });
  expect(listed.usergroups).toMatchObject([{ id: ON_CALL.id, handle: 'mesh-oncall', users: [RIKO.id] }]);
});

test('conversations.list hides private channels the app is not in', async () => {
  const web = client(await local());
  const listed = await web.conversations.list({ types: 'public_channel,private_channel', exclude_archived: true });
  const ids = listed.channels?.map(channel => channel.id);
  expect(ids).toEqual(expect.arrayContaining([MESH.id, RELEASES.id]));
  expect(ids).not.toContain(WAR_ROOM.id);
  expect((await web.conversations.info({ channel: MESH.id })).channel).toMatchObject({
    name: 'mesh',
    is_member: true,
    is_ext_shared: true,
  });
  expect((await web.conversations.members({ channel: MESH.id })).members).toContain(LENA.id);
});

test('users.list comes in pages, without people of other companies', async () => {
  const web = client(await local());
  const seen: string[] = [];
  for await (const page of web.paginate('users.list', { limit: 2 })) {
    const { members } = page as { members?: { id: string }[] };
    seen.push(...(members ?? []).map(member => member.id));
  }
  expect(seen).toHaveLength(world.PEOPLE.length - 1);
  expect(seen).not.toContain(LENA.id);
});

test('a direct message opens by person and can be written to', async () => {
  const slack = await local({ scopes: ['chat:write', 'im:write'] });
  const web = client(slack);
  const opened = await web.conversations.open({ users: RIKO.id });
  expect(opened.channel?.id).toBe(slack.as(RIKO).directMessages());
  await web.chat.postMessage({ channel: RIKO.id, text: 'hello' });
  expect(slack.as(RIKO).messages(opened.channel!.id!)).toMatchObject([{ text: 'hello' }]);
});
