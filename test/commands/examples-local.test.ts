/** Every example of every command, typed by a person into the local Slack, over the local mesh. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeshChange } from '../../src/change/meshchange.ts';
import { statusOf } from '../../src/change/phases.ts';
import type { Command } from '../../src/command.ts';
import { loadCommands } from '../../src/registry.ts';
import { OWN_NAMESPACE } from '../../src/sandbox/cluster.ts';
import type { PageMessage } from '../../src/sandbox/slack/page-protocol.ts';
import { MESH, RIKO, SAM } from '../../src/sandbox/slack/people.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';

const { commands } = await loadCommands();
const PATIENCE = 60_000;
/** What is said of a line that is not understood, or broke something. */
const WRONG =
  /is not understood|Did you mean|could not answer that because of a fault|is not a command|Give the command again/;

let world: LocalWorld;
/** Ids of examples, which are nobody's, with those that are somebody's here. */
const ids = new Map<string, string>();

beforeAll(async () => {
  world = await startLocalWorld({ load: 2 });
}, 120_000);

afterAll(() => world?.close());

const changes = () => world.cluster.kubernetes.list('MeshChange', OWN_NAMESPACE) as unknown as MeshChange[];
const changeOf = (line: string) => changes().findLast(({ spec }) => spec.text === line);
const records = (kind: string) => world.cluster.kubernetes.list(kind, OWN_NAMESPACE);
const riko = () => world.slack.as(RIKO);

function typed(line: string): string {
  return [...ids].reduce((text, [example, id]) => text.replaceAll(example, id), line);
}

async function planned(line: string): Promise<MeshChange> {
  await riko().say(MESH.id, `/mesh ${line}`);
  const settled = () => {
    const change = changeOf(line);
    return change && ['Planned', 'Refused', 'Choosing', 'Expired'].includes(statusOf(change).phase)
      ? change
      : undefined;
  };
  await expect.poll(settled, { timeout: PATIENCE, interval: 50 }).toBeDefined();
  return settled()!;
}

/** Asked for, approved, and in the mesh. Its name. */
async function written(line: string): Promise<string> {
  const { name } = (await planned(line)).metadata;
  const card = () => world.slack.messages(MESH.id).find(message => JSON.stringify(message).includes(`"${name}`));
  await expect
    .poll(() => JSON.stringify(card() ?? '').includes('approve'), { timeout: PATIENCE, interval: 50 })
    .toBe(true);
  await world.slack.as(SAM).click(card()!, 'approve');
  const applied = () => statusOf(changes().find(({ metadata }) => metadata.name === name)!).written.length > 0;
  await expect.poll(applied, { timeout: PATIENCE, interval: 50 }).toBe(true);
  return name;
}

/** What is said to it, alone or in the channel. */
async function answered(line: string): Promise<string> {
  const seen = (): PageMessage[] => [...riko().ephemerals(MESH.id), ...world.slack.messages(MESH.id)];
  const before = new Set(seen().map(({ ts }) => ts));
  await riko().say(MESH.id, `/mesh ${line}`);
  const told = () => seen().filter(({ ts }) => !before.has(ts));
  await expect.poll(() => told().length, { timeout: PATIENCE, interval: 50 }).toBeGreaterThan(0);
  return JSON.stringify(told());
}

function each(kind: Command['kind'], skipped: string[], run: (command: Command, line: string) => Promise<void>): void {
  const lines = commands
    .filter(command => command.kind === kind && !skipped.includes(command.verb))
    .flatMap(command => command.examples.map(({ line }) => ({ command, line })));
  it.each(lines)('$line', ({ command, line }) => run(command, typed(line)));
}

describe('a past to speak of', { timeout: 180_000 }, () => {
  it('is a change that was written', async () => {
    ids.set('shift-1a2b3c', await written('shift reviews v3 30'));
  });
});

describe('questions', { timeout: 90_000 }, () => {
  each('query', [], async (_, line) => expect(await answered(line)).not.toMatch(WRONG));
});

describe('changes', { timeout: 90_000 }, () => {
  each('change', ['gateway on'], async ({ verb }, line) => {
    const change = await planned(line);
    const { phase, plan, message, findings } = statusOf(change);
    expect({ phase, message, findings }).toMatchObject({ phase: 'Planned' });
    expect([verb, plan!.writes.length > 0]).toEqual([verb, true]);
  });

  it('a gateway that was switched off is switched on again', async () => {
    await written('gateway off bookinfo-gateway');
    for (const { line } of commands.find(({ verb }) => verb === 'gateway on')?.examples ?? []) {
      expect(statusOf(await planned(line)).phase).toBe('Planned');
    }
  });
});

describe('settings', { timeout: 90_000 }, () => {
  it('begin with a schedule and a freeze to speak of', async () => {
    await answered('health every 6h');
    await answered('freeze details');
    ids.set('health-1a2b3c', records('HealthSchedule')[0]!.metadata.name);
    ids.set('freeze-1a2b3c', records('MeshFreeze')[0]!.metadata.name);
  });

  each('setting', [], async (_, line) => expect(await answered(typed(line))).not.toMatch(WRONG));
});
