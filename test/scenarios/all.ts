/** The stories: the forty, in their order, and those that are no seed's. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from './story.ts';

export async function storiesIn(folder: 'stories' | 'more'): Promise<{ file: string; scenario: Scenario }[]> {
  const path = join(import.meta.dirname, folder);
  return Promise.all(
    readdirSync(path)
      .sort()
      .map(async file => ({ file, scenario: ((await import(join(path, file))) as { default: Scenario }).default })),
  );
}
