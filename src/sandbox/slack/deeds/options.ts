/** Is this what an app may answer to a menu that asks it for options? */
import type { JsonObject } from '../../../object.ts';

/** What is wrong, or undefined. */
export function hasOptions(answer: JsonObject): string | undefined {
  if (answer.options === undefined && answer.option_groups === undefined) return 'the app sent no options';
  return undefined;
}
