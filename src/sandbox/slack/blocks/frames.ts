/** Blocks that frame others or stand out: container, plan, task_card, card, carousel, alert. */
import { address, anyText, blockId, image, plainText } from './composition.ts';
import { button } from './elements.ts';
import { PLAIN_BLOCKS } from './plain-blocks.ts';
import { richText } from './rich-text.ts';
import { also, byType, type Check, flag, list, object, oneOf, pick, string, typed } from './schema.ts';
import { TABLES } from './tables.ts';

const id = { block_id: blockId };

const child = byType({
  ...pick(PLAIN_BLOCKS, 'actions', 'context', 'divider', 'file', 'header', 'image', 'input', 'section', 'video'),
  ...pick(TABLES, 'table'),
  rich_text: richText,
});

const source = object({ type: oneOf('url'), url: address, text: string() });

const taskCard = typed(
  'task_card',
  { task_id: string(), title: string(), status: oneOf('pending', 'in_progress', 'complete', 'error') },
  { ...id, details: richText, output: richText, sources: list(source) },
);

const card = also(
  typed(
    'card',
    {},
    {
      ...id,
      hero_image: image,
      icon: image,
      title: anyText(150),
      subtitle: anyText(150),
      body: anyText(200),
      actions: list(button),
    },
  ),
  (block, at, report) => {
    const shown = ['hero_image', 'title', 'actions', 'body'].some(field => block[field] !== undefined);
    if (!shown) report(at, 'must define at least one of `hero_image`, `title`, `actions`, `body`');
  },
);

/** By `type`. */
export const FRAMES: Record<string, Check> = {
  container: also(
    typed(
      'container',
      { child_blocks: list(child, { max: 10 }) },
      {
        ...id,
        title: plainText(150),
        rich_text_title: richText,
        subtitle: anyText(150),
        width: oneOf('narrow', 'standard', 'wide', 'full'),
        icon: image,
        is_collapsible: flag,
        default_collapsed: flag,
        has_header_divider: flag,
      },
    ),
    (block, at, report) => {
      if (block.title === undefined && block.rich_text_title === undefined) report(at, 'missing required field: title');
      if (block.default_collapsed === true && block.is_collapsible !== true) {
        report(`${at}/default_collapsed`, 'requires `is_collapsible`');
      }
    },
  ),
  task_card: taskCard,
  plan: typed('plan', { title: string() }, { ...id, tasks: list(byType({ task_card: taskCard }), { min: 0 }) }),
  card,
  carousel: typed('carousel', { elements: list(byType({ card }), { max: 10 }) }, id),
  alert: typed('alert', { text: anyText() }, { ...id, level: oneOf('default', 'info', 'warning', 'error', 'success') }),
};
