import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SUITES } from './all.ts';
import { type Asked, askedApi } from './asked.ts';
import { KINDS } from './kinds.ts';
import { LEFT_OUT } from './left-out.ts';
import { normalOf } from './normal.ts';
import { keepTruth, type Truth, truthOf } from './truth.ts';

/** MESHBOT_PROBES=record keeps what the real API server answers as the truth. */
const isRecording = process.env.MESHBOT_PROBES === 'record';

describe.each(Object.entries(SUITES))('%s, asked of the Kubernetes API', { timeout: 60_000 }, (suite, probes) => {
  const truth = truthOf(suite);
  const heard: Truth = {};
  let asked: Asked;
  beforeAll(async () => {
    asked = await askedApi();
  }, 60_000);
  beforeEach(() => asked.api.clean(KINDS.map(({ path }) => path)), 60_000);
  afterAll(async () => {
    if (isRecording && asked?.isReal) keepTruth(suite, { ...truth, ...heard });
    await asked?.close();
  });

  it('knows each probe by a name of its own', () => {
    expect(new Set(probes.map(({ name }) => name)).size).toBe(probes.length);
  });

  it.each(probes.map(probe => [probe.name, probe] as const))('%s', async (name, probe) => {
    const answers = JSON.parse(JSON.stringify(normalOf(await asked.api.run(probe)))) as unknown[];
    heard[name] = answers;
    if (isRecording) return;
    // What the local API is known to leave out is named, and no longer once it does the same.
    if (!asked.isReal && LEFT_OUT[name] !== undefined) expect(answers).not.toEqual(truth[name]);
    else expect(answers).toEqual(truth[name]);
  });
});

describe('what the local Kubernetes API leaves out', () => {
  it('is named by probes that there are', () => {
    const names = Object.values(SUITES).flatMap(probes => probes.map(({ name }) => name));
    expect(Object.keys(LEFT_OUT).filter(name => !names.includes(name))).toEqual([]);
  });
});
