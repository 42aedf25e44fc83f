/** Which verbs on which resources meshbot uses. deploy/ grants exactly these; at start the API server is asked for each. */
import { WATCHED } from '../istio/world.ts';
import type { KubeClient } from './client.ts';
import { unserved } from './discovery.ts';
import { groupOf, HEALTH_SCHEDULES, MESH_CHANGES, MESH_FREEZES, OWN } from './paths.ts';
import { crdMissing } from './records.ts';

export interface Right {
  /** '' is the core group. */
  group: string;
  /** Plural; with a subresource: 'pods/exec'. */
  resource: string;
  verbs: readonly string[];
  /** In every watched namespace, in the one where meshbot's own records live, or in those where pods send probes. */
  where: 'watched' | 'own' | 'probing';
  /** What cannot be done without it. */
  lost: string;
}

/** `written`: the kinds that the commands write. */
export function rightsFor(written: readonly string[]): Right[] {
  const watched = WATCHED.map(({ apiVersion, kind, resource }): Right => {
    const isWritten = written.includes(kind);
    return {
      group: groupOf(apiVersion),
      resource,
      verbs: isWritten ? ['get', 'list', 'watch', 'create', 'patch', 'delete'] : ['list', 'watch'],
      where: 'watched',
      lost: isWritten ? 'changes cannot be planned or written' : 'routes cannot be worked out',
    };
  });
  return [...watched, ...OWN_RIGHTS];
}

const OWN_RIGHTS: readonly Right[] = [
  {
    group: groupOf(MESH_CHANGES.apiVersion),
    resource: MESH_CHANGES.resource,
    verbs: ['get', 'list', 'watch', 'create', 'delete'],
    where: 'own',
    lost: 'commands cannot be recorded',
  },
  {
    group: groupOf(MESH_CHANGES.apiVersion),
    resource: `${MESH_CHANGES.resource}/status`,
    verbs: ['patch'],
    where: 'own',
    lost: 'changes cannot move on',
  },
  {
    group: groupOf(HEALTH_SCHEDULES.apiVersion),
    resource: HEALTH_SCHEDULES.resource,
    verbs: ['get', 'list', 'watch', 'create', 'delete'],
    where: 'own',
    lost: 'health posts cannot be scheduled',
  },
  {
    group: groupOf(HEALTH_SCHEDULES.apiVersion),
    resource: `${HEALTH_SCHEDULES.resource}/status`,
    verbs: ['patch'],
    where: 'own',
    lost: 'health posts cannot be sent once each',
  },
  {
    group: groupOf(MESH_FREEZES.apiVersion),
    resource: MESH_FREEZES.resource,
    verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
    where: 'own',
    lost: 'nobody can say what shall not be changed',
  },
  {
    group: groupOf(MESH_FREEZES.apiVersion),
    resource: `${MESH_FREEZES.resource}/status`,
    verbs: ['patch'],
    where: 'own',
    lost: 'the end of a freeze cannot be told',
  },
  {
    group: '',
    resource: 'pods/exec',
    // A WebSocket begins as a GET; newer API servers ask for `create` all the same.
    verbs: ['create', 'get'],
    where: 'probing',
    lost: 'requests cannot be sent from pods',
  },
  {
    group: '',
    resource: 'pods/portforward',
    verbs: ['create', 'get'],
    where: 'probing',
    lost: 'which proxies hold a new route takes longer to know, or cannot be known',
  },
];

export interface Needs {
  /** Kinds that the commands write. */
  written: readonly string[];
  /** undefined: all. */
  watched: string[] | undefined;
  own: string;
  /** Namespaces in which pods may send probes; empty: none. undefined: all. */
  probing: string[] | undefined;
}

/** A right that the account lacks in one place, or a thing that is not installed. */
export interface Lacking {
  /** One sentence on what is missing and what that means. */
  message: string;
  /** What to do about it. */
  remedy: string;
  /** Whether meshbot is of no use without it. Probes from pods may be left out. */
  needed: boolean;
}

/** Asks for everything at once and answers all that is missing. Throws ClusterError where the API server cannot be asked. */
export async function lacking(client: KubeClient, needs: Needs): Promise<Lacking[]> {
  const asked = rightsFor(needs.written).flatMap(right =>
    inPlaces(right, needs).map(namespace => ({ right, namespace })),
  );
  const [unknown, refusals] = await Promise.all([
    unserved(client, OWN),
    Promise.all(
      asked.map(async ({ right, namespace }) => {
        const allowed = await Promise.all(right.verbs.map(verb => isAllowed(client, right, verb, namespace)));
        const verbs = right.verbs.filter((_, index) => !allowed[index]);
        return verbs.length > 0 ? [refused(right, verbs, namespace)] : [];
      }),
    ),
  ]);
  return [...(unknown.length === 0 ? [] : [notInstalled(unknown.map(({ kind }) => kind))]), ...refusals.flat()];
}

function inPlaces(right: Right, places: Needs): (string | undefined)[] {
  if (right.where === 'own') return [places.own];
  const listed = right.where === 'watched' ? places.watched : places.probing;
  return listed === undefined ? [undefined] : [...new Set(listed)];
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access */
async function isAllowed(
  client: KubeClient,
  right: Right,
  verb: string,
  namespace: string | undefined,
): Promise<boolean> {
  const [resource, subresource] = right.resource.split('/');
  const { group } = right;
  const resourceAttributes = { namespace, verb, group, resource, subresource };
  const { body } = await client.call({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } },
    subject: 'the question for own rights',
  });
  return (body as { status?: { allowed?: boolean } }).status?.allowed === true;
}

function refused(right: Right, verbs: string[], namespace: string | undefined): Lacking {
  const full = right.group === '' ? right.resource : `${right.resource}.${right.group}`;
  const where = namespace === undefined ? 'in all namespaces' : `in namespace ${namespace}`;
  const narrower =
    namespace === undefined ? ', or list the namespaces to watch under `cluster: watch:` in meshbot.yaml' : '';
  const remedy =
    right.where === 'probing'
      ? `apply deploy/exec.yaml there, or do without${right.resource === 'pods/exec' ? ' --from pod:…' : ''}`
      : `grant them with the Roles of deploy/ (kubectl apply -k deploy)${narrower}`;
  return {
    message: `May not ${verbs.join(', ')} ${full} ${where}: ${right.lost}.`,
    remedy,
    needed: right.where !== 'probing',
  };
}

function notInstalled(kinds: string[]): Lacking {
  const [message, remedy] = crdMissing(kinds).message.split(': run: ') as [string, string];
  return { message: `${message}.`, remedy: `run: ${remedy}`, needed: true };
}
