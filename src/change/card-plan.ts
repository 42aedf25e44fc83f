/** The part of a card that shows the plan: traffic before and after, notes, the diff, what the checks found, the risk. */

import type { Finding, Risk } from '../plan.ts';
import type { Part, Phrase } from '../view.ts';
import { notesBeside, trafficParts } from './card-traffic.ts';
import type { StoredPlan } from './meshchange.ts';
import { sentence } from './phrases.ts';
import { diffOf } from './yaml-diff.ts';

/** `brief`: nothing is to be decided any more, so only what was done is shown. */
export function planParts(plan: StoredPlan, { name, brief }: { name: string; brief: boolean }): Part[] {
  const parts: Part[] = trafficParts(plan, { brief });
  const notes = brief ? [] : notesBeside(plan);
  if (notes.length > 0) parts.push({ kind: 'bullets', items: notes });
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
