/** The usage line of a command: `shift <service> <version> <percent> [--route <name>]`. */
import { type Command, takesShare } from '../command.ts';
import { isRepeated, type Parameter } from './parameters.ts';

/** What must be typed, without the flags: `shift <service> <version> <percent>`. */
export function briefUsageOf(command: Command): string {
  const shown = Object.entries(command.parameters).filter(([, parameter]) => !parameter.flag || parameter.required);
  return [command.verb, ...shown.map(([name, parameter]) => shownAs(name, parameter))].join(' ');
}

export function usageOf(command: Command): string {
  const shown = Object.entries(command.parameters).map(([name, parameter]) => shownAs(name, parameter));
  return [command.verb, ...shown, ...(takesShare(command) ? ['[--share]'] : [])].join(' ');
}

function shownAs(name: string, parameter: Parameter): string {
  const value = parameter.shown ?? `<${name}>`;
  if (!parameter.flag) return parameter.required ? value : `[${value.replace(/^<(.*)>$/, '$1')}]`;
  const flag = parameter.type === 'switch' ? `--${name}` : `--${name} ${value}`;
  const many = isRepeated(parameter) ? `${flag} …` : flag;
  return parameter.required ? many : `[${many}]`;
}
