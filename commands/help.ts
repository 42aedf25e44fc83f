/** `help [verb]`: what can be typed. */
import { defineQuery } from '../src/command.ts';
import { helpFor, helpForGroup, helpOverview } from '../src/grammar/help.ts';

export default defineQuery({
  verb: 'help',
  summary: 'Show what can be typed',
  parameters: {
    verb: { type: 'verb', about: 'the command to be told about' },
  },
  examples: [
    { line: 'help', says: 'all commands' },
    { line: 'help shift', says: 'one of them, with examples' },
  ],
  async answer({ verb }, { commands, slash }) {
    const command = commands.find(each => each.verb === verb);
    if (command || verb === undefined) return command ? helpFor(command, slash) : helpOverview(commands, slash);
    return helpForGroup(
      verb,
      commands.filter(each => each.verb.startsWith(`${verb} `)),
      slash,
    );
  },
});
