/** The usage line of a command: `shift <service> <version> <percent> [--route <route>]`. */
import type { Command } from '../command.ts';
import type { Parameter } from './parameters.ts';

export function usageOf(command: Command): string {
  const shown = Object.entries(command.parameters).map(([name, parameter]) => shownAs(name, parameter));
  return [command.verb, ...shown, ...(command.kind === 'query' ? ['[--share]'] : [])].join(' ');
}

function shownAs(name: string, parameter: Parameter): string {
  const value = parameter.shown ?? `<${name}>`;
  if (!parameter.flag) return parameter.required ? value : `[${value.replace(/^<(.*)>$/, '$1')}]`;
  const flag = parameter.type === 'switch' ? `--${name}` : `--${name} ${value}`;
  const many = parameter.type === 'pairs' ? `${flag} …` : flag;
  return parameter.required ? many : `[${many}]`;
}
