/** How text of unknown origin is shown: every character that would be invisible, or reorder others, by its name. */

/**
 * Controls, format characters (bidirectional marks, tags), line and paragraph separators, lone surrogates, private use,
 * everything that Unicode says may be ignored when drawing (zero-width characters, fillers, selectors), and the empty
 * braille pattern. Newline and tab stay.
 */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{DI}\u2800]/gu;

const PICTURE_BEFORE = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)$/u;
const PICTURE_AFTER = /^\p{Extended_Pictographic}/u;

/** `text` with each unseen character written as `‹U+202E›`. Emoji keep their joiners and their colour selector. */
export function literal(text: string): string {
  return text.replace(UNSEEN, (character, at: number) => {
    if (partOfPicture(character, text, at)) return character;
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `‹U+${code}›`;
  });
}

function partOfPicture(character: string, text: string, at: number): boolean {
  if (character !== '\u200D' && character !== '\uFE0F') return false;
  if (!PICTURE_BEFORE.test(text.slice(Math.max(0, at - 2), at))) return false;
  return character === '\uFE0F' || PICTURE_AFTER.test(text.slice(at + 1, at + 3));
}

const IN_MEASURE = /(?<=\d) (?=(?:%|ms|s|min|h|d|[kM]?B|requests\/s|×)(?![\p{L}\p{N}]))|(?<=\d ×) (?=\d)/gu;

/** `text` in which no line ends between a number and its unit. Not for what people may copy and type. */
export function measures(text: string): string {
  return text.replace(IN_MEASURE, '\u00A0');
}

/** `literal`, on one line. */
export function line(text: string): string {
  return literal(text.replace(/\r?\n|\t/g, ' ')).trim();
}

/** The first `most` UTF-16 units of `text`, the last of them an ellipsis when something was cut. Splits no character. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  if (most < 1) return '';
  return head(text, most - 1) + '…';
}

/** At most `most` UTF-16 units from the start, splitting no character and leaving no emoji's joiner at the end. */
export function head(text: string, most: number): string {
  if (text.length <= most) return text;
  const last = text.charCodeAt(most - 1);
  const splits = most > 0 && last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splits ? most - 1 : most).replace(/\u200D$/, '');
}

/** For Slack's own markup (`text` of a message): what is data cannot become a link or a mention. */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A plain_text object of at most `most` units, never empty. Colon names stay as typed. */
export function plain(text: string, most: number): { type: 'plain_text'; text: string; emoji: false } {
  return { type: 'plain_text', text: cut(line(text), most) || '–', emoji: false };
}
