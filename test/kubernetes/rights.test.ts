import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeClient } from '../../src/kubernetes/client.ts';
import { lacking, rightsFor } from '../../src/kubernetes/rights.ts';
import { clientOf, json, refuse, type Scripted, serve } from './server.ts';

interface Attributes {
  namespace?: string;
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
}

const written = ['VirtualService'];

let server: Scripted;
let client: KubeClient;
let asked: Attributes[];
let installed: boolean;
let served: string[];
let allows: (attributes: Attributes) => boolean;

beforeEach(async () => {
  asked = [];
  installed = true;
  served = ['meshchanges', 'healthschedules', 'meshfreezes'];
  allows = () => true;
  server = await serve(({ method, path, body }, response) => {
    if (method === 'GET' && path === '/apis/meshbot.dev/v1alpha1' && installed) {
      return json(response, 200, { resources: served.map(name => ({ name })) });
    }
    if (method !== 'POST' || !path.endsWith('/selfsubjectaccessreviews')) return refuse(response, 404, 'NotFound');
    const attributes = (body as { spec: { resourceAttributes: Attributes } }).spec.resourceAttributes;
    asked.push(attributes);
    json(response, 201, { status: { allowed: allows(attributes) } });
  });
  client = clientOf(server.url);
});

afterEach(async () => {
  await client.close();
  await server.close();
});

describe('the rights that meshbot needs', () => {
  it('are asked verb by verb in every namespace in which they are used', async () => {
    expect(await lacking(client, { watched: ['default', 'shop'], own: 'meshbot', probing: ['shop'], written })).toEqual(
      [],
    );
    const count = (where: string) =>
      rightsFor(written)
        .filter(right => right.where === where)
        .reduce((sum, { verbs }) => sum + verbs.length, 0);
    expect(asked).toHaveLength(2 * count('watched') + count('own') + count('probing'));
    expect(asked).toContainEqual({
      namespace: 'shop',
      verb: 'patch',
      group: 'networking.istio.io',
      resource: 'virtualservices',
    });
    expect(asked).toContainEqual({
      namespace: 'meshbot',
      verb: 'patch',
      group: 'meshbot.dev',
      resource: 'meshchanges',
      subresource: 'status',
    });
    expect(asked).toContainEqual({
      namespace: 'shop',
      verb: 'create',
      group: '',
      resource: 'pods',
      subresource: 'exec',
    });
  });

  it('are told all at once when they are missing, each with its remedy', async () => {
    installed = false;
    allows = ({ verb, resource, subresource }) =>
      !(resource === 'virtualservices' && ['patch', 'delete'].includes(verb)) && subresource !== 'exec';
    const told = await lacking(client, { watched: ['default'], own: 'meshbot', probing: ['default'], written });
    expect(told).toEqual([
      {
        message: 'The cluster does not know MeshChanges, HealthSchedules and MeshFreezes yet.',
        remedy: 'run: kubectl apply -f deploy/crd.yaml',
        needed: true,
      },
      {
        message:
          'May not patch, delete virtualservices.networking.istio.io in namespace default: ' +
          'changes cannot be planned or written.',
        remedy: 'grant them with the Roles of deploy/ (kubectl apply -k deploy)',
        needed: true,
      },
      {
        message: 'May not create, get pods/exec in namespace default: requests cannot be sent from pods.',
        remedy: 'apply deploy/exec.yaml there, or do without --from pod:…',
        needed: false,
      },
    ]);
  });

  it('include the kinds that a newer meshbot brought, and the one command that installs them', async () => {
    served = ['meshchanges'];
    expect(await lacking(client, { watched: ['default'], own: 'meshbot', probing: [], written })).toEqual([
      {
        message: 'The cluster does not know HealthSchedules and MeshFreezes yet.',
        remedy: 'run: kubectl apply -f deploy/crd.yaml',
        needed: true,
      },
    ]);
  });

  it('are asked for the whole cluster where all namespaces are watched, and the narrower way is named', async () => {
    allows = ({ resource }) => resource !== 'gateways';
    const [told] = await lacking(client, { watched: undefined, own: 'meshbot', probing: [], written });
    expect(asked.some(({ resource, namespace }) => resource === 'gateways' && namespace === undefined)).toBe(true);
    expect(asked.some(({ subresource }) => subresource === 'exec')).toBe(false);
    expect(told!.message).toContain('in all namespaces');
    expect(told!.remedy).toContain('list the namespaces to watch');
  });

  it('are more for kinds that some command writes, and reading alone for the others', () => {
    const verbs = (resource: string) => rightsFor(written).find(right => right.resource === resource)!.verbs;
    expect(verbs('virtualservices')).toContain('patch');
    expect(verbs('gateways')).toEqual(['list', 'watch']);
  });

  it('include no wildcard and nothing on secrets', () => {
    for (const { group, resource, verbs } of rightsFor(written)) {
      expect([group, resource, ...verbs].join(' ')).not.toMatch(/\*|secrets/);
    }
  });
});
