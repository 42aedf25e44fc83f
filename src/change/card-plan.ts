/** The part of a card that shows the plan: traffic before and after, notes, the diff, what the checks found, the risk. */

import type { Finding, Risk, TrafficRow } from '../plan.ts';
import type { Part, Phrase } from '../view.ts';
import type { StoredPlan } from './meshchange.ts';
import { percent, sentence } from './phrases.ts';
import { diffOf } from './yaml-diff.ts';

/** Bars say something for a few destinations; beyond that the table says it better. */
const BARS_MOST = 8;

/** `brief`: nothing is to be decided any more, so only what was done is shown. */
export function planParts(plan: StoredPlan, { name, brief }: { name: string; brief: boolean }): Part[] {
  const parts: Part[] = [];
  if (plan.traffic.length > 0) {
    parts.push(trafficTable(plan.traffic));
    const moved = plan.traffic.filter(row => row.before !== row.after);
    if (!brief && moved.length > 0 && moved.length <= BARS_MOST) parts.push(trafficBars(plan));
  }
  if (!brief && plan.notes.length > 0) parts.push({ kind: 'bullets', items: plan.notes });
  for (const write of plan.writes) {
    const verb = write.before ? (write.after ? 'Change' : 'Delete') : 'Create';
    parts.push({
      kind: 'code',
      language: 'diff',
      title: `${verb} ${write.ref.kind} ${write.ref.namespace}/${write.ref.name}`,
      text: diffOf(write, plan.digest),
      file: `${name}-${write.ref.kind.toLowerCase()}-${write.ref.name}.diff`,
    });
  }
  if (!brief) parts.push(...findingParts(plan.findings));
  return parts;
}

function trafficTable(traffic: TrafficRow[]): Part {
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
      percent(row.before),
      row.before === row.after ? percent(row.after) : [{ bold: percent(row.after) }],
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

function trafficBars(plan: StoredPlan): Part {
  // Only the requests whose way changes: the others are in the table.
  const matches = movingIn(plan.traffic);
  const rows = plan.traffic.filter(row => matches.has(row.match));
  const label = (row: TrafficRow): string => (matches.size > 1 ? `${row.destination} (${row.match})` : row.destination);
  const bars = (of: 'before' | 'after') => rows.map(row => ({ label: label(row), value: row[of] }));
  return {
    kind: 'bars',
    title: `Traffic of ${plan.services.join(', ')}`,
    unit: '%',
    series: [
      { name: 'before', bars: bars('before') },
      { name: 'after', bars: bars('after') },
    ],
  };
}

const SIGNS: Record<Finding['severity'], string> = { error: '⛔', warning: '⚠️', info: 'ℹ️' };

/** Findings, the worst first. */
export function findingParts(findings: Finding[]): Part[] {
  if (findings.length === 0) return [];
  const order: Finding['severity'][] = ['error', 'warning', 'info'];
  const sorted = order.flatMap(severity => findings.filter(finding => finding.severity === severity));
  const items = sorted.map(({ severity, message, fix, path }): Phrase => {
    const next = fix === undefined ? [] : [' ', { italic: sentence(fix) }];
    const where = path === '' ? [] : [' ', { code: path }];
    return [`${SIGNS[severity]} ${sentence(message)}`, ...next, ...where];
  });
  return [{ kind: 'bullets', items }];
}

export function riskField(risk: Risk): { name: string; value: Phrase } {
  const signs: Record<Risk, string> = { low: '🟢 low', medium: '🟡 medium', high: '🔴 high' };
  return { name: 'Risk', value: signs[risk] };
}
