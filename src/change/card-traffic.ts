/**
 * The traffic diff of a card: which requests move, in a sentence, a table and a chart. In requests/s where rates were
 * measured when the change was planned, in shares where they were not; what is measured and what computed is said.
 */
import { type MatchRate, ratesByMatch, totalOf } from '../istio/edit/plan/rates.ts';
import type { TrafficRow } from '../plan.ts';
import type { Part, Phrase, Span } from '../view.ts';
import type { StoredPlan } from './meshchange.ts';
import { percent, perSecond, spans } from './phrases.ts';

/** Bars say something for a few destinations; beyond that the table says it better. */
const BARS_MOST = 8;
/** Routes that stay as they are and are named beside what moves; more of them are in the plan's notes. */
const STILL_MOST = 2;
/** Routes that move and are told in words. */
const MOVES_MOST = 3;

type Rates = Map<string, MatchRate>;

/** `brief`: nothing is to be decided any more, so only the table is shown. */
export function trafficParts(plan: StoredPlan, { brief }: { brief: boolean }): Part[] {
  if (plan.traffic.length === 0) return [];
  const rates = ratesOf(plan);
  const table = trafficTable(plan.traffic, rates);
  if (brief) return [table];
  const moving = plan.traffic.filter(row => row.before !== row.after);
  const told = sentenceOf(plan, rates);
  return [
    ...(told === undefined ? [] : [{ kind: 'text' as const, text: told }]),
    table,
    ...(moving.length > 0 && moving.length <= BARS_MOST ? [trafficBars(plan, rates)] : []),
    ...measured(plan, rates),
  ];
}

/** The plan's notes but for those that the sentence above the table has said. */
export function notesBeside(plan: StoredPlan): Phrase[] {
  const still = stillIn(plan.traffic);
  const said = new Set(still.length <= STILL_MOST ? still.map(rows => rows[0]!.match) : []);
  return plan.notes.filter(note => {
    const [first, second] = spans(note);
    const match = typeof first === 'object' && 'bold' in first ? first.bold : undefined;
    return !(match !== undefined && said.has(match) && typeof second === 'string' && second.startsWith(' stays: '));
  });
}

function ratesOf({ rates, traffic, services }: StoredPlan): Rates {
  return rates ? ratesByMatch(traffic, services[0] ?? '', rates.byVersion) : new Map();
}

/** `1,240 of 2,480 requests/s move v2 → v3; end-user = jason stays on v2.` */
function sentenceOf({ traffic, services }: StoredPlan, rates: Rates): Phrase | undefined {
  const short = (destination: string): string => {
    const prefix = `${services[0] ?? ''} `;
    return destination.startsWith(prefix) ? destination.slice(prefix.length) : destination;
  };
  const matches = byMatch(traffic);
  const moves = matches.flatMap(rows => moveOf(rows, rates, short) ?? []);
  if (moves.length === 0) return undefined;
  const still = stillIn(traffic);
  const stays =
    still.length <= STILL_MOST
      ? still.map(rows => stayOf(rows, short))
      : [`${still.length} other routes stay as they are`];
  const more = moves.length - MOVES_MOST;
  const rest = more > 0 ? [`${more} more ${more === 1 ? 'route moves' : 'routes move'} too`] : [];
  const first: Span[] = moves.slice(0, MOVES_MOST).flatMap((bold, at) => [...(at > 0 ? ['; '] : []), { bold }]);
  return [...first, [...rest, ...stays].map(each => `; ${each}`).join(''), '.'].filter(span => span !== '');
}

function moveOf(rows: TrafficRow[], rates: Rates, short: (destination: string) => string): string | undefined {
  const { match } = rows[0]!;
  const gains = rows.filter(row => row.after > row.before);
  const losses = rows.filter(row => row.after < row.before);
  if (gains.length + losses.length === 0) return undefined;
  const names = (some: TrafficRow[]) => some.map(row => short(row.destination)).join(', ');
  const copied = /^copies of (.*)$/.exec(match)?.[1];
  if (copied !== undefined) {
    const [to] = gains;
    if (!to) return `${subject(copied)} are no longer copied to ${names(losses)}`;
    return `${percent(to.after)} of ${subject(copied)} are copied to ${short(to.destination)}`;
  }
  const points = Math.max(
    sum(gains.map(row => row.after - row.before)),
    sum(losses.map(row => row.before - row.after)),
  );
  const way = `${names(losses) || 'nothing'} → ${names(gains) || 'nothing'}`;
  const rate = rates.get(match);
  if (!rate) return `${percent(points)} of ${subject(match)} move ${way}`;
  const moved = `${perSecond((rate.rate * points) / 100)} of ${perSecond(rate.rate)} requests/s`;
  return `${rate.atMost ? 'at most ' : ''}${moved}${isCatchAll(match) ? '' : ` ${condition(match)}`} move ${way}`;
}

function stayOf(rows: TrafficRow[], short: (destination: string) => string): string {
  const [only, ...others] = rows.filter(row => row.after > 0);
  const match = rows[0]!.match;
  const verb = isCatchAll(match) ? 'stay' : 'stays';
  return only && others.length === 0
    ? `${match} ${verb} on ${short(only.destination)}`
    : `${match} ${verb} as ${isCatchAll(match) ? 'they are' : 'it is'}`;
}

function subject(match: string): string {
  return isCatchAll(match) ? match : `requests ${condition(match)}`;
}

function condition(match: string): string {
  return /^(from|through|for) /.test(match) ? match : `where ${match}`;
}

function isCatchAll(match: string): boolean {
  return /^all (other )?requests$/.test(match);
}

function trafficTable(traffic: TrafficRow[], rates: Rates): Part {
  const cell = (row: TrafficRow, share: number): string => {
    const rate = rates.get(row.match.replace(/^copies of /, ''));
    if (!rate || share === 0) return percent(share);
    return `${percent(share)}, ${rate.atMost ? '≤ ' : ''}${perSecond((rate.rate * share) / 100)}/s`;
  };
  return {
    kind: 'table',
    columns: [
      { title: 'Requests' },
      { title: 'go to' },
      { title: 'before', align: 'right' },
      { title: 'after', align: 'right' },
    ],
    rows: inOrder(traffic).map((row): Phrase[] => [
      row.match,
      row.destination,
      cell(row, row.before),
      row.before === row.after ? cell(row, row.after) : [{ bold: cell(row, row.after) }],
    ]),
  };
}

/** Routes are asked in order, so rows are too; a table that may be cut begins with what moves. */
function inOrder(traffic: TrafficRow[]): TrafficRow[] {
  if (traffic.length <= BARS_MOST) return traffic;
  const moving = movingIn(traffic);
  return [...traffic.filter(row => moving.has(row.match)), ...traffic.filter(row => !moving.has(row.match))];
}

/** The requests whose way changes. */
function movingIn(traffic: TrafficRow[]): Set<string> {
  return new Set(traffic.filter(row => row.before !== row.after).map(row => row.match));
}

/** Rows of the routes whose way does not change, route by route; copies are told with what is copied. */
function stillIn(traffic: TrafficRow[]): TrafficRow[][] {
  const moving = movingIn(traffic);
  return byMatch(traffic).filter(([row]) => !moving.has(row!.match) && !row!.match.startsWith('copies of '));
}

function byMatch(traffic: TrafficRow[]): TrafficRow[][] {
  const groups = new Map<string, TrafficRow[]>();
  for (const row of traffic) groups.set(row.match, [...(groups.get(row.match) ?? []), row]);
  return [...groups.values()];
}

/** Only the requests whose way changes: the others are in the table. */
function trafficBars(plan: StoredPlan, rates: Rates): Part {
  const matches = movingIn(plan.traffic);
  const rows = plan.traffic.filter(row => matches.has(row.match));
  const known = [...matches].map(match => rates.get(match));
  const inRates = known.every(rate => rate !== undefined);
  const label = (row: TrafficRow): string => (matches.size > 1 ? `${row.destination} (${row.match})` : row.destination);
  const value = (row: TrafficRow, share: number) =>
    inRates ? ((rates.get(row.match)?.rate ?? 0) * share) / 100 : share;
  const bars = (of: 'before' | 'after') =>
    rows.map(row => ({ label: label(row), value: Math.round(value(row, row[of]) * 100) / 100 }));
  const atMost = inRates && known.some(rate => rate.atMost) ? ', at most' : '';
  return {
    kind: 'bars',
    title: `Traffic of ${plan.services.join(', ')}${atMost}`,
    unit: inRates ? 'requests/s' : '%',
    series: [
      { name: 'before', bars: bars('before') },
      { name: 'after', bars: bars('after') },
    ],
  };
}

/** Which numbers were measured, and what was made of them. */
function measured({ rates, services }: StoredPlan, byRoute: Rates): Part[] {
  if (!rates) return [];
  const name = services[0] ?? 'the service';
  const over = `over ${Math.round(rates.window / 60)} min`;
  if (!(totalOf(rates.byVersion) > 0)) {
    const says = `Prometheus counted no requests to ${name} ${over}, so only shares are shown. Read `;
    return [{ kind: 'note', text: [says, { time: rates.at }] }];
  }
  const versions = Object.entries(rates.byVersion)
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([version, rate]) => `${version === 'unknown' ? 'no pod reached' : version} ${perSecond(rate)}/s`);
  const shared = [...byRoute.values()].some(({ atMost }) => atMost)
    ? ' Istio does not count by route: where routes share a version, “at most” (≤) is all that is known.'
    : '';
  return [
    {
      kind: 'note',
      text: [
        `Measured ${over}: ${versions.join(', ')}. All other rates are computed from these and the shares.${shared} Read `,
        { time: rates.at },
      ],
    },
  ];
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
