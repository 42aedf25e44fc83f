import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kindsWritten } from '../../src/command.ts';
import { readInvocation } from '../../src/config/invocation.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { World } from '../../src/istio/world.ts';
import { connect, type KubeClient } from '../../src/kubernetes/client.ts';
import { KubeCluster } from '../../src/kubernetes/cluster.ts';
import { type Right, rightsFor } from '../../src/kubernetes/rights.ts';
import { type JsonObject, type KubeObject, refOf } from '../../src/object.ts';
import { loadCommands } from '../../src/registry.ts';
import { type LocalKubernetes, startKubernetes } from '../../src/sandbox/kubernetes/kubernetes.ts';
import { systemClock } from '../../src/system.ts';

const root = resolve(import.meta.dirname, '../..');
const { commands } = await loadCommands();
const read = (name: string) => readFileSync(join(root, 'deploy', name), 'utf8');
const manifests = (name: string) => loadAll(read(name)) as KubeObject[];

const { resources } = loadAll(read('kustomization.yaml'))[0] as { resources: string[] };
const kustomized = resources.flatMap(manifests);
const exec = manifests('exec.yaml');
const only = (kind: string) => kustomized.find(object => object.kind === kind)!;

/** 'namespace group/resource verb' of every Role. */
function granted(objects: KubeObject[]): string[] {
  return objects
    .filter(({ kind }) => kind === 'Role')
    .flatMap(role =>
      (role.rules as { apiGroups: string[]; resources: string[]; verbs: string[] }[]).flatMap(rule =>
        rule.apiGroups.flatMap(group =>
          rule.resources.flatMap(resource =>
            rule.verbs.map(verb => `${role.metadata.namespace} ${group}/${resource} ${verb}`),
          ),
        ),
      ),
    )
    .sort();
}

function used(where: Right['where'], namespaces: string[]): string[] {
  return namespaces.flatMap(namespace =>
    rightsFor(kindsWritten(commands))
      .filter(right => right.where === where)
      .flatMap(({ group, resource, verbs }) => verbs.map(verb => `${namespace} ${group}/${resource} ${verb}`)),
  );
}

const settings = parseSettings(
  (only('ConfigMap').data as Record<string, string>)['meshbot.yaml']!,
  'configmap.yaml:meshbot.yaml',
);

describe('the rights that the manifests give', () => {
  it('are exactly those that meshbot uses, in the namespaces that it watches', () => {
    const { namespace, watch } = settings.cluster;
    expect(granted(kustomized)).toEqual([...used('own', [namespace]), ...used('watched', watch!)].sort());
  });

  it('leave pods/exec to a Role of its own, which nobody gets unasked', () => {
    expect(resources).not.toContain('exec.yaml');
    expect(granted(exec)).toEqual(used('probing', ['default']).sort());
    expect(granted(kustomized).join('\n')).not.toContain('exec');
  });

  it('are bound to meshbot’s account, each Role where it is', () => {
    const all = [...kustomized, ...exec];
    const roles = all.filter(({ kind }) => kind === 'Role').map(refOf);
    const bindings = all.filter(({ kind }) => kind === 'RoleBinding');
    expect(
      bindings.map(({ metadata, roleRef }) => ({ ...(roleRef as JsonObject), namespace: metadata.namespace })),
    ).toEqual(
      roles.map(({ name, namespace }) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name, namespace })),
    );
    const account = { kind: 'ServiceAccount', name: 'meshbot', namespace: 'meshbot' };
    for (const { subjects } of bindings) expect(subjects).toEqual([account]);
    expect(only('ServiceAccount').metadata).toEqual({ name: 'meshbot', namespace: 'meshbot' });
  });

  it('reach neither Secrets nor the whole cluster, and name everything', () => {
    for (const file of readdirSync(join(root, 'deploy')).filter(name => name.endsWith('.yaml'))) {
      for (const { kind = '' } of manifests(file)) expect(kind).not.toMatch(/^Cluster(Role|RoleBinding)$|^Secret$/);
    }
    for (const right of [...granted(kustomized), ...granted(exec)]) {
      expect(right).not.toMatch(/\*|secrets|nodes|impersonate|escalate|bind$/);
    }
  });
});

describe('the Deployment', () => {
  const deployment = only('Deployment').spec as {
    replicas: number;
    selector: { matchLabels: Record<string, string> };
    template: { metadata: { labels: Record<string, string> }; spec: JsonObject };
  };
  const pod = deployment.template.spec as {
    securityContext: JsonObject;
    containers: {
      args: string[];
      securityContext: JsonObject;
      ports: { name: string; containerPort: number }[];
      volumeMounts: { name: string; mountPath: string }[];
      livenessProbe: { httpGet: JsonObject };
      readinessProbe: { httpGet: JsonObject };
    }[];
    volumes: { name: string; configMap: { name: string } }[];
  };
  const [container] = pod.containers;

  it('keeps to the restricted Pod Security Standard, over a read-only root', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container!.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod.volumes.every(volume => 'configMap' in volume)).toBe(true);
    expect(only('Namespace').metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
  });

  it('starts meshbot as its command line wants, with the configuration that is mounted', () => {
    const [program, ...args] = container!.args;
    expect(program).toBe('src/main.ts');
    const start = readInvocation(args, {
      SLACK_BOT_TOKEN: 'xoxb-0',
      SLACK_APP_TOKEN: 'xapp-0',
      KUBERNETES_SERVICE_HOST: '192.0.2.1',
    });
    if (start.kind !== 'run') throw new Error('it is not started');
    const { config, cluster, ports, healthHost } = start.invocation;
    expect({ cluster, healthHost }).toEqual({ cluster: { kind: 'in-cluster' }, healthHost: '0.0.0.0' });
    const [mount] = container!.volumeMounts;
    expect(config).toBe(`${mount!.mountPath}/meshbot.yaml`);
    expect(pod.volumes[0]!.configMap.name).toBe(only('ConfigMap').metadata.name);
    expect(container!.ports).toEqual([{ name: 'health', containerPort: ports.health }]);
    expect(container!.livenessProbe.httpGet).toEqual({ path: '/livez', port: 'health' });
    expect(container!.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'health' });
  });

  it('always has a replica left when nodes are drained', () => {
    const budget = only('PodDisruptionBudget').spec as { minAvailable: number; selector: object };
    expect(budget.selector).toEqual(deployment.selector);
    expect(deployment.template.metadata.labels).toMatchObject(deployment.selector.matchLabels);
    expect(budget.minAvailable).toBeGreaterThanOrEqual(1);
    expect(deployment.replicas).toBeGreaterThan(budget.minAvailable);
  });
});

describe('the manifests', () => {
  let kubernetes: LocalKubernetes;
  let client: KubeClient;
  beforeAll(async () => {
    kubernetes = await startKubernetes();
    client = connect({ kind: 'server', server: kubernetes.url }, { clock: systemClock });
    for (const name of settings.cluster.watch!) {
      if (name !== 'default') kubernetes.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    }
  });
  afterAll(async () => {
    await client.close();
    await kubernetes.close();
  });

  it('are taken by the API server, in their order, with no field that it does not know', async () => {
    const cluster = new KubeCluster(client, { world: new World(), age: 0 });
    // The local API has no PodDisruptionBudgets.
    const taken = [...kustomized, ...exec].filter(({ apiVersion }) => apiVersion !== 'policy/v1');
    for (const object of taken) {
      expect((await cluster.write({ ref: refOf(object), after: object })).warnings).toEqual([]);
    }
    expect(kubernetes.list('Deployment', 'meshbot')).toHaveLength(1);
    expect(kubernetes.list('Role', 'default')).toHaveLength(2);
  });
});

describe('the image', () => {
  const lines = read('Dockerfile').split('\n');

  it('runs Node 24 as nobody, lets one choose a distroless base, and is made of what is in the repository', () => {
    expect(lines).toContain('ARG RUNTIME=node:24-bookworm-slim');
    expect(lines.findLast(line => line.startsWith('FROM '))).toBe('FROM ${RUNTIME}');
    expect(lines).toContain('USER 65532:65532');
    const copied = lines.filter(line => /^COPY (?!--from)/.test(line)).flatMap(line => line.split(' ').slice(1, -1));
    expect(copied.filter(path => !existsSync(join(root, path)))).toEqual([]);
    const sent = read('Dockerfile.dockerignore')
      .split('\n')
      .filter(line => line.startsWith('!'));
    expect(sent.map(line => line.slice(1)).sort()).toEqual([...new Set(copied)].sort());
  });
});
