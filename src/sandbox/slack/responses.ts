/** What the app sends to a response_url, or with an acknowledgement: a new message, or another one in its place. */
import type { JsonObject } from '../../object.ts';
import { withIds } from './blocks/ids.ts';
import { blocksOfMessage } from './blocks/message-blocks.ts';
import { checkSlackFiles } from './blocks/slack-files.ts';
import { SlackRefusal } from './errors.ts';
import type { Hub } from './hub.ts';
import { stringIn } from './json.ts';
import { APP } from './people.ts';
import type { ResponseUrl } from './response-urls.ts';
import type { StoredMessage } from './stored.ts';

/** Throws Slack's refusal. Ephemeral unless `response_type` is `in_channel`. */
export function postResponse(hub: Hub, about: ResponseUrl, body: JsonObject): void {
  const text = stringIn(body, 'text');
  const valid = blocksOfMessage(body.blocks);
  checkSlackFiles(hub.files, valid);
  const blocks = valid && withIds(valid);
  const target = about.clicked ?? about.said;
  const original = target && originalOf(hub, about.channel, target);
  if (body.delete_original === true || body.delete_original === 'true') {
    if (!original) throw new SlackRefusal('message_not_found');
    hub.messages.delete(original);
    return;
  }
  if (text === undefined && !blocks) throw new SlackRefusal('no_text');
  if ((text?.length ?? 0) > 40_000) throw new SlackRefusal('msg_too_long');

  if (body.replace_original === true || body.replace_original === 'true') {
    if (!original) throw new SlackRefusal('message_not_found');
    original.text = text ?? '';
    if (blocks) original.blocks = blocks;
    else delete original.blocks;
    if (!original.ephemeralTo) original.edited = { user: APP.botUser, ts: hub.clock.next() };
    hub.messages.changed(original);
    return;
  }

  const thread = stringIn(body, 'thread_ts');
  const open = body.response_type === 'in_channel';
  const posted = hub.messages.post({
    channel: about.channel,
    user: APP.botUser,
    text: text ?? '',
    ...(blocks ? { blocks } : {}),
    ...(thread ? { threadTs: thread } : {}),
    ...(open ? {} : { ephemeralTo: about.user }),
  });
  about.said = { ts: posted.ts, ephemeral: !open };
}

function originalOf(
  hub: Hub,
  channel: string,
  { ts, ephemeral }: { ts: string; ephemeral: boolean },
): StoredMessage | undefined {
  return ephemeral ? hub.messages.findEphemeral(channel, ts) : hub.messages.find(channel, ts);
}
