/** The pages that are made from the program are what it says today. `npm run docs` writes them anew. */
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FROZEN } from '../../src/change/freezing.ts';
import { MUTATED } from '../../src/change/mutation.ts';
import { CHECKS } from '../../src/istio/checks/index.ts';
import { loadCommands } from '../../src/registry.ts';
import { checksPage, KEPT } from './checks-page.ts';
import { commandsPage } from './commands-page.ts';

const docs = resolve(import.meta.dirname, '../../docs');
const { commands } = await loadCommands();
const codes = CHECKS.flatMap(check => check.rules.map(({ code }) => code));

describe('the pages', () => {
  it('tell of every command as it is', async () => {
    await expect(commandsPage(commands)).toMatchFileSnapshot(join(docs, 'commands.md'));
  });

  it('tell of every check as it is', async () => {
    await expect(checksPage(CHECKS)).toMatchFileSnapshot(join(docs, 'checks.md'));
  });

  it('name only codes that there are, and leave none out', () => {
    const named = KEPT.flatMap(({ by = [] }) => by);
    expect([...new Set(named)].filter(code => ![...codes, MUTATED, 'api-refused', FROZEN].includes(code))).toEqual([]);
    expect(codes.filter(code => !named.includes(code))).toEqual([]);
    expect(KEPT.filter(({ by, why }) => by === undefined && why === undefined)).toEqual([]);
  });

  it('have each example as it is typed', () => {
    const page = commandsPage(commands);
    for (const { verb, examples } of commands) {
      expect(page).toContain(`### ${verb}\n`);
      for (const { line } of examples) expect(page).toContain(`\`${line.replaceAll('|', '\\|')}\``);
    }
  });
});
