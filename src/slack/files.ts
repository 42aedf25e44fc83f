/** Puts what a message could not show whole into its thread, as files; each content once. */
import type { WebClient } from '@slack/web-api';
import type { Posted } from '../ports.ts';
import type { Attachment } from './blocks/drawing.ts';

export interface Files {
  /**
   * Uploads what is not there yet. `thread` is given when the message was posted just now: nothing can be there, and
   * its thread is known.
   */
  attach(posted: Posted, files: Attachment[], thread?: string): Promise<void>;
}

/** How many uploads are remembered, so as not to ask Slack about them again. */
const REMEMBERED = 2000;

export function newFiles(client: WebClient): Files {
  const done = new Set<string>();
  const keyOf = (posted: Posted, file: Attachment): string =>
    `${posted.channel}:${posted.ts}:${file.name}:${file.hash}`;

  return {
    async attach(posted, files, known) {
      if (files.length === 0) return;
      const wanted = files.filter(file => !done.has(keyOf(posted, file)));
      if (wanted.length === 0) return;
      /** Marked at once, so that two drawings of one message in a row upload it once. */
      for (const file of wanted) done.add(keyOf(posted, file));
      if (done.size > REMEMBERED) for (const key of [...done].slice(0, REMEMBERED / 2)) done.delete(key);
      try {
        const thread = known ?? (await threadOf(client, posted));
        const there = known === undefined ? await titles(client, posted.channel, thread) : new Set<string>();
        const missing = wanted.filter(file => !there.has(titleOf(file)));
        if (missing.length === 0) return;
        await client.filesUploadV2({
          channel_id: posted.channel,
          thread_ts: thread,
          file_uploads: missing.map(file => ({
            file: Buffer.from(file.text, 'utf8'),
            filename: file.name,
            title: titleOf(file),
          })),
        });
      } catch (error) {
        for (const file of wanted) done.delete(keyOf(posted, file));
        throw error;
      }
    },
  };
}

/** The title holds the hash that the message names, so people can tell which revision a file is. */
function titleOf(file: Attachment): string {
  return `${file.title} (sha256 ${file.hash})`;
}

/** A card may itself be in a thread; its file goes there too. */
async function threadOf(client: WebClient, posted: Posted): Promise<string> {
  const { messages } = await client.conversations.replies({ channel: posted.channel, ts: posted.ts, limit: 1 });
  return messages?.[0]?.thread_ts ?? posted.ts;
}

async function titles(client: WebClient, channel: string, thread: string): Promise<Set<string>> {
  const { messages } = await client.conversations.replies({ channel, ts: thread, limit: 200 });
  return new Set((messages ?? []).flatMap(message => (message.files ?? []).flatMap(file => file.title ?? [])));
}
