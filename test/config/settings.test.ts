import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/errors.ts';
import { parseSettings, readSettings } from '../../src/config/settings.ts';

const APPROVALS = 'approvals: [{ask: {everyone: true}, approve: {users: [U024BE7LH]}}]\n';

function problemsOf(text: string): string[] {
  try {
    parseSettings(text, 'meshbot.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('meshbot.yaml', () => {
  it('may say no more than who approves', () => {
    const read = parseSettings(APPROVALS, 'meshbot.yaml');
    expect(read.policy.rules).toEqual([
      {
        ask: { users: [], groups: [], everyone: true },
        approve: { users: ['U024BE7LH'], groups: [], everyone: false },
        approvals: 1,
        own: false,
        expires: 3_600_000,
      },
    ]);
    expect(read.command).toBe('/mesh');
    expect(read.cluster.namespace).toBe('meshbot');
  });

  it('is fatal without approvers', () => {
    expect(problemsOf('')).toEqual([expect.stringContaining('`approvals` is missing')]);
    expect(problemsOf('approvals: []')).toEqual([
      expect.stringContaining('without approvers nothing could ever be written'),
    ]);
    expect(problemsOf('approvals: [{ask: {everyone: true}, approve: {}}]')).toEqual([
      expect.stringContaining('approvals[0].approve` names nobody'),
    ]);
  });

  it('names one tracer at most, and a tenant that can stand in a header', () => {
    const url = 'https://tracing.example.com';
    for (const tracer of ['zipkin', 'jaeger', 'tempo']) {
      expect(parseSettings(`${APPROVALS}telemetry: {${tracer}: '${url}'}`, 'meshbot.yaml').telemetry).toEqual({
        [tracer]: url,
      });
    }
    expect(problemsOf(`${APPROVALS}telemetry: {zipkin: '${url}', tempo: '${url}'}`)).toEqual([
      expect.stringContaining('names more than one tracer'),
    ]);
    expect(problemsOf(`${APPROVALS}telemetry: {tenant: "a\\r\\nb: c"}`)).toHaveLength(1);
  });

  it('is fatal with a key that is not known, wherever it stands', () => {
    expect(problemsOf(`${APPROVALS}aproval: 1`)).toEqual([
      'meshbot.yaml: `aproval` is not a setting. Remove it, or correct its name.',
    ]);
    expect(problemsOf('approvals: [{ask: {everyone: true}, approve: {users: [U024BE7LH]}, approvers: 2}]')).toEqual([
      'meshbot.yaml: `approvals[0].approvers` is not a setting. Remove it, or correct its name.',
    ]);
  });

  it('says what a value is and what it must be, in words', () => {
    expect(problemsOf('approvals: 5\ncluster:\n')).toEqual([
      'meshbot.yaml: `approvals` is a number: it must be a list.',
      'meshbot.yaml: `cluster` is empty: it must be a mapping.',
    ]);
    const rule = 'ask: {everyone: true}, approve: {users: [U024BE7LH]}';
    expect(problemsOf(`approvals: [{${rule}, approvals: 0, risks: [huge]}]\ncluster: {watch: []}`)).toEqual([
      'meshbot.yaml: `approvals[0].risks[0]` must be low, medium or high.',
      'meshbot.yaml: `approvals[0].approvals` must be a whole number from 1 to 10.',
      'meshbot.yaml: `cluster.watch` must name at least one, or be left out.',
    ]);
    expect(problemsOf(`${APPROVALS}probes: {reviews: {url: "http://a.example/", from: nowhere}}`)).toEqual([
      'meshbot.yaml: `probes.reviews.from` must be gateway, or { pod: …, namespace: … }.',
    ]);
  });

  it('refuses a display name where an id is meant', () => {
    expect(problemsOf('approvals: [{ask: {everyone: true}, approve: {users: ["@sam"]}}]')[0]).toContain('never a name');
  });

  it('tells all mistakes at once', () => {
    const problems = problemsOf(
      'approvals: [{ask: {everyone: true}, approve: {groups: [oncall]}, within: soon}]\ngateway: {address: "ftp://x"}',
    );
    expect(problems).toHaveLength(3);
  });

  it('names the line of what is no YAML', () => {
    expect(problemsOf('approvals:\n  - ask: [')[0]).toMatch(/^meshbot\.yaml:\d+:\d+: /);
  });

  it('takes services of probes as people write them in chat', () => {
    const read = parseSettings(
      `${APPROVALS}probes: {reviews: {url: "http://a.example/x"}, ratings.shop: {url: "http://a.example/y", from: {pod: curl, namespace: shop}}}`,
      'meshbot.yaml',
    );
    expect(read.probes).toEqual({
      'reviews.default.svc.cluster.local': { url: 'http://a.example/x', from: { kind: 'gateway' } },
      'ratings.shop.svc.cluster.local': {
        url: 'http://a.example/y',
        from: { kind: 'pod', namespace: 'shop', pod: 'curl' },
      },
    });
  });

  it('is valid as the example that people are told to copy', () => {
    const read = readSettings(resolve(import.meta.dirname, '../../deploy/meshbot.example.yaml'));
    expect(read.policy.rules).toHaveLength(2);
    expect(read.policy.rules[0]!.approvals).toBe(2);
  });

  it('says what to do where there is no such file', () => {
    expect(() => readSettings('/nowhere/meshbot.yaml')).toThrow(/Copy deploy\/meshbot\.example\.yaml/);
  });
});
