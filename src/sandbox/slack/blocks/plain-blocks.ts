/** section, header, context, divider, markdown, actions, context_actions, input, image, video, file. */
import { address, anyText, blockId, eitherAddressOrFile, image, plainText, slackFile } from './composition.ts';
import { ELEMENTS } from './elements.ts';
import { also, byType, type Check, flag, list, oneOf, pick, string, typed } from './schema.ts';

const SELECTS = ['static', 'external', 'users', 'conversations', 'channels'].map(kind => `${kind}_select`);
const MENUS = [...SELECTS, ...SELECTS.map(kind => `multi_${kind}`)];
const PICKERS = ['datepicker', 'timepicker', 'datetimepicker'];
const CHOICES = ['checkboxes', 'radio_buttons'];

const accessory = byType({
  image,
  ...pick(ELEMENTS, 'button', 'overflow', 'datepicker', 'timepicker', ...CHOICES, ...MENUS),
});
const acting = byType(pick(ELEMENTS, 'button', 'overflow', 'rich_text_input', ...PICKERS, ...CHOICES, ...MENUS));
const filled = byType(
  pick(
    ELEMENTS,
    'plain_text_input',
    'number_input',
    'email_text_input',
    'url_text_input',
    'rich_text_input',
    'file_input',
    ...PICKERS,
    ...CHOICES,
    ...MENUS,
  ),
);

const id = { block_id: blockId };

/** By `type`. */
export const PLAIN_BLOCKS: Record<string, Check> = {
  section: also(
    typed(
      'section',
      {},
      { ...id, text: anyText(3000), fields: list(anyText(2000), { max: 10 }), accessory, expand: flag },
    ),
    (block, at, report) => {
      if (block.text === undefined && block.fields === undefined) report(at, 'must define either `text` or `fields`');
    },
  ),
  header: typed('header', { text: plainText(150) }, id),
  context: typed(
    'context',
    { elements: list(byType({ image, plain_text: anyText(), mrkdwn: anyText() }), { max: 10 }) },
    id,
  ),
  divider: typed('divider', {}, id),
  markdown: typed('markdown', { text: string({ max: 12_000 }) }, id),
  actions: typed('actions', { elements: list(acting, { max: 25 }) }, id),
  context_actions: typed(
    'context_actions',
    { elements: list(byType(pick(ELEMENTS, 'feedback_buttons', 'icon_button')), { max: 5 }) },
    id,
  ),
  input: typed(
    'input',
    { label: plainText(2000), element: filled },
    { ...id, hint: plainText(2000), optional: flag, dispatch_action: flag },
  ),
  image: also(
    typed(
      'image',
      { alt_text: string({ max: 2000 }) },
      { ...id, image_url: address, slack_file: slackFile, title: plainText(2000) },
    ),
    eitherAddressOrFile,
  ),
  video: typed(
    'video',
    { video_url: address, thumbnail_url: address, alt_text: string(), title: plainText(199) },
    {
      ...id,
      title_url: address,
      author_name: string({ max: 49 }),
      provider_name: string(),
      provider_icon_url: address,
      description: plainText(),
    },
  ),
  // Slack makes these itself for remote files; no app can send one.
  file: also(typed('file', { source: oneOf('remote'), external_id: string() }, id), (_block, at, report) => {
    report(at, 'file blocks cannot be added directly');
  }),
};
