/** A change with a time limit: it goes back by itself, whoever is killed meanwhile, unless somebody keeps it. */
import { describe, expect, it } from 'vitest';
import { ChatError } from '../../../src/ports.ts';
import { POLICY } from '../world/town.ts';
import { Lab } from './lab.ts';

const LINE = 'shift reviews v3 50 --for 30m';
const HALF = { v1: 50, v3: 50 };
const BEFORE = { v1: 100 };

async function lasting(line = LINE): Promise<Lab> {
  const lab = new Lab();
  await lab.begin(line);
  await lab.until(() => lab.phase() === 'Lasting');
  await lab.until(() => lab.buttons().includes('keep'));
  await lab.pass(1);
  return lab;
}

const written = (lab: Lab) => lab.status().written[0]!.at;

describe('a change with a time limit', () => {
  it('is proven, stays for its time, and goes back by itself', async () => {
    const lab = await lasting();
    expect(lab.shown()).toContain('Done and proven, for a while');
    expect(lab.weights()).toEqual(HALF);
    await lab.until(() => lab.phase() === 'Reverted', 3_600);
    expect(lab.weights()).toEqual(BEFORE);
    expect(lab.sim.now - written(lab)).toBeGreaterThan(30 * 60_000);
    expect(lab.sim.now - written(lab)).toBeLessThan(30 * 60_000 + 2_000);
    await lab.pass(30);
    expect(lab.shown()).toContain('Its 30 min are over.');
    expect(lab.shown('change-1', 'receipt')).toContain('Back to what was before.');
    expect(lab.buttons()).toEqual([]);
    expect(lab.live()?.metadata.annotations ?? {}).toEqual({});
  });

  it.each([
    'route reviews v3 --header end-user=mina --for 10m',
    'route reviews --remove --user jason --for 10m',
    'mirror reviews v2 10 --for 10m',
    'mirror ratings v1 50 --for 10m',
    'shift reviews v3 10,60 --every 1m --for 10m',
    'gateway off bookinfo-gateway --for 10m',
    'gateway open shop.example.com productpage --for 10m',
    'expose details --path /details* --for 10m',
  ])('%s: everything is then as it was', async line => {
    const lab = new Lab();
    const specs = () => [...lab.api.objects].map(([key, { spec }]) => [key, JSON.stringify(spec)]).sort();
    const before = specs();
    await lab.begin(line);
    await lab.until(() => lab.phase() === 'Lasting');
    expect(specs()).not.toEqual(before);
    await lab.until(() => lab.phase() === 'Reverted', 3_600);
    expect(specs()).toEqual(before);
  });

  it('goes back though it could not be proven', async () => {
    const lab = new Lab();
    lab.proven = false;
    await lab.begin(LINE);
    await lab.until(() => lab.phase() === 'Lasting');
    await lab.pass(5);
    expect(lab.shown()).toContain('Written, but not proven');
    await lab.until(() => lab.phase() === 'Reverted', 3_600);
    expect(lab.weights()).toEqual(BEFORE);
  });

  it('asks nothing of anybody while it lasts', async () => {
    const lab = await lasting();
    await lab.pass(60);
    const writes = lab.api.statusWrites;
    await lab.pass(1_200);
    expect(lab.api.statusWrites).toBe(writes);
  });
});

describe('a gateway that is let in again for a while', () => {
  it('is switched off again, as it was', async () => {
    const lab = new Lab();
    await lab.begin('gateway off bookinfo-gateway');
    await lab.until(() => lab.phase() === 'Verified', 60);
    const off = JSON.stringify(lab.live('bookinfo-gateway', 'Gateway')?.spec);
    await lab.begin('gateway on bookinfo-gateway --for 10m', 'change-2');
    await lab.until(() => lab.phase('change-2') === 'Lasting', 60);
    expect(JSON.stringify(lab.live('bookinfo-gateway', 'Gateway')?.spec)).not.toBe(off);
    await lab.until(() => lab.phase('change-2') === 'Reverted', 3_600);
    expect(JSON.stringify(lab.live('bookinfo-gateway', 'Gateway')?.spec)).toBe(off);
  });
});

describe('a replica that is killed while a change lasts', () => {
  it('is followed by another, which takes it back in time', async () => {
    const lab = await lasting();
    lab.kill(lab.replicas[0]!);
    lab.start();
    await lab.until(() => lab.phase() === 'Reverted', 3_600);
    expect(lab.sim.now - written(lab)).toBeLessThan(30 * 60_000 + 40_000);
    expect(lab.weights()).toEqual(BEFORE);
  });

  it('is followed by one that comes only after the time is over', async () => {
    const lab = await lasting();
    lab.kill(lab.replicas[0]!);
    await lab.pass(3_600);
    expect(lab.weights()).toEqual(HALF);
    lab.start();
    await lab.until(() => lab.phase() === 'Reverted', 40);
    expect(lab.weights()).toEqual(BEFORE);
  });

  it('as it takes it back: it is taken back once', async () => {
    const lab = await lasting();
    await lab.killAtWrite();
    const version = lab.live()?.metadata.resourceVersion;
    lab.start();
    await lab.until(() => lab.phase() === 'Reverted');
    expect(lab.live()?.metadata.resourceVersion).toBe(version);
  });

  it('beside others: the time is over once', async () => {
    const lab = new Lab();
    for (const skew of [0, 20_000, -20_000]) lab.start(skew);
    await lab.begin(LINE);
    await lab.until(() => lab.phase() === 'Reverted', 3_600);
    expect(lab.api.commits).toHaveLength(2);
  });
});

describe('people', () => {
  it('keep it: it stays, ends as it was proven, and can be undone', async () => {
    const lab = await lasting();
    await lab.click('keep', 'UCAT');
    await lab.until(() => lab.phase() === 'Verified');
    await lab.pass(3_600);
    expect(lab.weights()).toEqual(HALF);
    expect(lab.status().history.at(-1)).toMatchObject({ phase: 'Verified', by: 'UCAT' });
    expect(lab.buttons()).toEqual(['undo']);
  });

  it('must be as many to keep it as it took to approve it', async () => {
    const lab = new Lab();
    lab.policy = { ...POLICY, rules: [{ ...POLICY.rules[0]!, approvals: 2 }] };
    lab.start();
    await lab.ask(LINE);
    await lab.click('approve', 'UBEN');
    await lab.click('approve', 'UCAT');
    await lab.until(() => lab.buttons().includes('keep'));
    await lab.click('keep', 'UBEN');
    await lab.pass(10);
    expect(lab.phase()).toBe('Lasting');
    expect(lab.shown()).toContain('1 person wants it to stay, which by the policy is not enough yet.');
    await lab.click('keep', 'UBEN');
    await lab.until(() => lab.whispers('UBEN').length > 0);
    expect(lab.whispers('UBEN')).toEqual(['You said so already; it waits for somebody else.']);
    await lab.click('keep', 'UCAT');
    await lab.until(() => lab.phase() === 'Verified');
  });

  it.each([
    ['keep', 'UBEN', true],
    ['keep', 'UASK', false],
    ['keep', 'UOUT', false],
    ['revert', 'UASK', true],
    ['revert', 'UCAT', true],
    ['revert', 'UOUT', false],
  ] as const)('%s by %s counts: %s', async (kind, user, counts) => {
    const lab = await lasting();
    await lab.click(kind, user);
    await lab.until(() => lab.status().decisions.every(({ verdict }) => verdict));
    expect(lab.status().decisions.at(-1)?.verdict).toBe(counts ? 'counted' : 'refused');
  });

  it('revert it before its time, which the card then says', async () => {
    const lab = await lasting();
    await lab.click('revert', 'UASK');
    await lab.until(() => lab.phase() === 'Reverted');
    expect(lab.weights()).toEqual(BEFORE);
    expect(lab.status().history.at(-1)).toMatchObject({ by: 'UASK', why: 'Taken back before its time was over.' });
  });

  it('undo it, and it does not go back once more', async () => {
    const lab = await lasting();
    await lab.begin('undo change-1', 'undo-1');
    await lab.until(() => lab.phase() === 'Undone');
    const { commits } = lab.api;
    const count = commits.length;
    await lab.pass(3_600);
    expect(commits).toHaveLength(count);
    expect(lab.weights()).toEqual(BEFORE);
  });

  it('who changed the route meanwhile keep their work: it is not taken back, and that is said', async () => {
    const lab = await lasting();
    await lab.begin('shift reviews v3 80', 'change-2');
    await lab.until(() => lab.phase('change-2') === 'Verified');
    await lab.until(() => lab.phase() === 'Failed', 3_600);
    expect(lab.weights()).toEqual({ v1: 20, v3: 80 });
    expect(lab.status().message).toMatch(
      /^Its 30 min are over\. Not taken back: VirtualService default\/reviews was changed/,
    );
  });
});

describe('the proof of a change with a time limit', () => {
  const MINUTES = 5;

  /** Its proof takes five minutes, as one that waits for slow metrics. */
  async function proving(line = 'mirror reviews v3 100 --for 1m'): Promise<Lab> {
    const lab = new Lab();
    lab.proofTakes = MINUTES * 60_000;
    await lab.begin(line);
    await lab.until(() => lab.buttons().includes('revert'), 30);
    await lab.pass(1);
    expect(lab.phase()).toBe('Applied');
    return lab;
  }

  const mirrors = (lab: Lab) => JSON.stringify(lab.live()?.spec).includes('mirror');

  it('does not keep it in the mesh beyond its time', async () => {
    const lab = await proving();
    expect(mirrors(lab)).toBe(true);
    expect(lab.shown()).toContain('It goes back by itself');
    expect(lab.buttons()).toEqual(['keep', 'revert']);
    await lab.until(() => lab.phase() === 'Reverted', 120);
    expect(mirrors(lab)).toBe(false);
    expect(lab.sim.now - written(lab)).toBeLessThan(62_000);
    await lab.pass(30);
    expect(lab.shown()).toContain('Its 1 min are over.');
  });

  it('ends at once for whoever takes it back now', async () => {
    const lab = await proving();
    const since = lab.sim.now;
    await lab.click('revert', 'UBEN');
    await lab.until(() => lab.phase() === 'Reverted', 10);
    expect(lab.sim.now - since).toBeLessThan(3_000);
    expect(mirrors(lab)).toBe(false);
    expect(lab.status().message).toContain('Taken back before its time was over');
  });

  it('goes on for what enough people keep, which is done then', async () => {
    const lab = await proving();
    await lab.click('keep', 'UBEN');
    await lab.until(() => lab.shown().includes('It stays'), 10);
    expect(lab.phase()).toBe('Applied');
    expect(lab.buttons()).toEqual(['undo']);
    await lab.until(() => lab.phase() === 'Verified', (MINUTES + 1) * 60);
    expect(mirrors(lab)).toBe(true);
    await lab.pass(180);
    expect(lab.phase()).toBe('Verified');
  });

  it('goes on where those who keep it are too few, and says that it goes back', async () => {
    const lab = await proving('mirror reviews v3 100 --for 4m');
    lab.policy = { ...POLICY, rules: POLICY.rules.map(rule => ({ ...rule, approvals: 2 })) };
    await lab.click('keep', 'UBEN');
    await lab.until(() => lab.shown().includes('1 person wants it to stay, which by the policy is not enough yet'), 10);
    expect(lab.proofs).toBe(2);
    await lab.until(() => lab.phase() === 'Reverted', 300);
    expect(lab.sim.now - written(lab)).toBeLessThan(242_000);
  });

  it('does not hold up its end where the chat cannot say who clicked', async () => {
    const lab = await proving();
    lab.slack.people.get = () => {
      throw new ChatError('unknown', 'who that is');
    };
    await lab.pass(50);
    await lab.click('keep', 'UCAT');
    await lab.until(() => !mirrors(lab), 90);
    expect(lab.sim.now - written(lab)).toBeLessThan(66_000);
  });

  it('is taken over with its end by another replica', async () => {
    const lab = await proving();
    lab.kill(lab.replicas[0]!);
    lab.start();
    await lab.until(() => lab.phase() === 'Reverted', 120);
    expect(lab.sim.now - written(lab)).toBeLessThan(80_000);
  });
});
