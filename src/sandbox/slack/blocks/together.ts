/** Rules over all blocks of one message or view: ids that are unique, how many of a kind, how much text in all. */
import type { JsonObject } from '../../../object.ts';
import { isObject, stringIn } from '../json.ts';
import { readableLength } from './length.ts';
import type { Report } from './schema.ts';
import { rowsOf } from './tables.ts';
import { elementsOf, everyBlock } from './walk.ts';

/** Characters in one message. */
const LONGEST_MARKDOWN = 12_000;
const LONGEST_TABLES = 10_000;
const MOST_CHARTS = 2;

export function checkTogether(blocks: JsonObject[], at: string, report: Report): void {
  const all = [...everyBlock(blocks)];
  const ofType = (...types: string[]) => all.filter(block => types.includes(String(block.type)));

  uniqueIds(all, at, report);
  if (ofType('table').length > 1) report(at, 'only_one_table_allowed');
  if (ofType('data_visualization').length > MOST_CHARTS) {
    report(at, `no more than ${MOST_CHARTS} data_visualization blocks allowed`);
  }
  const markdown = ofType('markdown').reduce((sum, block) => sum + (stringIn(block, 'text')?.length ?? 0), 0);
  if (markdown > LONGEST_MARKDOWN) report(at, `markdown blocks must have less than ${LONGEST_MARKDOWN + 1} characters`);
  const cells = ofType('table', 'data_table').flatMap(rowsOf).flat().filter(isObject);
  if (readableLength(cells) > LONGEST_TABLES) {
    report(at, `table cells must have less than ${LONGEST_TABLES + 1} characters in all`);
  }
}

/** block_id in the whole, action_id in its block. */
function uniqueIds(all: JsonObject[], at: string, report: Report): void {
  const blockIds = new Set<string>();
  for (const block of all) {
    const blockId = stringIn(block, 'block_id');
    if (blockId !== undefined && blockIds.has(blockId)) report(at, `\`block_id\` ${blockId} already exists`);
    if (blockId !== undefined) blockIds.add(blockId);
    const actionIds = new Set<string>();
    for (const element of elementsOf(block)) {
      const actionId = stringIn(element, 'action_id');
      if (actionId !== undefined && actionIds.has(actionId)) report(at, `\`action_id\` ${actionId} already exists`);
      if (actionId !== undefined) actionIds.add(actionId);
    }
  }
}
