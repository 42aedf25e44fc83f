/** One line of chat → a stored change, or an answer. What the chat's listeners ask of the core ends here. */

import { createHash } from 'node:crypto';
import { recordClick } from '../change/decide.ts';
import { inForce } from '../change/freezing.ts';
import type { MeshChange } from '../change/meshchange.ts';
import {
  type ChangeCommand,
  type PlanningContext,
  type QueryContext,
  type SettingCommand,
  valuesOf,
} from '../command.ts';
import { formOf } from '../grammar/form.ts';
import { lineOf } from '../grammar/line.ts';
import type { Vocabulary } from '../grammar/parameters.ts';
import { parse } from '../grammar/parse.ts';
import type { JsonObject } from '../object.ts';
import { type Asked, ClusterError, type Desk, type Posted, ProbeError, type Reply } from '../ports.ts';
import type { MeshFreeze } from '../records/mesh-freeze.ts';
import { type Phrase, plain, type View } from '../view.ts';
import { mayAskThere, mayRead, mayReadSoon, strangerTo } from './doorkeeper.ts';
import { Flood } from './flood.ts';
import { homeOf } from './home.ts';
import type { DeskParts } from './parts.ts';
import { carryOut } from './setting.ts';
import { vocabularyOf } from './vocabulary.ts';

export function createDesk(parts: DeskParts): Desk {
  const flood = new Flood(parts.clock);
  const verbs = parts.commands.map(command => command.verb);
  const names = () => parts.store.list().map(change => change.metadata.name);
  const vocabulary = (): Vocabulary => vocabularyOf(parts.cluster.world().world, parts.namespace, verbs, names);
  const named = (verb: string) => parts.commands.find(command => command.verb === verb);

  async function ask(asked: Asked): Promise<Reply> {
    const wait = flood.take(asked.asker.user);
    if (wait !== undefined) {
      return said(`That is a lot at once. Nothing was done with this one: try again in ${Math.ceil(wait / 1_000)} s.`);
    }
    const stranger = strangerTo(parts, asked.asker.team);
    if (stranger !== undefined) return said(stranger);
    const parsed = parse(asked.text, parts.commands, vocabulary());
    if (parsed.kind === 'empty' || parsed.kind === 'mistake') {
      // The form, and what was meant instead, name what runs in the mesh.
      const refused = await mayReadSoon(parts, asked.asker);
      if (refused !== undefined) return said(refused);
      return parsed.kind === 'empty' ? { kind: 'form' } : said(parsed.says);
    }
    const { command, values, share } = parsed;
    if (command.kind === 'change') return record(parts, command, values, asked);
    if (command.kind === 'setting') return set(parts, command, values, asked, share);
    const { verb } = command;
    const question: Question = context => command.answer(valuesOf(values), context);
    return { kind: 'working', share, work: progress => answer(parts, question, { ...asked, verb }, progress) };
  }

  return {
    // Whoever waits for an acknowledgement goes before work that nobody waits for.
    ask: asked => parts.courtesy.first(() => ask(asked)),
    click: click =>
      parts.courtesy.first(
        async () => strangerTo(parts, click.clicker.team) ?? recordClick(parts.store, click, parts.clock),
      ),

    form(verb, chosen) {
      // A form is opened for a change more often than for a question.
      const sorted = (['change', 'setting', 'query'] as const).flatMap(kind =>
        parts.commands.filter(each => each.kind === kind),
      );
      const known = sorted.map(command => ({ verb: command.verb, summary: command.summary }));
      const command = verb === undefined ? undefined : named(verb);
      return command ? { verbs: known, form: formOf(command, vocabulary(), chosen) } : { verbs: known };
    },

    line(verb, chosen) {
      const command = named(verb);
      return command ? lineOf(command, chosen) : verb;
    },

    async home(person) {
      const refused = await mayReadSoon(parts, { user: person });
      return refused === undefined
        ? homeOf(parts.store.list(), person, parts.command, frozenNow(parts))
        : view(refused);
    },

    refusal: asker => mayReadSoon(parts, asker),
  };
}

/** Stores the change. Resolves once it is there; the same delivery again is the same change. */
async function record(parts: DeskParts, command: ChangeCommand, typed: JsonObject, asked: Asked): Promise<Reply> {
  const { asker, place, text, delivery } = asked;
  const alone = mayAskThere(parts.policy(), place.channel);
  if (alone !== undefined) return said(alone);
  const settled =
    command.settle?.(valuesOf(typed), { ...planningContext(parts), asker, channel: place.channel }) ?? typed;
  if (typeof settled === 'string') return said(settled);
  const name = nameOf(command.verb, delivery);
  const undoes = command.takesBack === undefined ? undefined : settled[command.takesBack];
  try {
    await parts.store.create({
      name,
      namespace: parts.own,
      spec: {
        verb: command.verb,
        arguments: settled,
        text,
        requester: asker,
        origin: { channel: place.channel, ...(place.thread !== undefined && { thread: place.thread }) },
        ...(typeof undoes === 'string' && { undoes }),
      },
    });
  } catch (error) {
    if (!(error instanceof ClusterError && error.kind === 'already-exists')) throw error;
    parts.log.info({ change: name }, 'command delivered again');
  }
  return { kind: 'recorded', change: name };
}

/** `shift-3f9a1c2b77`: short enough to type, and the same for the same delivery. */
function nameOf(verb: string, delivery: string): string {
  return `${verb.replaceAll(' ', '-')}-${createHash('sha256').update(delivery).digest('hex').slice(0, 10)}`;
}

/** What it sets is stored when this resolves; to tell it is left for after the acknowledgement. */
async function set(
  parts: DeskParts,
  command: SettingCommand,
  values: JsonObject,
  asked: Asked,
  share: boolean,
): Promise<Reply> {
  const name = nameOf(command.verb, asked.delivery);
  const outcome = await carryOut(parts, command, values, { asked, name, context: questionContext(parts, asked) });
  switch (outcome.kind) {
    case 'refused':
      return said(outcome.says);
    case 'done':
      return { kind: 'working', share: true, work: async () => outcome.view };
    case 'question':
      return {
        kind: 'working',
        share,
        work: progress => answer(parts, outcome.answer, { ...asked, verb: command.verb }, progress),
      };
  }
}

type Question = (context: QueryContext) => Promise<View>;

async function answer(
  parts: DeskParts,
  question: Question,
  asked: Asked & { verb: string },
  progress: (view: View) => Promise<void>,
): Promise<View> {
  const refused = await mayRead(parts, asked.asker);
  if (refused !== undefined) return view(refused);
  try {
    return await question({ ...questionContext(parts, asked), progress });
  } catch (error) {
    if (error instanceof ProbeError) return view(error.message);
    if (error instanceof ClusterError) return view(`The cluster did not answer that: ${error.message}`);
    parts.log.error({ verb: asked.verb, err: error }, 'query failed');
    return view('meshbot could not answer that because of a fault of its own; its log has the details.');
  }
}

function questionContext(parts: DeskParts, { asker }: Asked): Omit<QueryContext, 'progress'> {
  const frozen = frozenNow(parts);
  const { cluster, store, probe, traces, metrics, clock, random, commands, links, certificates } = parts;
  const ports = { cluster, store, probe, traces, metrics, clock, random };
  return {
    ...planningContext(parts),
    ...ports,
    commands,
    slash: parts.command,
    asker,
    frozen,
    ...(links && { links }),
    ...(certificates && { certificates }),
    permalink: linker(parts),
  };
}

/** A link is an extra: an answer without it is better than none. */
function linker({ chat }: DeskParts): (posted: Posted) => Promise<string | undefined> {
  return async posted => {
    try {
      return await chat.permalink?.(posted);
    } catch {
      return undefined;
    }
  };
}

function frozenNow({ freezes, clock }: DeskParts): MeshFreeze[] {
  return inForce(freezes.list(), clock.now());
}

function planningContext(parts: DeskParts): PlanningContext & { changes: MeshChange[] } {
  return {
    world: parts.cluster.world().world,
    templates: parts.templates,
    namespace: parts.namespace,
    probes: parts.probes,
    changes: parts.store.list(),
  };
}

function said(says: Phrase): Reply {
  return { kind: 'answer', view: view(says) };
}

function view(says: Phrase): View {
  return { text: plain(says), parts: [{ kind: 'text', text: says }] };
}
