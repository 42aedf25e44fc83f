/** The core's Chat on Slack's Web API. Every method sends its request once; trying again is the caller's decision. */
import type { WebClient } from '@slack/web-api';
import type { Chat, Clock, Person, Place, Posted } from '../ports.ts';
import type { Background } from './background.ts';
import { render } from './blocks/render.ts';
import { chatError, slackCode } from './errors.ts';
import { newFiles } from './files.ts';
import { findPosted } from './find.ts';
import type { Gallery } from './gallery.ts';
import type { Identity } from './identity.ts';
import { metadataOf } from './metadata.ts';
import { newPace } from './pace.ts';
import { newShowing } from './showing.ts';

export interface ChatOptions {
  client: WebClient;
  identity: Identity;
  /** Teams whose people are no guests; none: the bot's own. */
  teams: string[];
  clock: Clock;
  background: Background;
  gallery: Gallery;
  /** ms between two edits of one message. */
  editGap: number;
}

/** Slack's codes for somebody who cannot be shown anything in that channel: they are told directly instead. */
const NOT_THERE = new Set(['user_not_in_channel', 'not_in_channel', 'channel_not_found', 'is_archived']);
const NO_SUCH_PERSON = new Set(['user_not_found', 'user_not_visible', 'users_not_found']);

const GONE = new Set(['message_not_found', 'channel_not_found', 'not_in_channel']);

/** No previews of addresses. */
const QUIET = { unfurl_links: false, unfurl_media: false } as const;

export function newChat(options: ChatOptions): Chat {
  const { client, identity, clock, background, gallery } = options;
  const pace = newPace(clock, options.editGap);
  const showing = newShowing({ client, clock, background, gallery, pace, files: newFiles(client) });
  const inThread = (place: Place) => (place.thread === undefined ? {} : { thread_ts: place.thread });

  return {
    async post(place, view, key) {
      const drawn = render(view, { surface: 'message', files: true });
      const { text, blocks } = drawn;
      const doing = `post a message to ${place.channel}`;
      try {
        const answer = await client.chat.postMessage({
          channel: place.channel,
          ...inThread(place),
          ...{ text, blocks },
          ...QUIET,
          metadata: metadataOf(key),
        });
        if (!answer.ts) throw new Error('Slack took the message without naming it');
        const posted: Posted = { channel: answer.channel ?? place.channel, ts: answer.ts };
        showing.complete(posted, view, key, drawn, place.thread ?? posted.ts);
        return posted;
      } catch (error) {
        throw chatError(error, doing);
      }
    },

    async find(place, key, since) {
      try {
        return await findPosted(client, identity, place, key, since);
      } catch (error) {
        throw chatError(error, `look for a message in ${place.channel}`);
      }
    },

    async update(posted, view, key) {
      try {
        await showing.edit(posted, view, key);
      } catch (error) {
        throw chatError(error, `edit message ${posted.ts} of ${posted.channel}`);
      }
    },

    async whisper(place, person, view) {
      const { text, blocks } = render(view, { surface: 'message', files: false });
      try {
        await client.chat.postEphemeral({ channel: place.channel, user: person, ...inThread(place), text, blocks });
      } catch (error) {
        if (!NOT_THERE.has(slackCode(error) ?? '')) throw chatError(error, `tell ${person} something`);
        try {
          await client.chat.postMessage({ channel: person, text, blocks, ...QUIET });
        } catch (direct) {
          throw chatError(direct, `tell ${person} something directly`);
        }
      }
    },

    async person(id) {
      try {
        const { user } = await client.users.info({ user: id });
        return user?.id === undefined ? undefined : asPerson({ ...user, id: user.id }, options);
      } catch (error) {
        if (NO_SUCH_PERSON.has(slackCode(error) ?? '')) return undefined;
        throw chatError(error, `look up ${id}`);
      }
    },

    async permalink({ channel, ts }) {
      try {
        return (await client.chat.getPermalink({ channel, message_ts: ts })).permalink;
      } catch (error) {
        if (GONE.has(slackCode(error) ?? '')) return undefined;
        throw chatError(error, `link to message ${ts} of ${channel}`);
      }
    },

    async groupMembers(group) {
      try {
        const { users } = await client.usergroups.users.list({ usergroup: group });
        if (!users) throw new Error('Slack named no members');
        return users;
      } catch (error) {
        throw chatError(error, `read the members of group ${group}`);
      }
    },
  };
}

interface SlackUser {
  id: string;
  team_id?: string | undefined;
  name?: string | undefined;
  real_name?: string | undefined;
  profile?: { display_name?: string | undefined; real_name?: string | undefined } | undefined;
  is_bot?: boolean | undefined;
  is_restricted?: boolean | undefined;
  is_ultra_restricted?: boolean | undefined;
  is_stranger?: boolean | undefined;
  deleted?: boolean | undefined;
  tz?: string | undefined;
}

/** Somebody whose team Slack does not tell counts as a guest. */
function asPerson(user: SlackUser, { identity, teams }: ChatOptions): Person {
  const team = user.team_id ?? '';
  const home = (teams.length > 0 ? teams : [identity.team]).includes(team);
  const name = user.profile?.display_name || user.real_name || user.profile?.real_name || user.name || user.id;
  return {
    id: user.id,
    team,
    name,
    isBot: user.is_bot === true || user.id === 'USLACKBOT',
    isGuest: !home || user.is_restricted === true || user.is_ultra_restricted === true || user.is_stranger === true,
    isDeleted: user.deleted === true,
    ...(user.tz && { tz: user.tz }),
  };
}
