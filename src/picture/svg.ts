/** The few shapes that pictures are made of, as SVG text. Whatever is written in them is escaped, cut and measured here. */

export interface Ink {
  fill: string;
  /** 400 or 600: there are fonts for these two. */
  weight?: 400 | 600;
  size?: number;
  anchor?: 'start' | 'middle' | 'end';
}

/** Widths are in these units: a phone is 360 of them wide, and a thread on it some 290. */
export const WIDTH = 360;
/** For what needs no more: it is drawn larger then. */
export const SLIM_WIDTH = 320;
export const EDGE = 14;

export const COLOURS = {
  paper: '#ffffff',
  frame: '#cfd6df',
  ink: '#1b2128',
  soft: '#56616e',
  line: '#e4e8ee',
  shade: '#f3f5f8',
  bad: '#c8232c',
  copy: '#8a94a1',
} as const;

/** Told apart by people who see few colours too, and dark enough for white text. */
const PALETTE = ['#2563c9', '#0f7d6f', '#7a4fc0', '#b4540f', '#a8366f', '#5b6b13', '#0b7296', '#8b3f2b'];

/** A colour for the `index`th thing of its kind. */
export function colour(index: number): string {
  return PALETTE[index % PALETTE.length]!;
}

const WIDE = /[mwMW@%—→]/;
const NARROW = /[ijlI|!.,:;'`()[\]{}]/;
const SLIM = /[frt\- /*"]/;

/** About as wide as the font draws it; a little more, so that nothing touches. */
export function widthOf(text: string, size: number, weight: 400 | 600 = 400): number {
  let units = 0;
  for (const character of text) {
    if (WIDE.test(character)) units += 0.88;
    else if (NARROW.test(character)) units += 0.28;
    else if (SLIM.test(character)) units += 0.39;
    else if (/[A-Z]/.test(character)) units += 0.69;
    else if (/[0-9]/.test(character)) units += 0.63;
    else if (/[ -~]/.test(character)) units += 0.57;
    else units += 1;
  }
  return units * size * (weight === 600 ? 1.02 : 1);
}

/** The text, or as much of its beginning as fits, with an ellipsis. */
export function fitted(text: string, width: number, size: number, weight?: 400 | 600): string {
  if (widthOf(text, size, weight) <= width) return text;
  let cut = [...text];
  while (cut.length > 1 && widthOf(`${cut.join('')}…`, size, weight) > width) cut = cut.slice(0, -1);
  return `${cut.join('').trimEnd()}…`;
}

/** At most `most` lines of at most `width`, broken between words where that can be; the last is cut. */
export function lines(
  text: string,
  width: number,
  { size, weight, most }: { size: number; weight?: 400 | 600; most: number },
): string[] {
  // After a space, and after the hyphens and slashes of names and paths.
  const pieces = text.match(/[^\s\-/]*[\s\-/]+|[^\s\-/]+/g) ?? [];
  const made: string[] = [];
  let line = '';
  for (const [at, piece] of pieces.entries()) {
    if (line === '' || widthOf((line + piece).trimEnd(), size, weight) <= width) {
      line += piece;
      continue;
    }
    if (made.length === most - 1) {
      line += pieces.slice(at).join('');
      break;
    }
    made.push(line);
    line = piece;
  }
  if (line !== '') made.push(line);
  return made.map(each => fitted(each.trim(), width, size, weight));
}

/** For text and attributes. Characters that XML has no place for are left out. */
function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
  const clean = text.replace(/[\u0000-\u001f\u007f\ufffe\uffff]|[\ud800-\udfff](?![\udc00-\udfff])/gu, '');
  return clean.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function text(
  x: number,
  y: number,
  said: string,
  { fill, weight = 400, size = 12, anchor = 'start' }: Ink,
): string {
  const font = `font-family="Inter" font-size="${size}" font-weight="${weight}"`;
  return `<text x="${n(x)}" y="${n(y)}" ${font} fill="${fill}" text-anchor="${anchor}">${escaped(said)}</text>`;
}

export function box(
  at: { x: number; y: number; width: number; height: number },
  { fill, stroke, radius = 4, dash }: { fill: string; stroke?: string; radius?: number; dash?: string },
): string {
  const edge = stroke === undefined ? '' : ` stroke="${stroke}" stroke-width="1"`;
  const dashed = dash === undefined ? '' : ` stroke-dasharray="${dash}"`;
  return `<rect x="${n(at.x)}" y="${n(at.y)}" width="${n(at.width)}" height="${n(at.height)}" rx="${radius}" fill="${fill}"${edge}${dashed}/>`;
}

export function path(d: string, { stroke, width, dash }: { stroke: string; width: number; dash?: string }): string {
  const dashed = dash === undefined ? '' : ` stroke-dasharray="${dash}"`;
  return `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${n(width)}" stroke-linecap="round"${dashed}/>`;
}

/** A short word on a coloured ground; `x` is its left edge. */
export function badge(x: number, y: number, said: string, ground: string): { svg: string; width: number } {
  const width = widthOf(said, 10.5, 600) + 9;
  const svg =
    box({ x, y: y - 11, width, height: 14.5 }, { fill: ground, radius: 3.5 }) +
    text(x + width / 2, y, said, { fill: '#ffffff', weight: 600, size: 10.5, anchor: 'middle' });
  return { svg, width };
}

/** The whole, on paper of its own with round corners: as readable on a dark ground as on a light one. */
export function sheet(height: number, parts: string[], width = WIDTH): string {
  const paper = box(
    { x: 0.5, y: 0.5, width: width - 1, height: height - 1 },
    { fill: COLOURS.paper, stroke: COLOURS.frame, radius: 8 },
  );
  const size = `width="${width}" height="${n(height)}" viewBox="0 0 ${width} ${n(height)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${paper}${parts.join('')}</svg>`;
}

export function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}
