/** Did the configuration stay what it was while it was asked about? If not, no prediction is to blame. */
import type { KubeObject } from '../../src/object.ts';

/** Somebody else wrote. */
export class Disturbed extends Error {
  constructor(said: string[]) {
    const some = said.slice(0, 5).join('; ');
    const more = said.length > 5 ? `; and ${said.length - 5} more` : '';
    super(`the configuration did not stay as it was: ${some}${more}. Does another run use this cluster?`);
  }
}

/** What is gone, has come, was made anew under its name, or says something else; what is but labels or status counts for nothing. */
export function differences(before: KubeObject[], after: KubeObject[]): string[] {
  const now = new Map(after.map(each => [named(each), each]));
  const then = new Set(before.map(named));
  return [
    ...before.flatMap(each => {
      const found = now.get(named(each));
      if (!found) return [`${named(each)} is gone`];
      if (found.metadata.uid !== each.metadata.uid) return [`${named(each)} is another one of that name`];
      return found.metadata.generation === each.metadata.generation ? [] : [`${named(each)} was edited`];
    }),
    ...after.filter(each => !then.has(named(each))).map(each => `${named(each)} has come`),
  ];
}

const named = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.namespace}/${metadata.name}`;
