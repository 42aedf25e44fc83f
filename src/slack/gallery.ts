/** The pictures of messages, drawn and brought to Slack as files of their own, each once while this process runs. */
import type { WebClient } from '@slack/web-api';
import { svgOf } from '../picture/draw.ts';
import { pngOf } from '../picture/png.ts';
import type { Clock } from '../ports.ts';
import type { WantedPicture } from './blocks/drawing.ts';
import { altOf } from './blocks/picture.ts';

export interface Gallery {
  /** Files by the hash of their picture, as far as they are there. */
  readonly known: ReadonlyMap<string, string>;
  /** Resolves when each is there. Rejects when one could not be drawn or uploaded; what is there already stays. */
  bring(wanted: WantedPicture[]): Promise<void>;
  /** Whether all are there soon enough for a message that waits for them. What is late still comes. Never rejects. */
  inTime(wanted: WantedPicture[]): Promise<boolean>;
  /** Learns of files that a message already shows, so that they are not uploaded again. */
  learn(files: ReadonlyMap<string, string>): void;
  /** Slack does not take these (yet): they are brought anew when asked for. */
  forget(hashes: string[]): void;
}

/** How many are remembered. */
const REMEMBERED = 500;

/** ms that a message waits for its pictures: what people read is not to be late for them. */
const PATIENCE = 5_000;

export function newGallery(client: WebClient, clock: Clock): Gallery {
  const known = new Map<string, string>();
  const coming = new Map<string, Promise<void>>();

  const upload = async ({ hash, part }: WantedPicture): Promise<void> => {
    const file = await pngOf(svgOf(part.picture));
    const answer = await client.filesUploadV2({
      file,
      filename: `${part.picture.kind}-${hash}.png`,
      title: part.title,
      alt_text: altOf(part).slice(0, 1_000),
    });
    const id = answer.files.flatMap(({ files }) => files ?? [])[0]?.id;
    if (id === undefined) throw new Error('Slack took a picture without naming its file');
    known.set(hash, id);
    if (known.size > REMEMBERED) for (const old of [...known.keys()].slice(0, REMEMBERED / 2)) known.delete(old);
  };

  const bring = async (wanted: WantedPicture[]): Promise<void> => {
    const missing = wanted.filter(({ hash }) => !known.has(hash));
    await Promise.all(
      missing.map(each => {
        const begun = coming.get(each.hash) ?? upload(each).finally(() => coming.delete(each.hash));
        coming.set(each.hash, begun);
        return begun;
      }),
    );
  };

  return {
    known,
    bring,
    async inTime(wanted) {
      if (wanted.every(({ hash }) => known.has(hash))) return true;
      const over = new AbortController();
      const brought = bring(wanted).then(
        () => true,
        () => false,
      );
      const late = clock.sleep(PATIENCE, over.signal).then(() => false);
      return Promise.race([brought, late]).finally(() => over.abort());
    },
    learn(files) {
      for (const [hash, id] of files) known.set(hash, id);
    },
    forget(hashes) {
      for (const hash of hashes) known.delete(hash);
    },
  };
}
