/** meshbot's own records in memory, with the compare-and-swap of the real store, and what a setting does to them. */
import type { SettingCommand, SettingContext, SettingOutcome } from '../../src/command.ts';
import { ClusterError, type OwnRecord, type RecordStore } from '../../src/ports.ts';
import type { HealthSchedule } from '../../src/records/health-schedule.ts';
import type { MeshFreeze } from '../../src/records/mesh-freeze.ts';
import type { contextOf } from './setup.ts';

class Records<R extends OwnRecord> implements RecordStore<R> {
  readonly #records = new Map<string, R>();
  #version = 0;

  async create({ name, spec }: { name: string; spec: R['spec'] }): Promise<R> {
    if (this.#records.has(name)) throw new ClusterError('already-exists', `${name} is there`);
    return this.#put({ metadata: { name, uid: `uid-${name}`, namespace: 'meshbot' }, spec } as unknown as R);
  }

  async read(name: string): Promise<R | undefined> {
    return this.#records.get(name);
  }

  async saveSpec(record: R): Promise<R> {
    return this.#put({ ...this.#unmoved(record), spec: record.spec });
  }

  async saveStatus(record: R): Promise<R> {
    return this.#put({ ...this.#unmoved(record), status: record.status } as R);
  }

  async remove(record: R): Promise<void> {
    this.#unmoved(record);
    this.#records.delete(record.metadata.name);
  }

  list(): R[] {
    return [...this.#records.values()].reverse();
  }

  cached(name: string): R | undefined {
    return this.#records.get(name);
  }

  watch(): () => void {
    throw new Error('nothing here is watched');
  }

  #unmoved({ metadata: { name, resourceVersion } }: R): R {
    const stored = this.#records.get(name);
    if (!stored) throw new ClusterError('not-found', `${name} is gone`);
    if (stored.metadata.resourceVersion !== resourceVersion) throw new ClusterError('conflict', `${name} moved`);
    return stored;
  }

  #put(record: R): R {
    const stored = structuredClone(record);
    stored.metadata.resourceVersion = String(++this.#version);
    this.#records.set(stored.metadata.name, stored);
    return stored;
  }
}

/** Of a town where one channel is told each morning. */
export class OwnRecords {
  readonly schedules = new Records<HealthSchedule>();
  readonly freezes = new Records<MeshFreeze>();

  constructor() {
    const by = { team: 'T1', user: 'U2' };
    const spec = { when: 'day 08:00', tz: 'UTC', channel: 'C2', by };
    void this.schedules.create({ name: 'health-1a2b3c', spec });
    const host = 'reviews.default.svc.cluster.local';
    void this.freezes.create({ name: 'freeze-1a2b3c', spec: { namespace: 'default', host, by } });
  }

  names(): string[] {
    return [...this.schedules.list(), ...this.freezes.list()].map(({ metadata }) => metadata.name);
  }
}

/** What a setting does when a line of it is delivered. */
export async function carriedOut(
  command: SettingCommand,
  values: object,
  context: ReturnType<typeof contextOf>,
  stored = new OwnRecords(),
  otherwise: Partial<SettingContext> = {},
): Promise<{ outcome: SettingOutcome; stored: OwnRecords }> {
  const more: SettingContext = {
    ...context,
    schedules: stored.schedules,
    freezes: stored.freezes,
    name: `${command.verb}-3f9a1c2b77`,
    place: { channel: 'C1' },
    channels: { mesh: 'C0MESH' },
    zone: async () => 'Asia/Tokyo',
    refusal: async () => undefined,
    override: undefined,
    mayNotOverride: async () => undefined,
    ...otherwise,
  };
  return { outcome: await command.set(values as never, more), stored };
}
