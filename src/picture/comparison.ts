/** Before and after drawn for a phone: two bars for each name, in a panel for each thing that is measured. */
import type { Comparison } from './picture.ts';
import { box, COLOURS, colour, EDGE, fitted, path, sheet, text, SLIM_WIDTH as WIDTH, widthOf } from './svg.ts';

const HEAD = 54;
const PANEL = 27;
const ROW = 29;
const FOOT = 6;
const NAMES = 58;
const NUMBERS = 74;
const FROM = EDGE + NAMES;
const LONGEST = WIDTH - EDGE - NUMBERS - FROM;
const WAS = '#a9b3bf';

type Panel = Comparison['panels'][number];

export function drawComparison({ title, before, after, panels }: Comparison): string {
  const drawn: string[] = [
    text(EDGE, 23, fitted(title, WIDTH - 2 * EDGE, 13.5, 600), { fill: COLOURS.ink, weight: 600, size: 13.5 }),
    legend(before, after),
  ];
  let y = HEAD;
  const names = [...new Set(panels.flatMap(({ rows }) => rows.map(({ name }) => name)))];
  for (const panel of panels) {
    drawn.push(panelOf(panel, y, names));
    y += PANEL + panel.rows.length * ROW;
  }
  return sheet(y + FOOT, drawn, WIDTH);
}

function legend(before: string, after: string): string {
  const was = fitted(before, 120, 11);
  const second = EDGE + 14 + widthOf(was, 11) + 16;
  return [
    box({ x: EDGE, y: 35, width: 9, height: 9 }, { fill: WAS, radius: 2 }),
    text(EDGE + 14, 43.5, was, { fill: COLOURS.soft, size: 11 }),
    box({ x: second, y: 35, width: 9, height: 9 }, { fill: colour(0), radius: 2 }),
    text(second + 14, 43.5, fitted(after, WIDTH - EDGE - second - 14, 11), { fill: COLOURS.soft, size: 11 }),
  ].join('');
}

function panelOf({ title, rows }: Panel, top: number, names: string[]): string {
  const most = Math.max(1e-9, ...rows.flatMap(row => [row.before?.value ?? 0, row.after?.value ?? 0]));
  const bar = (value: number) => Math.max(value > 0 ? 2 : 0, (value / most) * LONGEST);
  const heading = [
    path(`M${EDGE} ${top}H${WIDTH - EDGE}`, { stroke: COLOURS.line, width: 1 }),
    text(EDGE, top + 19, fitted(title, WIDTH - 2 * EDGE, 12, 600), { fill: COLOURS.ink, weight: 600, size: 12 }),
  ];
  const drawn = rows.map(({ name, before, after }, index) => {
    const y = top + PANEL + index * ROW;
    const now = colour(Math.max(0, names.indexOf(name)));
    return [
      text(EDGE, y + 14, fitted(name, NAMES - 8, 12), { fill: COLOURS.ink, size: 12 }),
      side(before, y, WAS, COLOURS.soft, bar),
      side(after, y + 13, now, COLOURS.ink, bar),
    ].join('');
  });
  return [...heading, ...drawn].join('');
}

function side(
  shown: { value: number; says: string } | undefined,
  y: number,
  fill: string,
  ink: string,
  bar: (value: number) => number,
): string {
  const known = shown?.value ?? 0;
  return (
    box({ x: FROM, y, width: LONGEST, height: 9.5 }, { fill: COLOURS.shade, radius: 2 }) +
    (known > 0 ? box({ x: FROM, y, width: Math.min(LONGEST, bar(known)), height: 9.5 }, { fill, radius: 2 }) : '') +
    text(WIDTH - EDGE, y + 8.5, fitted(shown?.says ?? 'not known', NUMBERS - 8, 11), {
      fill: ink,
      size: 11,
      anchor: 'end',
    })
  );
}
