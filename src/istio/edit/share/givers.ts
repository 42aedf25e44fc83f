/** What a move of shares did to the others, in words. */
import type { Phrase } from '../../../view.ts';
import { percent } from '../../percent.ts';
import { type Entry, labelOf } from '../service/service.ts';
import { type Address, sameAddress } from './address.ts';
import type { Part } from './spread.ts';

/** Said where the weights did not sum to 100. */
export function normalised(entries: Entry[]): Phrase[] {
  const total = entries.reduce((all, entry) => all + (entry.weight ?? 0), 0);
  if (entries.length < 2 || total === 100) return [];
  return [`The weights summed to ${total}, which Istio reads as proportions; they now sum to 100.`];
}

/** Headers that one destination sets are that one's own: whoever counts on them should know. */
export function bareNewcomer(parts: Part[], target: Address, reader: string): Phrase[] {
  const added = parts.find(part => part.isNew && sameAddress(part, target) && part.json.headers === undefined);
  const others = parts.filter(part => part.json.headers !== undefined).map(part => labelOf(part, reader));
  if (!added || others.length === 0) return [];
  return [`${labelOf(added, reader)} sets no headers of its own, as ${others.join(', ')} does.`];
}

/** Said where more than one destination gives way. */
export function givers(parts: Part[], weights: number[], target: Address, reader: string): Phrase[] {
  const others = parts
    .map((part, index) => ({ part, weight: weights[index]! }))
    .filter(({ part, weight }) => !sameAddress(part, target) && (part.share > 0 || weight > 0));
  if (others.length < 2 || others.every(({ part, weight }) => part.share === weight)) return [];
  const said = others.map(({ part, weight }) => `${labelOf(part, reader)} ${percent(part.share)} → ${percent(weight)}`);
  return [`The others share the rest in proportion: ${said.join(', ')}.`];
}
