/**
 * What a message shows besides its text: files of what was cut, and pictures. Neither holds up a message: it says what
 * is there, and is edited when more is, or when what it promised did not come.
 */
import type { WebClient } from '@slack/web-api';
import type { Clock, MessageKey, Posted } from '../ports.ts';
import type { View } from '../view.ts';
import type { Background } from './background.ts';
import { picturesIn } from './blocks/picture.ts';
import { type Rendered, render } from './blocks/render.ts';
import { slackCode } from './errors.ts';
import type { Files } from './files.ts';
import type { Gallery } from './gallery.ts';
import { metadataOf } from './metadata.ts';
import type { Pace } from './pace.ts';

export interface Showing {
  /** Edits a message to show this. Throws what Slack answers. */
  edit(posted: Posted, view: View, key: MessageKey): Promise<void>;
  /** Goes on with what a message that was just posted cannot show yet. */
  complete(posted: Posted, view: View, key: MessageKey, drawn: Rendered, thread: string): void;
}

export interface ShowingOptions {
  client: WebClient;
  clock: Clock;
  background: Background;
  files: Files;
  gallery: Gallery;
  pace: Pace;
}

/** ms after which what could not be uploaded is tried again. */
const AGAIN = 20_000;

export function newShowing({ client, clock, background, files, gallery, pace }: ShowingOptions): Showing {
  /** What was asked for last of each message that is not complete yet: nothing older may take its place. */
  const latest = new Map<string, View>();
  const laneOf = ({ channel, ts }: Posted): string => `${channel}:${ts}`;

  const send = async (posted: Posted, view: View, key: MessageKey, attached: boolean | 'failed'): Promise<Rendered> => {
    const update = async (pictures: ReadonlyMap<string, string>): Promise<Rendered> => {
      const drawn = render(view, { surface: 'message', files: attached, pictures });
      const { text, blocks } = drawn;
      await client.chat.update({ ...posted, text, blocks, metadata: metadataOf(key) });
      return drawn;
    };
    const drawn = render(view, { surface: 'message', files: attached, pictures: gallery.known });
    const hung = drawn.pictures.filter(({ hash }) => gallery.known.has(hash)).map(({ hash }) => hash);
    try {
      return await update(gallery.known);
    } catch (error) {
      // A picture whose file Slack is not done with makes it refuse the whole message.
      if (hung.length === 0 || slackCode(error) !== 'invalid_blocks') throw error;
      gallery.forget(hung);
      return update(new Map());
    }
  };

  /** Of a process before this one, the message itself knows the files. */
  const learn = async (posted: Posted, wanted: Rendered['pictures']): Promise<void> => {
    if (wanted.every(({ hash }) => gallery.known.has(hash))) return;
    const { messages } = await client.conversations.replies({ ...posted, limit: 1 });
    gallery.learn(picturesIn(messages?.[0]?.blocks));
  };

  const complete = async (
    posted: Posted,
    view: View,
    key: MessageKey,
    { drawn, thread }: { drawn: Rendered; thread: string | undefined },
  ): Promise<void> => {
    const lane = laneOf(posted);
    const isLatest = () => latest.get(lane) === view;
    let attached: boolean | 'failed' = true;
    let hung = hasAll(drawn);
    let failure: unknown;
    for (const pause of [0, AGAIN]) {
      if (pause > 0) await clock.sleep(pause, background.ending);
      if (!isLatest() || (pause > 0 && background.ending.aborted)) break;
      failure = undefined;
      const now = await files.attach(posted, drawn.files, thread).then(
        () => true as const,
        (error: unknown) => {
          failure = error;
          return 'failed' as const;
        },
      );
      await gallery.bring(drawn.pictures).catch((error: unknown) => {
        failure = error;
      });
      const picturesCame = !hung && drawn.pictures.every(({ hash }) => gallery.known.has(hash));
      if ((now !== attached || picturesCame) && isLatest()) {
        await pace.run(lane, async () => {
          if (isLatest()) hung = hasAll(await send(posted, view, key, now));
        });
        attached = now;
      }
      if (failure === undefined && (hung || drawn.pictures.length === 0)) break;
    }
    if (isLatest()) latest.delete(lane);
    if (failure !== undefined) throw failure;
  };

  const hasAll = ({ blocks, pictures }: Rendered): boolean => {
    const shown = picturesIn(blocks);
    return pictures.every(({ hash }) => shown.has(hash));
  };

  const begin = (posted: Posted, view: View, key: MessageKey, drawn: Rendered, thread: string | undefined): void => {
    if (drawn.files.length === 0 && hasAll(drawn)) {
      latest.delete(laneOf(posted));
      return;
    }
    latest.set(laneOf(posted), view);
    background.run('attach a file', () => complete(posted, view, key, { drawn, thread }));
  };

  return {
    edit(posted, view, key) {
      latest.set(laneOf(posted), view);
      return pace.run(laneOf(posted), async () => {
        const { pictures } = render(view, { surface: 'message', files: true });
        // The message comes first: without its pictures it says the same in words.
        if (pictures.length > 0) await learn(posted, pictures).catch(() => undefined);
        if (pictures.length > 0) await gallery.inTime(pictures);
        const drawn = await send(posted, view, key, true);
        if (latest.get(laneOf(posted)) === view) begin(posted, view, key, drawn, undefined);
      });
    },
    complete: (posted, view, key, drawn, thread) => begin(posted, view, key, drawn, thread),
  };
}
