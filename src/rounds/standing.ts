/** What is wrong with the mesh as it stands: every check over every object, and the pods behind the services. */
import { CHECKS } from '../istio/checks/index.ts';
import { fullHost, shortHost } from '../istio/hosts.ts';
import { isReady, type World } from '../istio/world.ts';
import { type KubeObject, refKey, refOf } from '../object.ts';
import type { Finding } from '../plan.ts';
import type { Write } from '../ports.ts';
import { inSlices, type Pause } from './slices.ts';

/** One thing that is wrong. */
export interface Problem {
  /** The same as long as it is the same thing, though routes before it come and go. */
  key: string;
  severity: 'error' | 'warning';
  /** One sentence. */
  says: string;
  /** `VirtualService/default/reviews spec.http[0]`. */
  path: string;
  fix?: string;
}

const CHECKED = ['VirtualService', 'DestinationRule', 'Gateway'] as const;
/** Pods that began so lately may still be starting. ms. */
const STARTING = 180_000;

/** `now`: epoch ms. `reader`: namespace whose services are called by their short names. */
export async function standing(world: World, reader: string, now: number, pause: Pause): Promise<Problem[]> {
  const objects = CHECKED.flatMap(kind => world.all(kind));
  const found = [
    ...(await inSlices(objects, pause, slice => checked(world, slice))),
    ...(await inSlices(world.all('Service'), pause, slice => slice.flatMap(each => behind(world, each, reader, now)))),
  ];
  const byKey = new Map(found.map(problem => [problem.key, problem]));
  return [...byKey.values()];
}

/** Errors first, then by what they are about. */
export function inOrder(problems: Problem[]): Problem[] {
  const rank = { error: 0, warning: 1 };
  return [...problems].sort((a, b) => rank[a.severity] - rank[b.severity] || a.path.localeCompare(b.path, 'en'));
}

/** As if these had just been written: so each check looks at all of them. */
function checked(world: World, objects: KubeObject[]): Problem[] {
  const writes = objects.map((after): Write => ({ ref: refOf(after), after }));
  const context = { before: world, after: world, writes };
  const findings = CHECKS.flatMap(check => (check.about === 'state' ? check.find(world, context) : []));
  return findings.flatMap(finding => {
    const { severity, path, message, fix, code } = finding;
    if (severity === 'info') return [];
    return [{ key: keyOf(code, finding), severity, says: message, path, ...(fix !== undefined && { fix }) }];
  });
}

function keyOf(code: string, { path, message }: Finding): string {
  return `${code} ${path.replace(/\[\d+\]/g, '[]')} ${message}`;
}

function behind(world: World, service: KubeObject, reader: string, now: number): Problem[] {
  const { name, namespace = '' } = service.metadata;
  const selector = (service.spec?.selector ?? {}) as Record<string, string>;
  if (namespace === 'kube-system' || service.spec?.type === 'ExternalName' || Object.keys(selector).length === 0)
    return [];
  const pods = world.pods(namespace, selector).filter(pod => !isOver(pod));
  const ready = pods.filter(isReady).length;
  const path = refKey(refOf(service));
  const host = shortHost(fullHost(name, namespace), reader);
  if (ready === 0) {
    const none = pods.length === 0;
    return [
      {
        key: `no-ready-pod ${path}`,
        severity: none ? 'warning' : 'error',
        says: `${none ? `${host} has no pods` : pods.length === 1 ? `The only pod of ${host} is not Ready` : `None of the ${pods.length} pods of ${host} is Ready`}: its requests get 503.`,
        path,
        fix: none ? 'Deploy it, or remove its Service.' : `kubectl -n ${namespace} get pods -l ${labelsOf(selector)}`,
      },
    ];
  }
  const waiting = pods.filter(pod => !isReady(pod) && !isStarting(pod, now)).length;
  if (waiting === 0) return [];
  return [
    {
      key: `pods-not-ready ${path}`,
      severity: 'warning',
      says: `${waiting} of the ${pods.length} pods of ${host} ${waiting === 1 ? 'is' : 'are'} not Ready.`,
      path,
      fix: `kubectl -n ${namespace} get pods -l ${labelsOf(selector)}`,
    },
  ];
}

function isOver(pod: KubeObject): boolean {
  return pod.status?.phase === 'Succeeded' || pod.metadata.deletionTimestamp !== undefined;
}

function isStarting(pod: KubeObject, now: number): boolean {
  const since = Date.parse(String(pod.status?.startTime ?? pod.metadata.creationTimestamp ?? ''));
  return now - since < STARTING;
}

function labelsOf(selector: Record<string, string>): string {
  return Object.entries(selector)
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
}
