/** Is this what an app may answer to a menu that asks it for options? */
import type { JsonObject } from '../../../object.ts';
import { menuOption, optionGroup } from '../blocks/composition.ts';
import { list } from '../blocks/schema.ts';

/** What is wrong, or undefined. No options are an answer: nothing fits. */
export function problemWithOptions(answer: JsonObject): string | undefined {
  const problems: string[] = [];
  const report = (at: string, message: string) => problems.push(`${message} at ${at}`);
  const { options, option_groups: groups } = answer;
  if (options === undefined && groups === undefined) return 'the app sent no options';
  if (options !== undefined) list(menuOption, { min: 0, max: 100 })(options, '/options', report);
  if (groups !== undefined) list(optionGroup, { min: 0, max: 100 })(groups, '/option_groups', report);
  return problems[0];
}
