import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/errors.ts';
import { connect } from '../../src/kubernetes/client.ts';
import { type LocalCluster, OWN_NAMESPACE, startCluster } from '../../src/sandbox/cluster.ts';
import { type LocalSlack, startSlack } from '../../src/sandbox/slack/server.ts';
import { connectBoth } from '../../src/start/connecting.ts';
import { newLog } from '../../src/start/log.ts';
import { manifestOf } from '../../src/start/manifest.ts';
import { systemClock } from '../../src/system.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function surroundings(): Promise<{ slack: LocalSlack; cluster: LocalCluster }> {
  const slack = await startSlack(manifestOf());
  const cluster = await startCluster({ ports: { kubernetes: 0, shop: 0 }, load: 0 });
  ends.push(
    () => slack.close(),
    () => cluster.close(),
  );
  return { slack, cluster };
}

async function problemsOf({ slack, cluster }: Awaited<ReturnType<typeof surroundings>>, botToken = slack.botToken) {
  const client = connect({ kind: 'server', server: cluster.kubernetes.url }, { clock: systemClock });
  ends.push(() => client.close());
  const log = newLog('silent');
  const { appToken, apiUrl } = slack;
  const credentials = { kind: 'socket' as const, botToken, appToken };
  try {
    const needs = { watched: ['default'], own: OWN_NAMESPACE, probing: ['default'], written: ['VirtualService'] };
    await connectBoth({ credentials, apiUrl, teams: [], clock: systemClock, log }, client, needs, log);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('connecting', () => {
  it('finds nothing missing in the local world', async () => {
    expect(await problemsOf(await surroundings())).toEqual([]);
  });

  it('tells a refused token and a missing CRD in one go, each with its remedy', async () => {
    const world = await surroundings();
    world.cluster.kubernetes.delete({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      namespace: '',
      name: 'meshchanges.meshbot.dev',
    });
    const problems = await problemsOf(world, 'xoxb-wrong');
    expect(problems).toEqual([
      expect.stringMatching(/Slack does not accept the bot token.*SLACK_BOT_TOKEN/),
      expect.stringContaining('kubectl apply -f deploy/crd.yaml'),
    ]);
  });

  it('names each missing scope and right', async () => {
    const world = await surroundings();
    const { scopes } = manifestOf();
    world.slack.setManifest({ scopes: scopes.filter(scope => scope !== 'usergroups:read') });
    world.cluster.kubernetes.rights.deny({ verb: 'patch', resource: 'virtualservices' });
    const problems = await problemsOf(world);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain('usergroups:read');
    expect(problems[1]).toMatch(/May not patch virtualservices\.networking\.istio\.io in namespace default.*Remedy: /);
  });

  it('starts without the right to exec, which only probes from pods need', async () => {
    const world = await surroundings();
    world.cluster.kubernetes.rights.deny({ resource: 'pods/exec' });
    expect(await problemsOf(world)).toEqual([]);
  });
});
