/** What commands are asked with in tests: Bookinfo, a few changes, and ports that answer what a test gives them. */
import type { ChangeStatus, MeshChange, Phase } from '../../src/change/meshchange.ts';
import type { Command, QueryContext } from '../../src/command.ts';
import type { Vocabulary } from '../../src/grammar/parameters.ts';
import { parse } from '../../src/grammar/parse.ts';
import type { World } from '../../src/istio/world.ts';
import type { Plan } from '../../src/plan.ts';
import type { Hop, ProbeAnswer, ProbeRequest } from '../../src/ports.ts';
import type { Part, Phrase, View } from '../../src/view.ts';
import { bookinfo, templates } from '../fixtures/load.ts';

export const ASKER = { team: 'T1', user: 'U1' };

export const vocabulary: Vocabulary = {
  services: ['reviews', 'ratings', 'productpage', 'details'],
  versions: () => ['v1', 'v2', 'v3'],
  changes: ['shift-1a2b3c'],
  verbs: [],
  gateways: ['bookinfo-gateway'],
};

/** A change that went all the way, or to `phase`. */
export function change(
  name: string,
  plan: Plan,
  more: { phase?: Phase; channel?: string; at?: number; verb?: string } = {},
): MeshChange {
  const { phase = 'Verified', channel = 'C1', at = 1000, verb = 'shift' } = more;
  const history: ChangeStatus['history'] = [
    { phase: 'Requested', at },
    ...(phase === 'Verified' ? [{ phase: 'Applied' as const, at }] : []),
    { phase, at },
  ];
  return {
    apiVersion: 'meshbot.dev/v1alpha1',
    kind: 'MeshChange',
    metadata: { name, namespace: 'meshbot' },
    spec: {
      verb,
      arguments: {},
      text: 'shift reviews v3 50',
      requester: { team: 'T1', user: 'U1' },
      origin: { channel },
    },
    status: {
      phase,
      plan: { ...plan, revision: 1, digest: 'd', at },
      decisions: [],
      approvals: [{ team: 'T1', user: 'U2', at, digest: 'd' }],
      written: [],
      messages: {},
      history,
    },
  };
}

export interface Fakes {
  world?: World;
  changes?: MeshChange[];
  commands?: Command[];
  send?(request: ProbeRequest): ProbeAnswer;
  rates?: Record<string, number> | Error;
  /** What the tracer has of a trace by now. */
  hops?(traceId: string): Hop[] | undefined;
  /** undefined: no tracer is known. */
  tracer?: string | undefined;
  shown?(view: View): void;
}

function unused(): never {
  throw new Error('a question may not do this');
}

export function contextOf(fakes: Fakes = {}): QueryContext {
  const world = fakes.world ?? bookinfo();
  const changes = fakes.changes ?? [];
  return {
    world,
    templates,
    namespace: 'default',
    probes: {},
    changes,
    commands: fakes.commands ?? [],
    asker: ASKER,
    cluster: {
      world: () => ({ world, age: 0 }),
      read: async ref => world.get(ref.kind, ref.namespace, ref.name),
      dryRun: unused,
      write: unused,
    },
    store: {
      create: unused,
      saveStatus: unused,
      read: unused,
      list: () => changes,
      cached: () => undefined,
      watch: unused,
    },
    probe: { send: async request => (fakes.send ?? unused)(request) },
    traces: {
      ...('tracer' in fakes && fakes.tracer === undefined ? {} : { name: fakes.tracer ?? 'Zipkin' }),
      find: async traceId => fakes.hops?.(traceId),
      link: traceId => `https://zipkin.example.com/zipkin/traces/${traceId}`,
    },
    metrics: {
      rateByVersion: async () => {
        if (fakes.rates instanceof Error) throw fakes.rates;
        return fakes.rates;
      },
    },
    clock: { now: () => 2000, sleep: async () => {} },
    random: { hex: bytes => '0'.repeat(bytes * 2) },
    progress: async view => fakes.shown?.(view),
  };
}

/** The view that a line is answered with. */
export async function ask(line: string, command: Command, context: QueryContext): Promise<View> {
  const parsed = parse(line, [command], vocabulary);
  if (parsed.kind !== 'command' || command.kind !== 'query') throw new Error(`${line}: ${JSON.stringify(parsed)}`);
  return command.answer(parsed.values as never, context);
}

function plain(phrase: Phrase): string {
  if (typeof phrase === 'string') return phrase;
  return phrase.map(span => (typeof span === 'string' ? span : String(Object.values(span)[0]))).join('');
}

/** Everything that a view says, one part a line. */
export function said(view: View): string {
  return [view.text, ...view.parts.map(saidIn)].join('\n');
}

function saidIn(part: Part): string {
  switch (part.kind) {
    case 'heading':
    case 'code':
      return part.text;
    case 'text':
    case 'note':
      return plain(part.text);
    case 'bullets':
      return part.items.map(plain).join('\n');
    case 'fields':
      return part.fields.map(({ name, value }) => `${name}: ${plain(value)}`).join('\n');
    case 'table':
      return part.rows.map(row => row.map(plain).join(' | ')).join('\n');
    default:
      return JSON.stringify(part);
  }
}
