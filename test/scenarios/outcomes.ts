/** How the stories went, kept per world for the table of `npm run scenarios`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Scenario, whyNotIn } from './story.ts';
import type { World } from './world/world.ts';

export interface Outcome {
  id: string;
  state: 'works' | 'fails' | 'not yet';
  why?: string;
}

export interface Recorded {
  /** RFC 3339. */
  at: string;
  outcomes: Outcome[];
}

const FOLDER = join(import.meta.dirname, '../../build/scenarios');
const fileOf = (world: World['name']) => join(FOLDER, `${world}.json`);

/** A story that was not reached counts as failed. */
export function record(world: World['name'], scenarios: Scenario[], outcomes: Outcome[]): void {
  const rows = scenarios.map((scenario): Outcome => {
    const { id } = scenario;
    const why = whyNotIn(world, scenario);
    if (why !== undefined) return { id, state: 'not yet', why };
    return outcomes.find(outcome => outcome.id === id) ?? { id, state: 'fails', why: 'it was not reached' };
  });
  mkdirSync(FOLDER, { recursive: true });
  const kept: Recorded = { at: new Date().toISOString(), outcomes: rows };
  writeFileSync(fileOf(world), `${JSON.stringify(kept, null, 2)}\n`);
}

/** undefined: its stories were not told on this machine yet. */
export function recorded(world: World['name']): Recorded | undefined {
  const file = fileOf(world);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Recorded) : undefined;
}
