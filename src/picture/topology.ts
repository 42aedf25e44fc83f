/** The routes of a service drawn for a phone: callers at the left, matches with their shares in the middle, versions at the right. */
import type { Topology, TopologyRoute } from './picture.ts';
import { box, COLOURS, colour, EDGE, fitted, lines, n, path, sheet, text, WIDTH } from './svg.ts';

const HEAD = 40;
const GAP = 12;
const PAD = 7;
const LINE = 15;
const COLUMNS = {
  callers: { x: EDGE, width: 92 },
  routes: { x: 126, width: 122 },
  targets: { x: WIDTH - EDGE - 76, width: 76 },
};
/** More of one kind nobody can read on a phone; the table has them all. */
const MOST = 10;

interface Line {
  said: string;
  weight: 400 | 600;
  size: number;
  fill: string;
}

interface Node {
  x: number;
  y: number;
  width: number;
  height: number;
  lines: Line[];
}

export function drawTopology(whole: Topology): string {
  const picture = bounded(whole);
  const grounds = new Map(
    picture.targets.map(({ name, trouble }, index) => [name, trouble === undefined ? colour(index) : COLOURS.bad]),
  );
  const callers = stacked(callersOf(picture), COLUMNS.callers);
  const routes = stacked(
    picture.routes.map(route => routeLines(route, grounds)),
    COLUMNS.routes,
  );
  const targets = stacked(
    picture.targets.map(({ name, detail, trouble }) => [
      ...named(name, COLUMNS.targets.width, '#ffffff'),
      ...detailed(trouble ?? detail, COLUMNS.targets.width, '#ffffff'),
    ]),
    COLUMNS.targets,
  );
  const columns = [callers, routes, targets];
  const height = HEAD + Math.max(...columns.map(heightOf)) + EDGE;
  for (const column of columns) centre(column, height);
  const title = fitted(picture.title, WIDTH - 2 * EDGE, 13.5, 600);
  return sheet(height, [
    text(EDGE, 23, title, { fill: COLOURS.ink, weight: 600, size: 13.5 }),
    ...callers.flatMap(caller =>
      routes.map(route => edge(middleOf(caller), middleOf(route), { stroke: COLOURS.frame, width: 1.5 })),
    ),
    ...picture.routes.flatMap((route, index) => edges(route, routes[index]!, picture, { targets, grounds })),
    ...callers.map(node => drawn(node, { fill: COLOURS.shade, stroke: COLOURS.frame })),
    ...routes.map(node => drawn(node, { fill: COLOURS.paper, stroke: COLOURS.copy })),
    ...targets.map((node, index) => {
      const ground = grounds.get(picture.targets[index]!.name)!;
      return drawn(node, { fill: ground, stroke: ground });
    }),
  ]);
}

function callersOf({ callers }: Topology): Line[][] {
  const { width } = COLUMNS.callers;
  const unknown = [{ name: 'callers', rate: undefined, detail: 'not known' }];
  const some = callers.map(({ name, rate }) => ({ name, detail: rate === undefined ? '' : `${perSecond(rate)}/s` }));
  return (some.length > 0 ? some : unknown).map(({ name, detail }) => [
    ...named(name, width, COLOURS.ink),
    ...detailed(detail, width, COLOURS.soft),
  ]);
}

/** The match, and below it a line for each place that its requests go to. */
function routeLines({ match, to }: TopologyRoute, grounds: Map<string, string>): Line[] {
  const { width } = COLUMNS.routes;
  const ways = to.map(({ target, share, copy }): Line => {
    const said = `${copy ? 'copy ' : ''}${Math.round(share * 10) / 10} % → ${target}`;
    const fill = copy ? COLOURS.soft : (grounds.get(target) ?? COLOURS.ink);
    return { said: fitted(said, width - 2 * PAD, 11.5, 600), weight: 600, size: 11.5, fill };
  });
  return [...named(match, width, COLOURS.ink), ...ways];
}

function named(name: string, width: number, fill: string): Line[] {
  const font = { weight: 600, size: 11.5 } as const;
  return lines(name, width - 2 * PAD, { ...font, most: 3 }).map(said => ({ said, ...font, fill }));
}

function detailed(detail: string | undefined, width: number, fill: string): Line[] {
  const font = { weight: 400, size: 10.5 } as const;
  return lines(detail ?? '', width - 2 * PAD, { ...font, most: 3 }).map(said => ({ said, ...font, fill }));
}

/** As much of it as can be read, with a word for the rest. */
function bounded(picture: Topology): Topology {
  const more = (count: number) => `and ${count - MOST + 1} more`;
  const { callers } = picture;
  const named = callers.length <= MOST ? callers : [...callers.slice(0, MOST - 1), { name: more(callers.length) }];
  const routes = picture.routes.slice(0, MOST);
  const led = new Set(routes.flatMap(({ to }) => to.map(({ target }) => target)));
  const targets = picture.targets.filter(({ name }) => picture.targets.length <= MOST || led.has(name)).slice(0, MOST);
  const left = picture.routes.length - routes.length;
  const title = left > 0 ? `${picture.title} (+ ${left} more routes)` : picture.title;
  return { ...picture, title, callers: named, routes, targets };
}

function stacked(said: Line[][], { x, width }: { x: number; width: number }): Node[] {
  let y = 0;
  return said.map(lines => {
    const node = { x, y, width, height: 2 * PAD + lines.length * LINE - 2, lines };
    y += node.height + GAP;
    return node;
  });
}

function heightOf(nodes: Node[]): number {
  const last = nodes.at(-1);
  return last ? last.y + last.height : 0;
}

function centre(nodes: Node[], height: number): void {
  const shift = HEAD + (height - HEAD - EDGE - heightOf(nodes)) / 2;
  for (const node of nodes) node.y += shift;
}

function baseline(node: Node, index: number): number {
  return node.y + PAD + LINE * index + 10.5;
}

function drawn(node: Node, { fill, stroke }: { fill: string; stroke: string }): string {
  const words = node.lines.map(({ said, ...ink }, index) => text(node.x + PAD, baseline(node, index), said, ink));
  return box(node, { fill, stroke, radius: 5 }) + words.join('');
}

function middleOf(node: Node): { left: number; right: number; y: number } {
  return { left: node.x, right: node.x + node.width, y: node.y + node.height / 2 };
}

function edge(
  from: { right: number; y: number },
  to: { left: number; y: number },
  ink: { stroke: string; width: number; dash?: string },
): string {
  const middle = n((from.right + to.left) / 2);
  return path(
    `M${n(from.right)} ${n(from.y)}C${middle} ${n(from.y)} ${middle} ${n(to.y)} ${n(to.left)} ${n(to.y)}`,
    ink,
  );
}

/** Each from the line that tells of it, as wide as its share. */
function edges(
  { to }: TopologyRoute,
  from: Node,
  picture: Topology,
  { targets, grounds }: { targets: Node[]; grounds: Map<string, string> },
): string[] {
  const first = from.lines.length - to.length;
  return to.flatMap(({ target, share, copy }, index) => {
    const node = targets[picture.targets.findIndex(({ name }) => name === target)];
    if (!node || share <= 0) return [];
    const at = { right: from.x + from.width, y: baseline(from, first + index) - 4 };
    const stroke = copy ? COLOURS.copy : grounds.get(target)!;
    return [edge(at, middleOf(node), { stroke, width: 1.2 + (share / 100) * 4.5, ...(copy && { dash: '3 4' }) })];
  });
}

function perSecond(rate: number): string {
  if (rate >= 10) return Math.round(rate).toLocaleString('en-US');
  return rate >= 1 ? rate.toFixed(1).replace(/\.0$/, '') : `${Number(rate.toPrecision(2))}`;
}
