/** Are these blocks, or is this view, what Slack would take? Throws Slack's refusal, naming each place that is wrong. */
import type { Json, JsonObject } from '../../../object.ts';
import { SlackRefusal } from '../errors.ts';
import { isObject, objectsIn } from '../json.ts';
import { chart } from './charts.ts';
import { plainText } from './composition.ts';
import { FRAMES } from './frames.ts';
import { PLAIN_BLOCKS } from './plain-blocks.ts';
import { richText } from './rich-text.ts';
import { byType, type Check, flag, list, oneOf, pick, type Report, string, typed } from './schema.ts';
import { TABLES } from './tables.ts';
import { checkTogether } from './together.ts';

const EVERYWHERE = {
  ...pick(PLAIN_BLOCKS, 'section', 'header', 'context', 'divider', 'actions', 'input', 'image', 'video', 'file'),
  ...pick(FRAMES, 'container'),
  rich_text: richText,
};

const IN_MESSAGES = byType({
  ...EVERYWHERE,
  ...pick(PLAIN_BLOCKS, 'markdown', 'context_actions'),
  ...pick(FRAMES, 'plan', 'task_card', 'card', 'carousel'),
  ...TABLES,
  data_visualization: chart,
});
const IN_MODALS = byType({ ...EVERYWHERE, ...pick(FRAMES, 'alert') });
const IN_HOME = byType(EVERYWHERE);

const common = {
  private_metadata: string({ min: 0, max: 3000 }),
  callback_id: string({ min: 0, max: 255 }),
  external_id: string({ min: 0, max: 255 }),
};
const inView = (block: Check) => list(block, { min: 0, max: 100 });

const VIEWS = {
  modal: typed(
    'modal',
    { title: plainText(24), blocks: inView(IN_MODALS) },
    { ...common, close: plainText(24), submit: plainText(24), clear_on_close: flag, notify_on_close: flag },
  ),
  home: typed('home', { blocks: inView(IN_HOME) }, common),
} satisfies Record<string, Check>;

/** Of a message. Throws invalid_blocks_format, invalid_blocks. */
export function validateBlocks(blocks: Json | undefined): JsonObject[] {
  if (!Array.isArray(blocks)) throw new SlackRefusal('invalid_blocks_format');
  const problems = newProblems();
  list(IN_MESSAGES, { min: 0, max: 50 })(blocks, '/blocks', problems.report);
  checkTogether(objectsIn(blocks), '/blocks', problems.report);
  problems.refuse('invalid_blocks');
  return objectsIn(blocks);
}

/** Throws invalid_arguments, as views.open does. */
export function validateView(view: unknown, type: 'modal' | 'home'): asserts view is JsonObject {
  const problems = newProblems();
  if (!isObject(view)) {
    problems.report('/view', 'must provide an object');
    problems.refuse('invalid_arguments');
    return;
  }
  oneOf(type)(view.type ?? null, '/view/type', problems.report);
  VIEWS[type](view, '/view', problems.report);
  const blocks = objectsIn(view.blocks);
  checkTogether(blocks, '/view/blocks', problems.report);
  if (type === 'modal' && view.submit === undefined && blocks.some(block => block.type === 'input')) {
    problems.report('/view', 'must define `submit` to use an `input` block in modals');
  }
  problems.refuse('invalid_arguments');
  if (JSON.stringify(view).length > 250_000) throw new SlackRefusal('view_too_large');
}

function newProblems() {
  const found: string[] = [];
  const report: Report = (at, message) => found.push(`${message} [json-pointer:${at}]`);
  return {
    report,
    refuse(code: string) {
      if (found.length === 0) return;
      const messages = found.map(message => `[ERROR] ${message}`);
      throw new SlackRefusal(code, { errors: found, response_metadata: { messages } });
    },
  };
}
