/** Text shown as it is. What is too long is cut after a whole line, the cut is said, and the whole becomes a file. */
import { createHash } from 'node:crypto';
import type { ContainerBlock, RichTextBlock } from '@slack/types';
import type { Part } from '../../view.ts';
import { type Attachment, type Canvas, type Drawn, NOTHING } from './drawing.ts';
import { largest, size } from './fit.ts';
import { LIMITS } from './limits.ts';
import { cut, head, line, literal } from './literal.ts';
import { preformatted } from './preformatted.ts';

type Code = Extract<Part, { kind: 'code' }>;

/** More lines than this go into a container that can be folded. */
const FOLDABLE = 12;
/** More lines than this are folded at first; a diff never is, for it is what people approve. */
const FOLDED = 40;

export function drawCode(part: Code, room: number, canvas: Canvas): Drawn {
  /** HTTP ends its lines with CR LF; anywhere else a CR means something and is shown. */
  const source = part.language === 'http' ? part.text.replaceAll('\r\n', '\n') : part.text;
  const text = source.replace(/\n+$/, '');
  if (text === '') return NOTHING;
  const lines = text.split('\n');
  const build = (shown: string): (RichTextBlock | ContainerBlock)[] => wrap(part, shown, lines.length, canvas);

  const whole = text.length <= room ? build(literal(text)) : undefined;
  if (whole !== undefined && size(whole) <= room) return { blocks: whole };

  const file = attachment(part);
  const body = (count: number): string => literal(lines.slice(0, count).join('\n'));
  const whereabouts = {
    true: `, whole in ${file.name}`,
    false: '',
    failed: ', and the whole could not be attached',
  }[`${canvas.files}`];
  const said = (what: string): string => `\n… ${what}${whereabouts} (sha256 ${file.hash})`;
  const left = (count: number): string => said(`${lines.length - count} more of ${lines.length} lines`);
  /** No more lines can fit than there are in as many characters as fit. */
  const reach = Math.min(lines.length - 1, head(text, room).split('\n').length);
  const count = largest(1, reach, n => size(build(body(n) + left(n))) <= room);
  if (count !== undefined) return { blocks: build(body(count) + left(count)), file };

  /** Not even its first line fits: that is cut too. */
  const first = lines[0] ?? '';
  const piece = (n: number): string =>
    literal(head(first, n)) + said(`${text.length - head(first, n).length} more of ${text.length} characters`);
  const most = largest(0, Math.min(first.length, LIMITS.message), n => size(build(piece(n).trimStart())) <= room);
  return most === undefined ? { blocks: [], file } : { blocks: build(piece(most).trimStart()), file };
}

function wrap(part: Code, shown: string, lines: number, canvas: Canvas): (RichTextBlock | ContainerBlock)[] {
  const inside = preformatted(shown);
  const title = cut(line(part.title ?? ''), LIMITS.containerTitle);
  if (canvas.surface === 'message' && lines > FOLDABLE) {
    return [
      {
        type: 'container',
        title: { type: 'plain_text', text: title || 'Details', emoji: false },
        child_blocks: [inside],
        is_collapsible: true,
        default_collapsed: part.language !== 'diff' && lines > FOLDED,
      },
    ];
  }
  if (title === '') return [inside];
  const heading: RichTextBlock['elements'][number] = {
    type: 'rich_text_section',
    elements: [{ type: 'text', text: title, style: { bold: true } }],
  };
  return [{ type: 'rich_text', elements: [heading, ...inside.elements] }];
}

const ENDINGS = { yaml: 'yaml', diff: 'diff', json: 'json', http: 'txt', text: 'txt' } as const;

function attachment(part: Code): Attachment {
  const given = (part.file ?? '').replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 80);
  const name = given === '' || given.startsWith('.') ? `whole.${ENDINGS[part.language]}` : given;
  const hash = createHash('sha256').update(part.text).digest('hex').slice(0, 12);
  return { name, title: cut(line(part.title ?? name), 100) || name, text: part.text, hash };
}
