/** The kinds of change that people ask for. One more kind is one more entry. */
import { wasApplied } from '../../../../src/change/phases.ts';
import type { LocalWorld } from './world.ts';

export interface Kind {
  /** How often it is asked for, among the others. */
  weight: number;
  /** What is typed after `/mesh`. */
  line(world: LocalWorld): string;
  /** Not before so many virtual ms: there must be something to ask it for. */
  from?: number;
}

const percent = ({ sim }: LocalWorld) => sim.dice.pick([10, 50, 100]);

const KINDS: readonly Kind[] = [
  { weight: 4, line: world => `shift routed v3 ${percent(world)}` },
  { weight: 2, line: world => `shift split v3 ${percent(world)}` },
  // Two objects, the DestinationRule first.
  { weight: 3, line: world => `shift bare v3 ${percent(world)}` },
  // Which of its routes is meant is asked first.
  { weight: 1, line: world => `shift forked v3 ${percent(world)}` },
  // Of what was created, a deletion.
  { weight: 2, line: undo, from: 40_000 },
  { weight: 2, line: () => 'shift routed v3 10,50,100 --every 20s --gate errors<1% --gate p95<500ms' },
  // The first step makes both objects.
  { weight: 1, line: () => 'shift bare v3 10,100 --every 15s --gate errors<1%' },
  { weight: 1, line: () => 'shift routed v3 20,60 --every 10s --for 40s' },
  { weight: 2, line: world => `shift ${world.sim.dice.pick(['routed', 'split'])} v3 50 --for 40s` },
  // What is refused is over at once.
  { weight: 0.3, line: () => 'shift routed v1 100' },
];

/** Takes back one of the changes, most likely one that was written, or the latest of the channel. */
function undo({ ledger, sim: { dice } }: LocalWorld): string {
  const all = [...ledger.changes.values()];
  const written = all.filter(change => wasApplied(change) && change.status?.undoneBy === undefined);
  if (all.length === 0) return 'shift routed v3 20';
  if (dice.chance(0.2)) return 'undo';
  return `undo ${dice.pick(written.length > 0 && dice.chance(0.8) ? written : all).metadata.name}`;
}

export function drawKind({ sim }: LocalWorld): Kind {
  const total = KINDS.reduce((sum, { weight }) => sum + weight, 0);
  let left = sim.dice.next() * total;
  for (const kind of KINDS) {
    left -= kind.weight;
    if (left < 0) return kind;
  }
  return KINDS[0]!;
}
