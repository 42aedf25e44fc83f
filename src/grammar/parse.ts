/** A line of chat → a command with typed arguments, or one clear sentence on what is wrong with it. */
import { type Command, takesShare } from '../command.ts';
import type { Json, JsonObject } from '../object.ts';
import type { Phrase, Span } from '../view.ts';
import { nearest } from './nearest.ts';
import { isRepeated, type Parameter, type Vocabulary } from './parameters.ts';
import { meant, readWord } from './read.ts';
import { type Word, wordsOf } from './tokens.ts';
import { usageOf } from './usage.ts';
import { groupOf, named } from './verbs.ts';

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
  if (read.words.length === 0) return { kind: 'empty' };
  const found = named(
    read.words.map(word => word.text),
    commands.map(({ verb }) => verb),
  );
  const command = commands.find(({ verb }) => verb === found?.verb);
  if (!found || !command) return unknownVerb(read.words, commands);
  return readArguments(command, read.words.slice(found.words), vocabulary);
}

function unknownVerb([first, second]: Word[], commands: Command[]): Mistake {
  const verbs = commands.map(({ verb }) => verb);
  const tried = [first!.text, second?.text].filter(text => text !== undefined).join(' ');
  const group = groupOf(first!.text, verbs);
  if (group.length > 0) {
    const wrong = second === undefined ? ' needs one word more.' : ' is not a command.';
    return { kind: 'mistake', says: [{ code: tried }, wrong, ...meant(tried.toLowerCase(), group)] };
  }
  const words = verbs.flatMap(verb => [verb, verb.split(' ')[0]!]);
  // `gatway off` is near `gateway off`; of `shfit reviews` only the first word is a verb's.
  const near = [tried, first!.text].map(each => meantOne(each.toLowerCase(), words)).find(spans => spans.length > 0);
  const next: Span[] = near ?? [' ', { code: 'help' }, ' lists all commands.'];
  return { kind: 'mistake', says: [{ code: first!.text }, ' is not a command.', ...next] };
}

function meantOne(word: string, verbs: string[]): Span[] {
  const near = nearest(word, verbs);
  return near === undefined ? [] : [' Did you mean ', { code: near }, '?'];
}

function readArguments(command: Command, words: Word[], vocabulary: Vocabulary): Parsed {
  const sorted = sortWords(command, words, vocabulary.verbs);
  if ('kind' in sorted) return sorted;
  const values: Record<string, Json> = {};
  // Positions first: what a flag may be can depend on them.
  for (const { name, parameter, word } of [...sorted.positional, ...sorted.flags]) {
    if (Object.hasOwn(values, name) && !isRepeated(parameter)) {
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

function sortWords(
  command: Command,
  words: Word[],
  verbs: string[],
): { positional: Given[]; flags: Given[]; share: boolean } | Mistake {
  const places = Object.entries(command.parameters).filter(([, parameter]) => !parameter.flag);
  const positional: Given[] = [];
  const flags: Given[] = [];
  let share = false;
  const left = [...words];
  for (let word = left.shift(); word; word = left.shift()) {
    if (word.quoted || !word.text.startsWith('--') || word.text === '--') {
      const place = places[positional.length];
      const last = positional.at(-1);
      const goesOn = last?.parameter.type === 'words' || isBegunVerb(last, verbs);
      if (!place && last && goesOn) {
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

/** The first of a verb's two words. */
function isBegunVerb(last: Given | undefined, verbs: string[]): boolean {
  return last?.parameter.type === 'verb' && groupOf(last.word, verbs).length > 0;
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
