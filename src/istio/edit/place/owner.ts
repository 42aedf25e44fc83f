/** Whether something else keeps an object as it is, and would undo or fight a change of it. */

import type { KubeObject } from '../../../object.ts';
import { refKey, refOf } from '../../../object.ts';
import type { Finding } from '../../../plan.ts';

interface Sign {
  owner: string;
  severity: Finding['severity'];
  fix: string;
  /** What shows it, or undefined. */
  seen(object: KubeObject): string | undefined;
}

const FLUX_KUSTOMIZE = 'kustomize.toolkit.fluxcd.io/';
const FLUX_HELM = 'helm.toolkit.fluxcd.io/';

/** The strongest sign first; one object is said to have one owner. */
const SIGNS: Sign[] = [
  {
    owner: 'Flagger',
    severity: 'error',
    fix: 'Let the Canary finish or change it there; pause or delete the Canary to shift by hand.',
    seen: object => ownerKind(object, 'Canary'),
  },
  {
    owner: 'Argo Rollouts',
    severity: 'error',
    fix: 'Change the weights by the Rollout (`kubectl argo rollouts promote`, `setWeight` steps).',
    seen: object =>
      either(object, 'argo-rollouts.argoproj.io/managed-by-rollouts') ?? manager(object, 'rollouts-controller'),
  },
  {
    owner: 'Argo CD',
    severity: 'error',
    fix: 'Make the change in the repository that the Application reads.',
    seen: object => either(object, 'argocd.argoproj.io/tracking-id') ?? manager(object, 'argocd-controller'),
  },
  {
    owner: 'Flux',
    severity: 'error',
    fix: `Make the change in the repository that Flux reads, or annotate the object \`${FLUX_KUSTOMIZE}reconcile: disabled\` for as long as it is changed by hand.`,
    seen: object =>
      isReleased(object)
        ? undefined
        : (under(object, FLUX_KUSTOMIZE) ?? under(object, FLUX_HELM) ?? manager(object, 'kustomize-controller')),
  },
  {
    owner: 'Helm',
    severity: 'error',
    fix: 'Make the change in the values of its Helm release.',
    seen: object => (isReleased(object) ? undefined : under(object, 'meta.helm.sh/')),
  },
  {
    owner: 'Kiali',
    severity: 'error',
    fix: 'Change it in Kiali, or take the label `kiali_wizard` off the object.',
    seen: object => either(object, 'kiali_wizard'),
  },
  {
    owner: 'its controller',
    severity: 'error',
    fix: 'Make the change in the object that owns it.',
    seen: controller,
  },
  {
    owner: 'an application of Argo CD or Helm',
    severity: 'warning',
    fix: 'Make sure that nothing writes it back.',
    seen: object => either(object, 'app.kubernetes.io/instance'),
  },
];

/** One finding, or none. https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources */
export function ownerOf(object: KubeObject): Finding[] {
  for (const { owner, severity, fix, seen } of SIGNS) {
    const sign = seen(object);
    if (sign === undefined) continue;
    const path = refKey(refOf(object));
    const verb = severity === 'error' ? 'is kept by' : 'may be kept by';
    const message = `${object.kind} ${object.metadata.name} ${verb} ${owner} (${sign}), which would write its own state back.`;
    return [{ code: 'foreign-owner', severity, path, message, fix }];
  }
  return [];
}

function ownerKind(object: KubeObject, kind: string): string | undefined {
  const owner = object.metadata.ownerReferences?.find(reference => reference.kind === kind);
  return owner && `owner ${kind} ${owner.name}`;
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/ */
function controller(object: KubeObject): string | undefined {
  const owner = object.metadata.ownerReferences?.find(reference => reference.controller === true);
  return owner && `owner ${owner.kind} ${owner.name}`;
}

function either(object: KubeObject, key: string): string | undefined {
  const value = object.metadata.annotations?.[key] ?? object.metadata.labels?.[key];
  return value === undefined ? undefined : `\`${key}: ${value}\``;
}

function under(object: KubeObject, lead: string): string | undefined {
  const all = { ...object.metadata.labels, ...object.metadata.annotations };
  const key = Object.keys(all).find(name => name.startsWith(lead));
  return key === undefined ? undefined : `\`${key}: ${all[key]}\``;
}

function manager(object: KubeObject, name: string): string | undefined {
  return object.metadata.managedFields?.some(entry => entry.manager === name) ? `managed by ${name}` : undefined;
}

/** Flux was told to leave this very object alone. */
function isReleased(object: KubeObject): boolean {
  const { annotations, labels } = object.metadata;
  const says = (key: string) => annotations?.[key] ?? labels?.[key];
  return says(`${FLUX_KUSTOMIZE}reconcile`) === 'disabled' || says(`${FLUX_HELM}driftDetection`) === 'disabled';
}
