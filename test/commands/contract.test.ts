import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import undo from '../../commands/undo.ts';
import { type ChangeCommand, kindsWritten } from '../../src/command.ts';
import { writeDuration } from '../../src/duration.ts';
import { formOf } from '../../src/grammar/form.ts';
import { helpFor, helpOverview } from '../../src/grammar/help.ts';
import { lineOf } from '../../src/grammar/line.ts';
import { parse } from '../../src/grammar/parse.ts';
import { usageOf } from '../../src/grammar/usage.ts';
import { refKey } from '../../src/object.ts';
import type { Gate, Planning } from '../../src/plan.ts';
import { loadCommands } from '../../src/registry.ts';
import { bookinfo } from '../fixtures/load.ts';
import { carriedOut } from './records.ts';
import { ASKER, change, contextOf, said, vocabulary } from './setup.ts';

const { commands, get } = await loadCommands();
const names = { ...vocabulary, verbs: commands.map(({ verb }) => verb) };

/** What was done before, where a verb has nothing to do on Bookinfo as it is. */
const EARLIER: Record<string, string> = { 'gateway on': 'gateway off bookinfo-gateway' };

/** A change is there to be undone, so that `undo` has something to plan. */
function before(verb = '') {
  const shift = get('shift') as ChangeCommand;
  const context = contextOf();
  const planned = planOf(shift, 'shift reviews v3 30', context);
  const earlier = EARLIER[verb];
  const more = earlier === undefined ? [] : planOf(get(verbOf(earlier)) as ChangeCommand, earlier, context).writes;
  return contextOf({
    world: context.world.with([...planned.writes, ...more]),
    changes: [change('shift-1a2b3c', planned)],
    commands,
    send: () => ({ outcome: 'answered', status: 200, headers: {}, body: 'hello', truncated: false, took: 3 }),
  });
}

function verbOf(line: string): string {
  const parsed = parse(line, commands, names);
  return parsed.kind === 'command' ? parsed.command.verb : '';
}

function argumentsOf(line: string) {
  const parsed = parse(line, commands, names);
  if (parsed.kind !== 'command') throw new Error(`${line}: ${JSON.stringify(parsed)}`);
  return parsed.values;
}

function planOf(command: ChangeCommand, line: string, context: ReturnType<typeof contextOf>) {
  const values = argumentsOf(line);
  const settled = command.settle?.(values as never, { ...context, asker: ASKER, channel: 'C1' }) ?? values;
  if (typeof settled === 'string') throw new Error(settled);
  const planning: Planning = command.plan(settled as never, context);
  if (planning.kind !== 'plan') throw new Error(`${line}: ${JSON.stringify(planning)}`);
  return planning.plan;
}

describe('the commands', () => {
  it('are those that the house has', () => {
    expect(names.verbs).toEqual(
      expect.arrayContaining(['curl', 'help', 'history', 'pending', 'shift', 'status', 'trace', 'undo']),
    );
    expect(said(helpOverview(commands))).toContain('/mesh shift <service> <version> <percent>');
  });

  for (const command of commands) {
    describe(command.verb, () => {
      it('has help with every argument and every example', () => {
        const help = said(helpFor(command));
        expect(help).toContain(usageOf(command));
        for (const [name, { about }] of Object.entries(command.parameters)) {
          expect(about).not.toBe('');
          expect(help).toContain(name);
          expect(help).toContain(about);
        }
        for (const { line } of command.examples) expect(help).toContain(`/mesh ${line}`);
      });

      it('asks for what is required before what is not', () => {
        const places = Object.values(command.parameters).filter(({ flag }) => !flag);
        const optional = places.findIndex(({ required }) => !required);
        expect(optional < 0 || places.slice(optional).every(({ required }) => !required)).toBe(true);
        for (const parameter of places) expect(['switch', 'pairs']).not.toContain(parameter.type);
      });

      it('can be filled in as a form, which means the line that was typed', () => {
        for (const { line } of command.examples) {
          const values = argumentsOf(line);
          const chosen = Object.fromEntries(
            Object.entries(values).map(([name, value]) => [name, formText(value, command.parameters[name]?.type)]),
          );
          expect(argumentsOf(lineOf(command, chosen))).toEqual(values);
          const { inputs } = formOf(command, names, chosen);
          expect(inputs.map(({ name }) => name)).toEqual(Object.keys(command.parameters));
        }
      });

      it('has examples that work on Bookinfo', async () => {
        expect(command.examples.length).toBeGreaterThan(0);
        for (const { line } of command.examples) {
          if (command.kind === 'query') {
            const view = await command.answer(argumentsOf(line) as never, before(command.verb));
            expect(view.text).not.toBe('');
            expect(view.parts.length).toBeGreaterThan(0);
          } else if (command.kind === 'setting') {
            const { outcome, stored } = await carriedOut(command, argumentsOf(line), before(command.verb));
            if (outcome.kind === 'refused') throw new Error(`${line}: ${JSON.stringify(outcome.says)}`);
            const view = outcome.kind === 'done' ? outcome.view : await outcome.answer(before(command.verb));
            expect(view.text).not.toBe('');
            expect(view.parts.length).toBeGreaterThan(0);
            // The same line delivered again changes nothing.
            const again = await carriedOut(command, argumentsOf(line), before(), stored);
            expect(again.stored.names()).toEqual(stored.names());
          } else {
            const plan = planOf(command, line, before(command.verb));
            expect(plan.writes.length).toBeGreaterThan(0);
            expect(plan.title).not.toBe('');
            expect(plan.services.length).toBeGreaterThan(0);
            expect(plan.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
            // Rights are asked for what it says that it writes.
            const kinds = command.takesBack === undefined ? command.writes : kindsWritten(commands);
            expect(kinds).toEqual(expect.arrayContaining(plan.writes.map(({ ref }) => ref.kind)));
            // A MeshChange stores it as JSON.
            expect(isDeepStrictEqual(JSON.parse(JSON.stringify(plan)), plan)).toBe(true);
          }
        }
      });

      if (command.kind !== 'change') return;

      it('plans the same each time, and changes nothing while it plans', () => {
        for (const { line } of command.examples) {
          const context = before(command.verb);
          const frozen = structuredClone(context.world.all('VirtualService'));
          expect(planOf(command, line, context)).toEqual(planOf(command, line, before(command.verb)));
          expect(context.world.all('VirtualService')).toEqual(frozen);
        }
      });

      it('can be undone, to exactly what was', () => {
        for (const { line } of command.examples) {
          const context = before(command.verb);
          const plan = planOf(command, line, context);
          const done = context.world.with(plan.writes);
          const again = contextOf({ world: done, changes: [change('change-1', plan, { verb: command.verb })] });
          const back = planOf(undo as ChangeCommand, 'undo', contextless(again));
          const restored = done.with(back.writes);
          for (const { ref, before: original } of plan.writes) {
            expect(restored.get(ref.kind, ref.namespace, ref.name), refKey(ref)).toEqual(original);
          }
        }
      });
    });
  }

  /** `undo` passes over undos when it is not told which; here the one change is meant whatever made it. */
  function contextless(context: ReturnType<typeof contextOf>) {
    const changes = context.changes.map(each => ({ ...each, spec: { ...each.spec, verb: 'any' } }));
    return { ...context, changes };
  }
});

describe('the registry', () => {
  it('refuses a folder with a file that is no command, or with one verb twice', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'commands-'));
    try {
      writeFileSync(join(folder, 'a.ts'), 'export default { verb: "nothing" };\n');
      await expect(loadCommands(folder)).rejects.toThrow('a.ts has no command as its default export');
      const ping = 'export default { kind: "query", verb: "ping", summary: "Ping", parameters: {}, examples: [] };\n';
      for (const name of ['a.ts', 'b.ts']) writeFileSync(join(folder, `2-${name}`), ping);
      rmSync(join(folder, 'a.ts'));
      await expect(loadCommands(folder)).rejects.toThrow('the verb ping is already taken');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('leaves Bookinfo as it is', () => {
    expect(bookinfo().size).toBe(before().world.size);
  });
});

function formText(value: unknown, type?: string): string {
  if (type === 'duration') return writeDuration(Number(value));
  if (type === 'percents') return (value as number[]).join(',');
  if (type === 'gates') {
    const gates = value as Gate[];
    return gates.map(({ measure, below }) => `${measure}<${below}${measure === 'errors' ? '%' : 'ms'}`).join('\n');
  }
  if (Array.isArray(value)) {
    return value.map(each => (typeof each === 'string' ? each : `${each.name}=${each.value}`)).join('\n');
  }
  if (typeof value !== 'object' || value === null) return String(value);
  const source = value as { kind: string; pod?: string; namespace?: string };
  return source.kind === 'gateway' ? 'outside' : `pod:${[source.pod, source.namespace].filter(Boolean).join('.')}`;
}
