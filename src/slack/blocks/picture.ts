/** A picture as an image block, once its file is with Slack; until then, and where none can be, as text. */
import { createHash } from 'node:crypto';
import type { ImageBlock } from '@slack/types';
import type { Part } from '../../view.ts';
import { drawCode } from './code.ts';
import type { Canvas, Drawn } from './drawing.ts';
import { size } from './fit.ts';
import { LIMITS } from './limits.ts';
import { cut, line, plain } from './literal.ts';

type PicturePart = Extract<Part, { kind: 'picture' }>;

export function drawPicture(part: PicturePart, room: number, canvas: Canvas): Drawn {
  const hash = pictureHash(part);
  const id = canvas.pictures.get(hash);
  const wanted = { hash, part };
  if (id !== undefined) {
    const block: ImageBlock = {
      type: 'image',
      block_id: `${PICTURE}${hash}-${canvas.index}`,
      slack_file: { id },
      alt_text: altOf(part),
      title: plain(part.title, LIMITS.altText),
    };
    if (size(block) <= room) return { blocks: [block], picture: wanted };
  }
  const { title, otherwise } = part;
  const drawn = drawCode({ kind: 'code', language: 'text', title, text: otherwise }, room, { ...canvas, files: false });
  return { blocks: drawn.blocks, picture: wanted };
}

const PICTURE = 'picture-';

/** The file behind each picture that a message shows, by the picture's hash. Blocks are as Slack gives them back. */
export function picturesIn(blocks: unknown): Map<string, string> {
  const found = new Map<string, string>();
  for (const block of Array.isArray(blocks) ? blocks : []) {
    const {
      type,
      block_id: name,
      slack_file: file,
    } = block as { type?: string; block_id?: string; slack_file?: { id?: string } };
    const hash = new RegExp(`^${PICTURE}([0-9a-f]+)-`).exec(name ?? '')?.[1];
    if (type === 'image' && hash !== undefined && file?.id !== undefined) found.set(hash, file.id);
  }
  return found;
}

export function altOf({ alt, title }: PicturePart): string {
  return cut(line(alt), LIMITS.altText) || cut(line(title), LIMITS.altText) || 'A picture';
}

/** Tells one picture from the next: first hex digits of a sha256. */
function pictureHash({ picture, title }: PicturePart): string {
  return createHash('sha256')
    .update(JSON.stringify([title, picture]))
    .digest('hex')
    .slice(0, 16);
}
