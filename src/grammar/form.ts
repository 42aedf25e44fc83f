/** A command as a form: one input a parameter, menus filled with what is live. */
import type { Command } from '../command.ts';
import type { FormVerb } from '../ports.ts';
import type { Parameter, Vocabulary } from './parameters.ts';

type Shape = FormVerb['inputs'][number]['shape'];

/** The newest changes; who wants an older one types its id. */
const CHANGES_MOST = 100;

/** `chosen` are the values so far: the versions offered are those of the service that was chosen. */
export function formOf(command: Command, vocabulary: Vocabulary, chosen: Record<string, string>): FormVerb {
  return {
    verb: command.verb,
    summary: command.summary,
    change: command.kind !== 'query',
    inputs: Object.entries(command.parameters).map(([name, parameter]) => ({
      name,
      about: parameter.about,
      required: parameter.required === true,
      shape: shapeOf(parameter, vocabulary, chosen),
    })),
  };
}

function shapeOf(parameter: Parameter, vocabulary: Vocabulary, chosen: Record<string, string>): Shape {
  switch (parameter.type) {
    case 'service':
      return menu(vocabulary.services);
    case 'version':
      return withWords(vocabulary.versions(chosen[parameter.of] ?? ''), parameter.or ?? []);
    case 'change':
      return menu(vocabulary.changes.slice(0, CHANGES_MOST));
    case 'gateway':
      return menu(vocabulary.gateways);
    case 'verb':
      return menu(vocabulary.verbs);
    case 'switch':
      return { kind: 'menu', choices: [{ value: 'true', label: 'yes' }] };
    case 'percent':
      return { kind: 'number', least: 0, most: 100 };
    case 'count':
      return { kind: 'number', least: 1, most: parameter.most };
    case 'word':
    case 'words':
    case 'url':
    case 'source':
    case 'pairs':
    case 'list':
    case 'percents':
    case 'duration':
    case 'gates':
      return { kind: 'text' };
  }
}

/** However long: a chat that cannot list them all lets people search. */
/** Where no version is known, all is typed. */
function withWords(versions: string[], words: readonly string[]): Shape {
  return menu(versions.length > 0 ? [...versions, ...words] : []);
}

function menu(names: string[]): Shape {
  if (names.length === 0) return { kind: 'text' };
  return { kind: 'menu', choices: names.map(name => ({ value: name, label: name })) };
}
