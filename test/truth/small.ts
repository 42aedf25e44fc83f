/** Makes a disagreement small in the mesh, and asks the mesh once more, as strictly as any batch, whether what is left disagrees. */
import type { Case } from './case.ts';
import { type Fixture, fixtureOf } from './fixture.ts';
import { runBatch, type Verdict } from './lab/batch.ts';
import type { Lab } from './lab/lab.ts';
import { type Arrival, type Observed, textOf } from './outcome.ts';
import type { Setting } from './setting.ts';
import { shrunk, smallestThat } from './shrink.ts';

/** ms to make one small, and to ask again about what was found on the way. */
const SHRINKING = 110_000;
const ASKING_AGAIN = 60_000;

export interface Small {
  fixture: Fixture;
  /** How it went, for people. */
  told: string;
}

/** `slots`: how many there are. */
export async function madeSmall(lab: Lab, verdict: Verdict, setting: Setting, slots: number): Promise<Small> {
  const began = Date.now();
  const isOver = () => Date.now() > began + SHRINKING;
  const steps = await shrunk(verdict.found, verdict.probe, { slots, isOver }, tried => trial(lab, tried, setting));
  const asPossible = isOver() ? ', as far as there was time' : '';
  const until = Date.now() + ASKING_AGAIN;
  const took = () => `${Math.round((Date.now() - began) / 1000)} s`;
  const asked = async (step: Case) => {
    const { verdicts } = await runBatch(lab, [step], { number: Date.now(), setting });
    return verdicts.find(({ said }) => said.length > 0);
  };
  const still = await smallestThat(steps, asked, () => Date.now() > until);
  if (still) return { fixture: kept(still, setting), told: `made small in ${took()}${asPossible}` };
  const whole = { ...verdict, found: steps[0]! };
  return {
    fixture: kept(whole, setting),
    told: `kept whole after ${took()}: what was left of it agreed when asked alone`,
  };
}

/** Which of them disagree still, asked more quickly than a batch is. */
async function trial(lab: Lab, tried: Case[], setting: Setting): Promise<boolean[]> {
  const options = { number: Date.now(), setting, again: [700, 2_000], anew: false };
  const { verdicts, refused } = await runBatch(lab, tried, options);
  return tried.map(each => {
    const whole = each.made.every(({ object }) => !refused.some(one => one.object === object));
    return whole && verdicts.some(({ found, said }) => found === each && said.length > 0);
  });
}

function kept({ found, probe, seen, said }: Verdict, setting: Setting): Fixture {
  const outcomes = distinct(seen.map(({ outcome }) => outcome));
  const mirrors = mirrored(seen);
  const asked = [{ probe, seen: outcomes, ...(mirrors.length > 0 ? { mirrors } : {}) }];
  return fixtureOf(said.join('; '), found, asked, setting);
}

/** First tries of a request look like its mirrors, so where there are any nothing is said of these. */
function mirrored(seen: Observed[]): Arrival[] {
  if (seen.some(({ outcome }) => (outcome.tries ?? 1) > 1)) return [];
  return distinct(seen.flatMap(each => each.mirrors.map(({ arrival }) => arrival)));
}

function distinct<T>(all: T[]): T[] {
  return [...new Map(all.map(each => [textOf(each), each])).values()];
}
