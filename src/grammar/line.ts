/** The line that a filled form means: what a person would have typed. */
import type { Command } from '../command.ts';
import { isRepeated } from './parameters.ts';

/** `chosen`: what the form's inputs hold, as text. Empty ones are left out. */
export function lineOf(command: Command, chosen: Record<string, string>): string {
  const words = Object.entries(command.parameters).flatMap(([name, parameter]) => {
    const text = (Object.hasOwn(chosen, name) ? chosen[name]! : '').trim();
    if (text === '') return [];
    if (parameter.type === 'words') return text.split(/\s+/).map(quoted);
    if (!parameter.flag) return [quoted(text)];
    if (parameter.type === 'switch') return text === 'true' ? [`--${name}`] : [];
    // One a line in the form, one flag each in the line.
    const values = isRepeated(parameter) ? text.split('\n').filter(each => each.trim() !== '') : [text];
    return values.map(each => `--${name} ${quoted(each.trim())}`);
  });
  return [command.verb, ...words].join(' ');
}

/** In quotes where it would not be read back as one word, and as that word. */
function quoted(text: string): string {
  const line = text.replace(/[\r\n]+/g, ' ');
  if (/^[^\s"'`“”„‘’«»<>&|—–-][^\s"'`“”„‘’«»<>&|]*$/.test(line)) return line;
  const escaped = line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quote = ['"', "'", '`'].find(each => !escaped.includes(each) && !(each === '"' && /[“”„]/.test(escaped)));
  return quote === undefined ? `"${escaped.replace(/["“”„]/g, "'")}"` : `${quote}${escaped}${quote}`;
}
