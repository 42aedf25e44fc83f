import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/errors.ts';
import { HELP, readInvocation } from '../../src/config/invocation.ts';

function run(args: string[], env: Record<string, string> = {}) {
  const start = readInvocation(args, env);
  if (start.kind !== 'run') throw new Error(`not a run: ${start.kind}`);
  return start.invocation;
}

function problemsOf(args: string[], env: Record<string, string> = {}): string[] {
  try {
    readInvocation(args, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('starting meshbot', () => {
  it('is all local without options', () => {
    expect(run([])).toMatchObject({
      slack: undefined,
      cluster: undefined,
      config: undefined,
      ports: { slack: 3000, shop: 3080 },
    });
  });

  it('stays local for somebody whose shell happens to have a kubeconfig', () => {
    expect(run([], { KUBECONFIG: '/somewhere/config' }).cluster).toBeUndefined();
  });

  it('takes each half from the real world by itself', () => {
    const tokens = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
    expect(run(['--config', 'm.yaml'], tokens)).toMatchObject({ slack: { kind: 'socket' }, cluster: undefined });
    expect(run(['--config', 'm.yaml', '--context', 'prod'])).toMatchObject({
      slack: undefined,
      cluster: { context: 'prod' },
    });
  });

  it('listens over HTTP with a signing secret', () => {
    const env = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's', PORT: '8081', MESHBOT_CONFIG: 'm.yaml' };
    expect(run([], env).slack).toEqual({ kind: 'http', botToken: 'xoxb-1', signingSecret: 's', port: 8081 });
  });

  it('uses the service account in a pod', () => {
    expect(run(['--config', 'm.yaml'], { KUBERNETES_SERVICE_HOST: '192.0.2.1' }).cluster).toEqual({
      kind: 'in-cluster',
    });
  });

  it('refuses a real half without a file that names the approvers', () => {
    expect(problemsOf(['--context', 'prod'])).toEqual([expect.stringContaining('deploy/meshbot.example.yaml')]);
  });

  it('tells each wrong thing with its remedy, all at once', () => {
    const problems = problemsOf(['--slack-port', 'http'], { SLACK_APP_TOKEN: 'xapp-1', LOG_LEVEL: 'loud' });
    expect(problems).toEqual([
      expect.stringContaining('SLACK_BOT_TOKEN is missing'),
      expect.stringContaining('--log loud'),
      '--slack-port http: a port is a number from 0 to 65535.',
    ]);
  });

  it('names an option that is not known, and where the known ones are', () => {
    expect(problemsOf(['--port', '3000'])).toEqual([
      "Unknown option '--port'. `npm start -- --help` lists the options.",
    ]);
  });

  it('knows every option that its help shows', () => {
    const shown = [...HELP.matchAll(/^ {2}(--[a-z-]+)/gm)].map(match => match[1]!).filter(name => name !== '--help');
    expect(shown.length).toBeGreaterThan(6);
    for (const name of shown) expect(problemsOf([name, '0']).join()).not.toContain('Unknown option');
  });
});
