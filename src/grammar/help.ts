/** Help, made from the commands themselves. */
import { type Command, takesShare } from '../command.ts';
import type { Part, Phrase, View } from '../view.ts';
import { briefUsageOf, usageOf } from './usage.ts';

/** What is typed before a verb, unless the configuration says otherwise. */
const SLASH = '/mesh';

/** `/mesh help shift` */
export function helpFor(command: Command, slash = SLASH): View {
  const share = takesShare(command) ? [['--share', 'show the answer to the whole channel'] as const] : [];
  const own = Object.entries(command.parameters).map(
    ([name, { about, flag }]) => [flag ? `--${name}` : name, about] as const,
  );
  const rows = [...own, ...share].map(([name, about]): Phrase => [{ code: name }, ` – ${about}`]);
  return {
    text: `${slash} ${usageOf(command)}: ${command.summary}`,
    parts: [
      { kind: 'heading', text: `${slash} ${command.verb}` },
      { kind: 'text', text: `${command.summary}.` },
      { kind: 'code', language: 'text', text: `${slash} ${usageOf(command)}` },
      ...(rows.length > 0 ? [{ kind: 'bullets' as const, items: rows }] : []),
      { kind: 'text', text: [{ bold: 'Examples' }] },
      {
        kind: 'bullets',
        items: command.examples.map(({ line, says }): Phrase => [{ code: `${slash} ${line}` }, ` – ${says}`]),
      },
      ...(command.notes ?? []).map(note => ({ kind: 'note' as const, text: note })),
    ],
  };
}

/** `/mesh help gateway`: all verbs that begin with it. */
export function helpForGroup(word: string, commands: Command[], slash = SLASH): View {
  const lines = commands.map((command): Phrase => [{ code: `${slash} ${usageOf(command)}` }, ` – ${command.summary}`]);
  return {
    text: `${slash} ${word}: ${commands.map(({ verb }) => verb).join(', ')}.`,
    parts: [
      { kind: 'heading', text: `${slash} ${word}` },
      { kind: 'bullets', items: lines },
      { kind: 'note', text: [{ code: `${slash} help ${commands[0]?.verb ?? word}` }, ' tells more of one.'] },
    ],
  };
}

/** `/mesh help` */
export function helpOverview(commands: Command[], slash = SLASH): View {
  const lines = (kind: Command['kind']) =>
    commands
      .filter(command => command.kind === kind)
      .map((command): Phrase => [{ code: `${slash} ${briefUsageOf(command)}` }, ` – ${command.summary}`]);
  const set = lines('setting');
  const settings: Part[] =
    set.length === 0
      ? []
      : [
          { kind: 'text', text: [{ bold: 'Set' }, ': done at once, and told in the channel.'] },
          { kind: 'bullets', items: set },
        ];
  return {
    text: `Commands: ${commands.map(({ verb }) => verb).join(', ')}. ${slash} help <command> tells more of one.`,
    parts: [
      { kind: 'heading', text: 'What meshbot can do' },
      { kind: 'text', text: [{ bold: 'Change the mesh' }, ': planned, shown, approved, written and proven.'] },
      { kind: 'bullets', items: lines('change') },
      { kind: 'text', text: [{ bold: 'Ask' }, ': answered to you alone, unless you say ', { code: '--share' }, '.'] },
      { kind: 'bullets', items: lines('query') },
      ...settings,
      {
        kind: 'note',
        text: [
          { code: `${slash} help <command>` },
          ' tells the flags of one and gives examples. ',
          { code: slash },
          ' alone opens a form.',
        ],
      },
    ],
  };
}
