/** What a freeze holds, whom it lets approve, and what becomes of changes that it meets on their way. */
import { describe, expect, it } from 'vitest';
import { removeExpired } from '../../src/change/freeze-sweep.ts';
import { freezeInWords, frozen, holding, inForce, policyUnder } from '../../src/change/freezing.ts';
import { statusOf } from '../../src/change/phases.ts';
import type { Policy } from '../../src/change/policy.ts';
import type { JsonObject, KubeObject } from '../../src/object.ts';
import { refOf } from '../../src/object.ts';
import type { Write } from '../../src/ports.ts';
import type { MeshFreeze, MeshFreezeSpec } from '../../src/records/mesh-freeze.ts';
import { OwnRecords } from '../commands/records.ts';
import { rule, virtualService } from '../istio/edit/mesh.ts';
import { Lab } from './course/lab.ts';
import { planOf } from './world/plans.ts';
import { POLICY, Town } from './world/town.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const host = (name: string, namespace = 'default') => `${name}.${namespace}.svc.cluster.local`;

function freeze(spec: Partial<MeshFreezeSpec> = {}, name = 'freeze-1'): MeshFreeze {
  return {
    apiVersion: 'meshbot.dev/v1alpha1',
    kind: 'MeshFreeze',
    metadata: { name, namespace: 'meshbot' },
    spec: { namespace: 'default', by: { team: 'T1', user: 'UBEN' }, ...spec },
  };
}

function write(after: KubeObject, before?: KubeObject): Write {
  return { ref: refOf(after), ...(before && { before }), after };
}

const to = (name: string, weight = 100): JsonObject => ({ destination: { host: name, subset: 'v1' }, weight });
const routing = (name: string, http: JsonObject[], more: JsonObject = {}) =>
  virtualService(name, { hosts: [name], ...more, http });
const shifted = planOf('Shift a', ['a'], [write(routing('a', [{ route: [to('a')] }]))], 50);
const held = (plan = shifted, ...freezes: MeshFreeze[]) =>
  holding(plan, { list: () => freezes, reader: 'default' }, NOW).map(({ metadata }) => metadata.name);

describe('a freeze', () => {
  it('is in force until its time is over, or for good; one whose end cannot be read, for good', () => {
    const past = freeze({ until: '2026-11-21T11:59:59Z' });
    const soon = freeze({ until: '2026-11-21T12:00:01Z' }, 'b');
    const open = freeze({}, 'c');
    const odd = freeze({ until: 'soon' }, 'd');
    expect(inForce([past, soon, odd, open], NOW).map(({ metadata }) => metadata.name)).toEqual(['c', 'd', 'b']);
    expect(held(shifted, past)).toEqual([]);
    expect(freezeInWords(soon)).toBe('Namespace default is frozen until 2026-11-21 12:00 UTC.');
    expect(freezeInWords(freeze({ host: host('a'), reason: 'release night' }))).toBe(
      'a.default is frozen until somebody lifts it: release night.',
    );
  });

  it('of a namespace holds what is written there, and what sends its services’ requests another way', () => {
    expect(held(shifted, freeze())).toEqual(['freeze-1']);
    expect(held(shifted, freeze({ namespace: 'shop' }))).toEqual([]);
    const atGateway = { ...planOf('Gateway', ['a'], [], 0), namespace: 'istio-system' };
    expect(held(atGateway, freeze())).toEqual(['freeze-1']);
    const elsewhere = planOf('Elsewhere', ['x.shop'], [], 0);
    const plan = {
      ...elsewhere,
      namespace: 'shop',
      expectation: { ...elsewhere.expectation, host: host('x', 'shop') },
    };
    expect(held(plan, freeze())).toEqual([]);
    expect(held(plan, freeze({ namespace: 'shop' }))).toEqual(['freeze-1']);
  });

  it('of a service holds what names it, and routes to it that change, but no route beside them', () => {
    expect(held(shifted, freeze({ host: host('a') }))).toEqual(['freeze-1']);
    expect(held(shifted, freeze({ host: host('b') }))).toEqual([]);
    const subsets = planOf('Rule', ['c'], [write(rule('b', ['v1']))], 0);
    expect(held(subsets, freeze({ host: host('b') }))).toEqual(['freeze-1']);
    const [toA, toB] = [{ route: [to('a')] }, { match: [{ uri: { prefix: '/b' } }], route: [to('b')] }];
    const outside = (...http: JsonObject[]) => routing('shop.example.com', http, { gateways: ['shop'] });
    const onlyA = planOf('Page', ['a'], [write(outside(toB, { ...toA, timeout: '1s' }), outside(toB, toA))], 0);
    expect(held(onlyA, freeze({ host: host('b') }))).toEqual([]);
    const gone = planOf('Page', ['a'], [write(outside(toA), outside(toB, toA))], 0);
    expect(held(gone, freeze({ host: host('b') }))).toEqual(['freeze-1']);
  });

  it('is an error, or a warning where the policy lets somebody override it', () => {
    const freezes = { list: () => [freeze()], reader: 'default' };
    const [error] = frozen(shifted, freezes, POLICY, NOW);
    expect(error).toMatchObject({
      code: 'frozen',
      severity: 'error',
      fix: expect.stringContaining('unfreeze freeze-1'),
    });
    const [warning] = frozen(shifted, freezes, OVERRIDDEN, NOW);
    expect(warning).toMatchObject({ code: 'frozen', severity: 'warning' });
    expect(policyUnder(OVERRIDDEN, false)).toBe(OVERRIDDEN);
    expect(policyUnder(OVERRIDDEN, true).rules[0]).toMatchObject({
      approve: { users: ['UDAN'] },
      approvals: 1,
      own: false,
    });
    expect(policyUnder(POLICY, true)).toBe(POLICY);
  });
});

/** UDAN is not on call, but may override. */
const OVERRIDDEN: Policy = {
  ...POLICY,
  override: { who: { users: ['UDAN'], groups: [], everyone: false }, approvals: 1 },
};

async function planned(town: Town, name = 'shift-a'): Promise<void> {
  town.ask(name, { services: 'a', v3: 50 });
  await town.until(() => town.slack.withButton('approve').some(button => button.change === name));
  await town.pass(1);
}

const approve = (town: Town, user: string, name = 'shift-a') => town.click('approve', user, name, town.card(name)!);
const until = (town: Town, seconds: number) => new Date(town.sim.now + seconds * 1000).toISOString();

describe('a change under a freeze', () => {
  it('is refused, with the reason and the way out', async () => {
    const town = new Town(5);
    town.freezes = [freeze({ reason: 'release night' })];
    town.start(2);
    town.ask('shift-a', { services: 'a', v3: 50 });
    await town.until(() => town.phase('shift-a') === 'Refused');
    const { phase, findings, message } = statusOf(town.change('shift-a'));
    expect([phase, message]).toEqual(['Refused', 'It is frozen.']);
    expect(findings).toMatchObject([{ code: 'frozen', message: expect.stringContaining('release night') }]);
    expect(town.api.commits).toEqual([]);
  });

  it('is approved by those of the override alone, and then written', async () => {
    const town = new Town(6);
    town.slack.people.set('UDAN', { ...town.slack.people.get('UBEN')!, id: 'UDAN' });
    town.policy = OVERRIDDEN;
    town.freezes = [freeze()];
    town.start(2);
    await planned(town);
    expect(statusOf(town.change('shift-a')).plan).toMatchObject({
      findings: [{ code: 'frozen', severity: 'warning' }],
      approvers: { who: { users: ['UDAN'], groups: [] } },
    });
    approve(town, 'UBEN');
    await town.until(() => statusOf(town.change('shift-a')).decisions.some(({ verdict }) => verdict === 'refused'));
    expect(town.phase('shift-a')).toBe('Planned');
    approve(town, 'UDAN');
    await town.until(() => town.allEnded());
    expect(town.api.commits).toHaveLength(1);
  });

  it('that comes while it waits, is planned again under it, and again when it is over', async () => {
    const town = new Town(7);
    town.slack.people.set('UDAN', { ...town.slack.people.get('UBEN')!, id: 'UDAN' });
    town.policy = OVERRIDDEN;
    town.start(2);
    await planned(town);
    town.freezes = [freeze({ until: until(town, 200) })];
    await town.until(() => (statusOf(town.change('shift-a')).plan?.revision ?? 0) > 1);
    expect(statusOf(town.change('shift-a')).plan?.replanned).toContain('is frozen');
    await town.until(() => (statusOf(town.change('shift-a')).plan?.revision ?? 0) > 2, 400);
    const { plan } = statusOf(town.change('shift-a'));
    expect(plan?.findings).toEqual([]);
    expect(plan?.approvers?.who.groups).toEqual(['SONCALL']);
    await town.pass(2);
    approve(town, 'UBEN');
    await town.until(() => town.allEnded());
    expect(town.api.commits).toHaveLength(1);
  });

  it('is not written where the freeze comes with the click, whenever within the moment that is', async () => {
    const ends = new Set<string>();
    for (let after = 0; after < 400; after += 20) {
      const town = new Town(100 + after);
      town.start(2);
      await planned(town);
      approve(town, 'UBEN');
      let frozenAt: number | undefined;
      town.sim.after(after, () => {
        town.freezes = [freeze()];
        frozenAt = town.api.commits.length;
      });
      await town.until(() => town.allEnded() && frozenAt !== undefined);
      const wrote = town.api.commits.length;
      ends.add(town.phase('shift-a') === 'Refused' ? 'refused' : 'written');
      expect(town.phase('shift-a') === 'Refused' ? wrote : 0).toBe(0);
      // One write may be on its way already; after that nothing is.
      expect(wrote - frozenAt!).toBeLessThanOrEqual(1);
    }
    expect([...ends].sort()).toEqual(['refused', 'written']);
  });

  it('is counted as what it was approved as: an override ends with its freeze', async () => {
    const town = new Town(9);
    town.slack.people.set('UDAN', { ...town.slack.people.get('UBEN')!, id: 'UDAN' });
    town.policy = OVERRIDDEN;
    town.freezes = [freeze()];
    town.start(1);
    await planned(town);
    town.freezes = [];
    approve(town, 'UDAN');
    await town.until(() => (statusOf(town.change('shift-a')).plan?.revision ?? 0) > 1);
    await town.pass(2);
    expect(statusOf(town.change('shift-a')).plan?.replanned).toContain('no longer frozen');
    expect(town.api.commits).toEqual([]);
  });
});

describe('a shift by steps', { timeout: 90_000 }, () => {
  const GOOD = { v1: { rate: 90, errors: 0, p95: 40 }, v3: { rate: 10, errors: 0, p95: 50 } };
  const LINE = 'shift reviews v3 5,25 --every 2m --gate errors<1%';

  async function begun(): Promise<Lab> {
    const lab = new Lab();
    lab.metrics = GOOD;
    await lab.begin(LINE);
    return lab;
  }

  it('holds before its next step for as long as the freeze lasts, says why, and then goes on', async () => {
    const lab = await begun();
    lab.freezes = [freeze({ reason: 'release night' })];
    // Longer than anybody waits for a measure.
    await lab.pass(65 * 60);
    expect(lab.weights()).toEqual({ v1: 95, v3: 5 });
    expect(lab.phase()).toBe('Progressing');
    expect(JSON.stringify(lab.card('change-1')!.view)).toContain('release night');
    lab.freezes = [];
    await lab.until(() => lab.phase() === 'Verified', 600);
    expect(lab.weights()).toEqual({ v1: 75, v3: 25 });
  });

  it('goes back from a broken gate all the same', async () => {
    const lab = await begun();
    lab.freezes = [freeze()];
    await lab.pass(300);
    lab.metrics = { ...GOOD, v3: { rate: 10, errors: 0.5, p95: 50 } };
    await lab.until(() => lab.phase() === 'Reverted', 300);
    expect(lab.weights()).toEqual({ v1: 100 });
  });

  it('ends as it would where only its proof is left', async () => {
    const lab = await begun();
    await lab.until(() => lab.weights().v3 === 25, 300);
    lab.freezes = [freeze()];
    await lab.until(() => lab.phase() === 'Verified', 600);
  });
});

describe('the sweep', () => {
  it('removes freezes that are over, and no others', async () => {
    const { freezes } = new OwnRecords();
    const by = { team: 'T1', user: 'U1' };
    await freezes.create({ name: 'over', spec: { namespace: 'default', until: '2026-11-21T11:00:00Z', by } });
    await freezes.create({ name: 'soon', spec: { namespace: 'default', until: '2026-11-21T13:00:00Z', by } });
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    expect(await removeExpired(freezes, NOW, log)).toBe(1);
    expect(freezes.list().map(({ metadata }) => metadata.name)).toEqual(['soon', 'freeze-1a2b3c']);
  });
});
