/** docs/commands.md, made from the commands themselves. */
import type { Command } from '../../src/command.ts';
import { takesShare } from '../../src/command.ts';
import { usageOf } from '../../src/grammar/usage.ts';

const KINDS: { kind: Command['kind']; title: string; says: string }[] = [
  {
    kind: 'change',
    title: 'Changes',
    says: 'Planned against the mesh as it is, shown on a card, approved by those whom the policy names, written exactly as approved, proven by requests. Any of them can be taken back with `undo`.',
  },
  {
    kind: 'setting',
    title: 'Settings',
    says: 'Change meshbot’s own records and nothing of the mesh: done at once, and told in the channel where they were asked for. Whoever may ask for a change may set.',
  },
  {
    kind: 'query',
    title: 'Questions',
    says: 'Answered to whoever asks, alone, unless they say `--share`. They change nothing.',
  },
];

export function commandsPage(commands: Command[]): string {
  const sections = KINDS.map(({ kind, title, says }) => ({
    title,
    says,
    of: commands.filter(each => each.kind === kind),
  }));
  const lines = [
    '# What can be typed',
    '',
    'Every line is typed behind `/mesh`, or to the bot by name. `/mesh` alone opens a form, `/mesh help <command>` says what stands here. A service of another namespace than the usual one is `reviews.shop`.',
    '',
    '*Made from the commands themselves by `npm run docs`; a test holds it to them, and runs every example.*',
    '',
    '| command | what it does |',
    '|---|---|',
    ...sections.flatMap(({ of }) =>
      of.map(({ verb, summary }) => `| [\`${verb}\`](#${anchor(verb)}) | ${cell(summary)} |`),
    ),
    ...sections.flatMap(({ title, says, of }) =>
      of.length === 0 ? [] : ['', `## ${title}`, '', says, ...of.flatMap(section)],
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function section(command: Command): string[] {
  const { verb, summary, parameters, examples, notes = [] } = command;
  const share = takesShare(command) ? [['--share', 'show the answer to the whole channel']] : [];
  const rows = [
    ...Object.entries(parameters).map(([name, { flag, about }]) => [flag ? `--${name}` : name, about]),
    ...share,
  ];
  const table = [
    '',
    '| argument | what it says |',
    '|---|---|',
    ...rows.map(([name, about]) => `| \`${name}\` | ${cell(about!)} |`),
  ];
  return [
    ...['', `### ${verb}`, '', `${summary}.`, '', '```', usageOf(command), '```'],
    ...(rows.length > 0 ? table : []),
    ...['', '| example | what it means |', '|---|---|'],
    ...examples.map(({ line, says }) => `| \`${cell(line)}\` | ${cell(says)} |`),
    ...notes.flatMap(note => ['', note]),
  ];
}

/** As GitHub makes them of headings. */
function anchor(verb: string): string {
  return verb.replaceAll(' ', '-');
}

/** A bar would end the cell, in code too. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
