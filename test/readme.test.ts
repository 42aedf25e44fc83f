/** What the README tells people to type works, and what it points to is there. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ChangeCommand } from '../src/command.ts';
import { readInvocation } from '../src/config/invocation.ts';
import { parse } from '../src/grammar/parse.ts';
import { loadCommands } from '../src/registry.ts';
import { ASKER, change, contextOf, vocabulary } from './commands/setup.ts';

const root = new URL('../', import.meta.url);
const text = readFileSync(new URL('README.md', root), 'utf8');
const { commands, get } = await loadCommands();
const names = { ...vocabulary, verbs: commands.map(({ verb }) => verb) };

function found(pattern: RegExp): string[] {
  const all = [...new Set([...text.matchAll(pattern)].map(match => match[1]!.trim()))];
  expect(all).not.toEqual([]);
  return all;
}

/** In code spans and code blocks alike. */
const lines = () => found(/^(?:.*?`)?(?:\/mesh|@meshbot)[ \t]+([^`\n]+)/gm);

/** Bookinfo in which a shift was just done, so that there is something to take back. */
function mesh() {
  const shift = get('shift') as ChangeCommand;
  const planning = shift.plan({ service: 'reviews', version: 'v3', percent: 30 } as never, contextOf());
  if (planning.kind !== 'plan') throw new Error(planning.kind);
  const { plan } = planning;
  return contextOf({
    world: contextOf().world.with(plan.writes),
    changes: [change('shift-1a2b3c', plan)],
    commands,
    send: () => ({ status: 200, headers: {}, body: 'hello', truncated: false, took: 3 }),
  });
}

describe('the README', () => {
  it.each(lines())('has a command that works: /mesh %s', async line => {
    const parsed = parse(line, commands, names);
    if (parsed.kind !== 'command') throw new Error(JSON.stringify(parsed));
    const { command, values } = parsed;
    const context = mesh();
    if (command.kind === 'query') {
      expect((await command.answer(values as never, context)).parts).not.toEqual([]);
      return;
    }
    const settled = command.settle?.(values as never, { ...context, asker: ASKER, channel: 'C1' }) ?? values;
    if (typeof settled === 'string') throw new Error(settled);
    const planning = command.plan(settled as never, context);
    expect(planning).toMatchObject({ kind: 'plan' });
  });

  it('starts meshbot by options that it takes', () => {
    const tokens = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
    for (const line of found(/^(.*npm start.*)$/gm)) {
      const [before, options] = line.split('npm start');
      const env = before!.includes('SLACK_BOT_TOKEN') ? tokens : {};
      const args = options?.replace('`', '').trim().split(/\s+/).slice(1) ?? [];
      expect(readInvocation(args, env).kind, line).toBe('run');
    }
  });

  it('names scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { scripts: object };
    for (const script of found(/\bnpm (?:run )?(start|test|bench|\w+:\w+)\b/g)) expect(scripts).toHaveProperty(script);
  });

  it('points to files that are there', () => {
    for (const path of found(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)) {
      expect(existsSync(new URL(path, root)), path).toBe(true);
    }
    for (const path of found(/(?:kubectl apply -[fk]) (\S+)/g))
      expect(existsSync(new URL(path, root)), path).toBe(true);
  });
});
