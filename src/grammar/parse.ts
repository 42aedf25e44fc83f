/** A line of chat → a command with typed arguments, or one clear sentence on what is wrong with it. */
import { type Command, takesShare } from '../command.ts';
import type { Json, JsonObject } from '../object.ts';
import type { Phrase, Span } from '../view.ts';
import type { Parameter, Vocabulary } from './parameters.ts';
import { meant, readWord } from './read.ts';
import { type Word, wordsOf } from './tokens.ts';
import { usageOf } from './usage.ts';

export type Parsed =
  | {
      kind: 'command';
      command: Command;
      /** Plain JSON, as a MeshChange stores it; fits the command's own `Values`. */
      values: JsonObject;
      /** `--share`: the answer of a query is for the whole channel. */
      share: boolean;
    }
  /** `says`: one sentence, and the next step. `command`: the one that was begun. */
  | { kind: 'mistake'; says: Phrase; command?: Command }
  | { kind: 'empty' };

type Mistake = Extract<Parsed, { kind: 'mistake' }>;

/** `text` as the chat sends it, without `/mesh`. */
export function parse(text: string, commands: Command[], vocabulary: Vocabulary): Parsed {
  const read = wordsOf(text);
  if (read.kind === 'unclosed')
    return { kind: 'mistake', says: ['The quote ', { code: read.quote }, ' is never closed.'] };
  const [first, ...rest] = read.words;
  if (!first) return { kind: 'empty' };
  const verb = first.text.toLowerCase();
  const command = commands.find(each => each.verb === verb);
  if (!command) return unknownVerb(first.text, commands);
  return readArguments(command, rest, vocabulary);
}

function unknownVerb(word: string, commands: Command[]): Mistake {
  const verbs = commands.map(({ verb }) => verb);
  const near = meant(word.toLowerCase(), verbs);
  const next: Span[] = near.length > 0 ? near : [' ', { code: 'help' }, ' lists all commands.'];
  return { kind: 'mistake', says: [{ code: word }, ' is not a command.', ...next] };
}

function readArguments(command: Command, words: Word[], vocabulary: Vocabulary): Parsed {
  const sorted = sortWords(command, words);
  if ('kind' in sorted) return sorted;
  const values: Record<string, Json> = {};
  // Positions first: what a flag may be can depend on them.
  for (const { name, parameter, word } of [...sorted.positional, ...sorted.flags]) {
    if (Object.hasOwn(values, name) && parameter.type !== 'pairs') {
      return mistake(command, [{ code: `--${name}` }, ' is given twice. Keep one of them.']);
    }
    const reading = readWord(word, parameter, { vocabulary, values });
    if (reading.kind === 'mistake') return { kind: 'mistake', says: reading.says, command };
    const before = values[name];
    values[name] =
      Array.isArray(before) && Array.isArray(reading.value) ? [...before, ...reading.value] : reading.value;
  }
  const missing = Object.entries(command.parameters).filter(
    ([name, parameter]) => parameter.required && !Object.hasOwn(values, name),
  );
  if (missing.length > 0) {
    const [name, parameter] = missing[0]!;
    const shown = parameter.flag ? `--${name}` : `<${name}>`;
    return mistake(command, [{ code: shown }, ` is missing: ${parameter.about}.`]);
  }
  return { kind: 'command', command, values: { ...values }, share: sorted.share };
}

interface Given {
  name: string;
  parameter: Parameter;
  word: string;
}

function sortWords(command: Command, words: Word[]): { positional: Given[]; flags: Given[]; share: boolean } | Mistake {
  const places = Object.entries(command.parameters).filter(([, parameter]) => !parameter.flag);
  const positional: Given[] = [];
  const flags: Given[] = [];
  let share = false;
  const left = [...words];
  for (let word = left.shift(); word; word = left.shift()) {
    if (word.quoted || !word.text.startsWith('--') || word.text === '--') {
      const place = places[positional.length];
      const last = positional.at(-1);
      if (!place && last?.parameter.type === 'words') {
        last.word = `${last.word} ${word.text}`;
        continue;
      }
      if (!place) return tooMany(command, word.text);
      positional.push({ name: place[0], parameter: place[1], word: word.text });
      continue;
    }
    const [name, inline] = flagOf(word.text);
    if (name === 'share' && takesShare(command) && inline === undefined) {
      share = true;
      continue;
    }
    const parameter = Object.hasOwn(command.parameters, name) ? command.parameters[name] : undefined;
    if (!parameter?.flag) return unknownFlag(command, name);
    const given = parameter.type === 'switch' ? (inline ?? '') : (inline ?? nextValue(left));
    if (given === undefined) {
      return mistake(command, [{ code: `--${name}` }, ` needs a value: ${parameter.about}.`]);
    }
    if (parameter.type === 'switch' && inline !== undefined) {
      return mistake(command, [{ code: `--${name}` }, ' takes no value. Leave it out to say no.']);
    }
    flags.push({ name, parameter, word: given });
  }
  return { positional, flags, share };
}

/** `--match=a` and `--match a` are the same. */
function flagOf(text: string): [name: string, inline: string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text.slice(2), undefined] : [text.slice(2, at), text.slice(at + 1)];
}

/** The next word, unless it is a flag itself. */
function nextValue(left: Word[]): string | undefined {
  const next = left[0];
  if (!next || (!next.quoted && next.text.startsWith('--'))) return undefined;
  return left.shift()?.text;
}

function unknownFlag(command: Command, name: string): Mistake {
  const flags = Object.entries(command.parameters)
    .filter(([, parameter]) => parameter.flag)
    .map(([flag]) => flag);
  const known = [...flags, ...(takesShare(command) ? ['share'] : [])].map(flag => `--${flag}`);
  const none: Span[] = known.length === 0 ? [' It takes no flags.'] : [];
  return {
    kind: 'mistake',
    command,
    says: [
      { code: `--${name}` },
      ' is not a flag of ',
      { code: command.verb },
      '.',
      ...meant(`--${name}`, known),
      ...none,
    ],
  };
}

function tooMany(command: Command, word: string): Mistake {
  return mistake(command, [{ code: word }, ' is one word too many. Put what has spaces in quotes.']);
}

function mistake(command: Command, says: Span[]): Mistake {
  return { kind: 'mistake', command, says: [...says, ' Usage: ', { code: usageOf(command) }, '.'] };
}
