/** What Slack would refuse in a message's blocks, told one sentence each. Written from Slack's pages, not from src. */

type Json = Record<string, unknown>;

/** Everything wrong with the blocks; [] when Slack would take them. */
export function complaints(blocks: unknown[], surface: 'message' | 'view' = 'message'): string[] {
  const found: string[] = [];
  const no = (wrong: boolean, what: string): void => {
    if (wrong) found.push(what);
  };
  no(blocks.length === 0 || blocks.length > 50, `${blocks.length} blocks`);
  no(JSON.stringify(blocks).length > 12_000, `${JSON.stringify(blocks).length} characters of blocks`);
  const all = everything(blocks);
  const types = all.map(one => one.type);
  no(types.filter(type => type === 'table').length > 1, 'more than one table');
  no(types.filter(type => type === 'data_visualization').length > 2, 'more than two charts');
  const ids = all.flatMap(one => one.block_id ?? []);
  no(new Set(ids).size !== ids.length, 'a block_id twice');
  if (surface === 'view') {
    const foreign = types.find(type => ['container', 'plan', 'table', 'data_visualization'].includes(String(type)));
    no(foreign !== undefined, `${foreign} outside of a message`);
  }
  for (const one of all) check(one, no);
  return found;
}

function check(one: Json, no: (wrong: boolean, what: string) => void): void {
  const text = one.text;
  const within = (value: unknown, most: number, what: string): void =>
    no(
      typeof value !== 'string' || value.length === 0 || value.length > most,
      `${what}: ${JSON.stringify(value)?.length}`,
    );
  const inner = (value: unknown): unknown => (value as Json | undefined)?.text;
  const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
  const count = (value: unknown, least: number, most: number, what: string): void =>
    no(!Array.isArray(value) || value.length < least || value.length > most, `${what}: ${list(value).length}`);
  for (const id of ['block_id', 'action_id']) if (one[id] !== undefined) within(one[id], 255, id);
  switch (one.type) {
    case 'header':
      within(inner(text), 150, 'header');
      return;
    case 'plain_text':
    case 'mrkdwn':
    case 'text':
    case 'raw_text':
      no(typeof text === 'string' && text.trim() === '' && one.type !== 'text' && text !== '\u00A0', 'blank text');
      within(text, 3000, String(one.type));
      return;
    case 'rich_text':
      count(one.elements, 1, 1000, 'rich_text');
      return;
    case 'rich_text_section':
    case 'rich_text_preformatted':
    case 'rich_text_list':
      count(one.elements, 1, 1000, String(one.type));
      return;
    case 'context':
      count(one.elements, 1, 10, 'context');
      return;
    case 'actions': {
      count(one.elements, 1, 25, 'actions');
      const ids = list(one.elements).map(element => element.action_id);
      no(new Set(ids).size !== ids.length, 'an action_id twice in a block');
      return;
    }
    case 'button': {
      within(inner(text), 75, 'button');
      if (one.value !== undefined) within(one.value, 2000, 'button value');
      const confirm = one.confirm as Json | undefined;
      if (confirm === undefined) return;
      within(inner(confirm.title), 100, 'confirm title');
      within(inner(confirm.text), 300, 'confirm text');
      within(inner(confirm.confirm), 30, 'confirm yes');
      within(inner(confirm.deny), 30, 'confirm no');
      return;
    }
    case 'static_select':
      count(one.options, 1, 100, 'options');
      within(inner(one.placeholder), 150, 'placeholder');
      for (const option of list(one.options)) {
        within(inner(option.text), 75, 'option');
        within(option.value, 75, 'option value');
      }
      return;
    case 'table':
      count(one.rows, 1, 100, 'rows');
      for (const row of list(one.rows)) count(row, 1, 20, 'columns');
      no(new Set(list(one.rows).map(row => (row as unknown as unknown[]).length)).size !== 1, 'ragged rows');
      return;
    case 'container':
      within(inner(one.title), 150, 'container title');
      count(one.child_blocks, 1, 10, 'child blocks');
      return;
    case 'plan':
      within(one.title, 150, 'plan title');
      return;
    case 'task_card':
      within(one.title, 150, 'task title');
      return;
    case 'data_visualization': {
      within(one.title, 50, 'chart title');
      const chart = one.chart as Json;
      const axis = chart.axis_config as Json;
      const categories = axis.categories as string[];
      count(chart.series, 1, 6, 'series');
      count(categories, 1, 20, 'categories');
      no(new Set(categories).size !== categories.length, 'a category twice');
      for (const category of categories) within(category, 20, 'category');
      if (axis.y_label !== undefined) within(axis.y_label, 50, 'y label');
      const names = list(chart.series).map(series => series.name);
      no(new Set(names).size !== names.length, 'a series twice');
      for (const series of list(chart.series)) {
        within(series.name, 20, 'series name');
        const data = list(series.data);
        no(data.map(point => point.label).join('|') !== categories.join('|'), 'labels that are not the categories');
        no(!data.every(point => Number.isFinite(point.value)), 'a value that is no number');
      }
    }
  }
}

/** Every object with a type, at any depth. */
export function everything(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(everything);
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(everything);
  return 'type' in value || 'block_id' in value ? [value as Json, ...inside] : inside;
}
