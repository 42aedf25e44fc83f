/** Bookinfo in virtual time: real commands and the real reconciler over a small API server, chat and Prometheus in memory. */
import undo from '../../../commands/undo.ts';
import { recordClick } from '../../../src/change/decide.ts';
import { argumentsOf, type ChangeStatus, type MeshChange } from '../../../src/change/meshchange.ts';
import { statusOf } from '../../../src/change/phases.ts';
import type { Policy } from '../../../src/change/policy.ts';
import { type ChangeCommand, valuesOf } from '../../../src/command.ts';
import { parse } from '../../../src/grammar/parse.ts';
import type { World } from '../../../src/istio/world.ts';
import { isObject, type KubeObject, refOf } from '../../../src/object.ts';
import type { Behaviour, Click, Write } from '../../../src/ports.ts';
import type { MeshFreeze } from '../../../src/records/mesh-freeze.ts';
import { loadCommands } from '../../../src/registry.ts';
import { bookinfo, templates } from '../../fixtures/load.ts';
import { Api } from '../world/api.ts';
import { Simulation } from '../world/simulation.ts';
import { Slack, TEAM } from '../world/slack.ts';
import { POLICY } from '../world/town.ts';
import { newReplica, type Replica } from './lab-replica.ts';

const { commands, get } = await loadCommands();

/** What Prometheus says: by version, nothing, an error, or never anything. */
export type Told = Record<string, Behaviour> | undefined | Error | 'never';

export class Lab {
  readonly sim = new Simulation(1);
  readonly api = new Api(this.sim);
  readonly slack = new Slack(this.sim);
  readonly replicas: Replica[] = [];
  policy: Policy = POLICY;
  freezes: MeshFreeze[] = [];
  /** ms since the watch of freezes was heard. */
  freezesAge = 0;
  metrics: Told;
  /** What it says of the time before anything was written. */
  before: Record<string, Behaviour> | undefined;
  /** Windows that Prometheus was asked for, s. */
  readonly windows: number[] = [];
  /** Called before each write of a mesh object; may throw a ClusterError, or say that the answer is lost. */
  onWrite: (write: Write) => 'lost' | undefined = () => undefined;
  /** Called after a save of a change's status. */
  onSaved: (change: MeshChange) => void = () => {};
  /** ms that half of a save takes. */
  saveTakes = 5;
  proven = true;
  /** ms. */
  proofTakes = 3_000;
  /** Proofs begun. */
  proofs = 0;
  #clicks = 0;

  constructor() {
    for (const object of worldObjects(bookinfo())) this.api.put(refOf(object), object);
  }

  /** One more replica. `skew`: ms that its clock is ahead. */
  start(skew = 0): Replica {
    const replica = newReplica(this, `replica-${this.replicas.length + 1}`, skew);
    this.replicas.push(replica);
    return replica;
  }

  plan(change: MeshChange, world: World) {
    const command = get(change.spec.verb) as ChangeCommand;
    const changes = [...this.api.changes.values()];
    return command.plan(valuesOf(argumentsOf(change)), { world, templates, namespace: 'default', probes: {}, changes });
  }

  /** The change that a line of chat makes, once its card is there. */
  async ask(line: string, name = 'change-1', user = 'UASK'): Promise<void> {
    const known = { services: [], versions: () => [], changes: [...this.api.changes.keys()], verbs: [], gateways: [] };
    const parsed = parse(line, commands, known);
    if (parsed.kind !== 'command') throw new Error(`${line}: ${JSON.stringify(parsed)}`);
    const { verb } = parsed.command;
    const undoes = parsed.command === undo ? { undoes: String(parsed.values.id) } : {};
    this.api.create({
      name,
      namespace: 'meshbot',
      spec: {
        ...{ verb, text: line, arguments: parsed.values, ...undoes },
        requester: { team: TEAM, user },
        origin: { channel: 'CMESH' },
      },
    });
    await this.until(() => this.buttons(name).includes('approve') || this.phase(name) === 'Refused');
    // Nobody clicks in the very moment in which a card appears.
    await this.pass(1);
  }

  /** Asked for and approved, until something of it is in the mesh. */
  async begin(line: string, name = 'change-1'): Promise<void> {
    if (this.replicas.length === 0) this.start();
    await this.ask(line, name);
    await this.click('approve', 'UBEN', name);
    await this.until(() => !['Planned', 'Approved', 'Applying'].includes(this.phase(name)));
  }

  /** Resolves to what the person is told at once, if anything. */
  async click(kind: Click['kind'], user: string, name = 'change-1'): Promise<string | undefined> {
    const card = this.card(name)!;
    const button = card.view.parts
      .flatMap(part => (part.kind === 'actions' ? part.actions : []))
      .find(({ id }) => id === kind);
    const { store } = this.replicas.find(({ dead }) => !dead)!;
    const { channel, ts } = card;
    let answer: string | undefined;
    let stored = false;
    void recordClick(
      store,
      {
        delivery: `click-${++this.#clicks}`,
        ...{ kind, change: button?.value ?? name, clicker: { team: TEAM, user }, posted: { channel, ts } },
      },
      { now: () => this.sim.now, sleep: async () => {} },
    ).then(said => {
      answer = said;
      stored = true;
    });
    await this.until(() => stored);
    return answer;
  }

  kill(replica: Replica): void {
    replica.dead = true;
  }

  /** The first replica is killed between its next write and the record of it, to which `act` may lead. */
  async killAtWrite(act?: () => Promise<unknown>): Promise<void> {
    const [first] = this.replicas as [Replica];
    this.onWrite = () => {
      this.kill(first);
      return undefined;
    };
    await act?.();
    await this.until(() => first.dead, 3_600);
    this.onWrite = () => undefined;
  }

  change(name = 'change-1'): MeshChange {
    return this.api.changes.get(name)!;
  }

  status(name = 'change-1'): ChangeStatus {
    return statusOf(this.change(name));
  }

  phase(name = 'change-1'): string {
    return this.status(name).phase;
  }

  card(name = 'change-1') {
    return this.slack.messages.findLast(({ key }) => key.change === name && key.slot === 'card');
  }

  /** Everything that a card says, as JSON. */
  shown(name = 'change-1', slot = 'card'): string {
    const message = this.slack.messages.findLast(({ key }) => key.change === name && key.slot === slot);
    return JSON.stringify(message?.view ?? null);
  }

  buttons(name = 'change-1'): string[] {
    const parts = this.card(name)?.view.parts ?? [];
    return parts.flatMap(part => (part.kind === 'actions' ? part.actions.map(({ id }) => id) : []));
  }

  whispers(user: string): string[] {
    return this.slack.whispers.filter(({ person }) => person === user).map(({ view }) => view.text);
  }

  live(name = 'reviews', kind = 'VirtualService'): KubeObject | undefined {
    return this.api.objects.get(`${kind}/default/${name}`);
  }

  /** Weights of the catch-all route of reviews, by subset. */
  weights(name = 'reviews'): Record<string, number> {
    const http = this.live(name)?.spec?.http;
    const last = Array.isArray(http) ? http.at(-1) : undefined;
    const routes = isObject(last) && Array.isArray(last.route) ? last.route : [];
    return Object.fromEntries(
      routes.flatMap(route => {
        if (!isObject(route) || !isObject(route.destination)) return [];
        return [[String(route.destination.subset), Number(route.weight ?? 100)]];
      }),
    );
  }

  /** Somebody edits an object by other means than meshbot. */
  edit(change: (object: KubeObject) => KubeObject, name = 'reviews'): void {
    const object = structuredClone(this.live(name)!);
    const time = new Date(this.sim.now).toISOString();
    const edited = change(object);
    edited.metadata.managedFields = [{ manager: 'kubectl-edit', operation: 'Update', time }];
    this.api.put(refOf(edited), edited);
  }

  async until(done: () => boolean, seconds = 600): Promise<void> {
    // What was just begun has not put anything into the simulation yet.
    this.sim.after(1, () => {});
    await this.sim.run(seconds * 1_000, done);
    if (!done())
      throw new Error(
        `not done after ${seconds} virtual seconds: ${JSON.stringify([...this.api.changes.values()].map(each => [each.status?.phase, each.status?.message, each.status?.progress]))}`,
      );
  }

  async pass(seconds: number): Promise<void> {
    const until = this.sim.now + seconds * 1_000;
    this.sim.after(seconds * 1_000, () => {});
    await this.sim.run(seconds * 1_000, () => this.sim.now >= until);
  }
}

function worldObjects(world: World): KubeObject[] {
  const kinds = ['VirtualService', 'DestinationRule', 'Gateway', 'ServiceEntry', 'Service', 'Pod'];
  return kinds.flatMap(kind => world.all(kind));
}
