/** Which test files begin first: those that take longest, so that no worker is left with one of them at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The longest first, as measured on two cores. Where it is no longer true, it costs a few seconds and nothing else. */
const LONG = [
  'test/change/replicas-',
  'test/story/receipt',
  'test/story/lasting',
  'test/story/steps',
  'test/scenarios/scenarios',
  'test/proof/sabotage',
  'test/story/',
  'test/sandbox/page/',
  'test/verbs/',
  'test/commands/examples-local',
  'test/truth/',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = LONG.findIndex(part => moduleId.includes(part));
  return at < 0 ? LONG.length : at;
}
