/** How much Slack takes (docs.slack.dev/reference/block-kit and the pages of each block). Counts are UTF-16 units. */

export const LIMITS = {
  /** Blocks of a message. A Home tab and a modal take 100; meshbot keeps to 50 everywhere. */
  blocks: 50,
  /** `msg_blocks_too_long` begins somewhere above 13,000 characters of JSON; this stays clear of it. */
  message: 12_000,
  /** Top-level text. Slack cuts at 40,000 and advises 4,000. */
  text: 4_000,
  header: 150,
  /** One text element or text object. */
  element: 3_000,
  context: 10,
  actions: 25,
  button: 75,
  buttonValue: 2_000,
  /** `action_id` and `block_id`. */
  id: 255,
  url: 3_000,
  options: 100,
  option: 75,
  placeholder: 150,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  /** Rows with the header row. */
  tableRows: 100,
  tableColumns: 20,
  tables: 1,
  charts: 2,
  chartTitle: 50,
  /** Of an image block; its title has the same. */
  altText: 2_000,
  series: 6,
  /** Names of series and categories. */
  chartLabel: 20,
  categories: 20,
  containerTitle: 150,
  modalTitle: 24,
  privateMetadata: 3_000,
} as const;
