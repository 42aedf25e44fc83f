/** A trace drawn for a phone: each hop is named on a line of its own, its bar below it has the whole width. */
import type { Waterfall, WaterfallHop } from './picture.ts';
import {
  badge,
  box,
  COLOURS,
  colour,
  EDGE,
  fitted,
  n,
  path,
  sheet,
  text,
  SLIM_WIDTH as WIDTH,
  widthOf,
} from './svg.ts';

const HEAD = 56;
const ROW = 35;
const FOOT = 8;
const INDENT = 9;
/** Deeper calls are not drawn further to the right. */
const DEEPEST = 7;
const ACROSS = WIDTH - 2 * EDGE;

export function drawWaterfall({ title, hops }: Waterfall): string {
  const whole = Math.max(0.001, ...hops.map(({ start, took }) => start + took));
  const services = [...new Set(hops.map(({ service }) => service))];
  const height = HEAD + hops.length * ROW + FOOT;
  const rows = hops.map((hop, index) =>
    row(hop, HEAD + index * ROW, { whole, ground: colour(services.indexOf(hop.service)) }),
  );
  return sheet(
    height,
    [
      text(EDGE, 23, fitted(title, ACROSS, 13.5, 600), { fill: COLOURS.ink, weight: 600, size: 13.5 }),
      axis(whole, height - FOOT),
      ...rows,
    ],
    WIDTH,
  );
}

/** Round times, each with a line down through the bars. */
function axis(whole: number, bottom: number): string {
  const step = stepOf(whole);
  const ticks = Array.from({ length: Math.floor(whole / step + 1e-9) + 1 }, (_, index) => index * step);
  return ticks
    .map(at => {
      const x = EDGE + (at / whole) * ACROSS;
      const last = x > WIDTH - EDGE - 24;
      const anchor = at === 0 ? 'start' : last ? 'end' : 'middle';
      return (
        path(`M${n(x)} 46V${n(bottom)}`, { stroke: COLOURS.line, width: 1 }) +
        text(x, 41, `${Number(at.toPrecision(6))}${at === 0 ? ' ms' : ''}`, { fill: COLOURS.soft, size: 10.5, anchor })
      );
    })
    .join('');
}

/** 1, 2 or 5 times a power of ten: at most five steps across. */
function stepOf(whole: number): number {
  const rough = whole / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map(times => times * power).find(step => step >= rough - 1e-12)!;
}

function row(hop: WaterfallHop, top: number, { whole, ground }: { whole: number; ground: string }): string {
  const failed = hop.status !== undefined && hop.status >= 500;
  const base = top + 13;
  const took = `${hop.took >= 100 ? Math.round(hop.took) : hop.took.toFixed(1)} ms`;
  const tookWidth = widthOf(took, 12, 600);
  const left = EDGE + Math.min(hop.depth, DEEPEST) * INDENT;
  const words = [
    ...(hop.version === undefined ? [] : [{ said: hop.version, on: ground }]),
    ...(hop.status !== undefined && hop.status >= 400 ? [{ said: `${hop.status}`, on: COLOURS.bad }] : []),
  ].map(({ said, on }) => ({ said: said.length > 14 ? `${said.slice(0, 13)}…` : said, on }));
  const badges = words.reduce((sum, { said }) => sum + widthOf(said, 10.5, 600) + 14, 0);
  const room = WIDTH - EDGE - tookWidth - 8 - left - badges;
  // Where there is no room for the namespace, the name alone says more than a cut one.
  const [short = hop.service] = hop.service.split('.');
  const name = widthOf(hop.service, 12.5) <= room ? hop.service : fitted(short, room, 12.5);
  let x = left + widthOf(name, 12.5) + 5;
  const drawn: string[] = [text(left, base, name, { fill: COLOURS.ink, size: 12.5 })];
  for (const { said, on } of words) {
    const made = badge(x, base, said, on);
    drawn.push(made.svg);
    x += made.width + 5;
  }
  drawn.push(
    text(WIDTH - EDGE, base, took, { fill: failed ? COLOURS.bad : COLOURS.ink, weight: 600, size: 12, anchor: 'end' }),
  );
  const from = EDGE + Math.min(1, Math.max(0, hop.start) / whole) * ACROSS;
  const width = Math.max(2.5, Math.min(WIDTH - EDGE - from, (hop.took / whole) * ACROSS));
  drawn.push(
    box({ x: EDGE, y: top + 19, width: ACROSS, height: 8 }, { fill: COLOURS.shade, radius: 3 }),
    box(
      { x: Math.min(from, WIDTH - EDGE - width), y: top + 19, width, height: 8 },
      { fill: failed ? COLOURS.bad : ground, radius: Math.min(3, width / 2) },
    ),
  );
  return drawn.join('');
}
