/** The write that makes subsets exist: added to the DestinationRule in force, or a new rule where there is none. */
import type { JsonObject, KubeObject } from '../../../object.ts';
import { refKey, refOf } from '../../../object.ts';
import type { Write } from '../../../ports.ts';
import type { Phrase } from '../../../view.ts';
import { fullHost } from '../../hosts.ts';
import type { World } from '../../world.ts';
import { stringOf } from '../read.ts';
import type { Manifests } from '../writes.ts';
import { changed, created, freeName } from '../writes.ts';
import type { Needed, Service } from './service.ts';

export function planSubsets(
  world: World,
  templates: Manifests,
  service: Service,
  needs: Needed[],
): { write?: Write; notes: Phrase[] } {
  const missing = needs.filter(need => need.isNew);
  if (missing.length === 0) return { notes: [] };
  const subsets = missing.map(({ name, labels }): JsonObject => ({ name, labels }));
  const names = missing.map(({ name }) => name).join(', ');
  const rule = service.rules[0];
  if (rule && hostOf(rule) === service.fqdn) {
    const listed = Array.isArray(rule.spec?.subsets) ? rule.spec.subsets : [];
    const write = changed(rule, { ...rule.spec, subsets: [...listed, ...subsets] });
    return { write, notes: [[{ code: refKey(refOf(rule)) }, ` gets ${plural(missing.length)} ${names}.`]] };
  }
  const object = templates.fill('destination-rule', {
    name: freeName(world, 'DestinationRule', service.namespace, service.name),
    namespace: service.namespace,
    host: service.name,
    subsets,
  });
  return { write: created(rule ? over(object, rule) : object), notes: inherited(rule) };
}

/** A rule for the very host replaces a wildcard's whole: what that one says is taken over. */
function over(object: KubeObject, wildcard: KubeObject): KubeObject {
  const own = Array.isArray(object.spec?.subsets) ? object.spec.subsets : [];
  const theirs = Array.isArray(wildcard.spec?.subsets) ? wildcard.spec.subsets : [];
  const spec: JsonObject = { ...structuredClone(wildcard.spec), ...object.spec, subsets: [...theirs, ...own] };
  return { ...object, spec };
}

function inherited(wildcard: KubeObject | undefined): Phrase[] {
  if (!wildcard) return [];
  return [
    ['The new rule takes over what ', { code: refKey(refOf(wildcard)) }, ' says, which it replaces for this host.'],
  ];
}

function hostOf(rule: KubeObject): string {
  return fullHost(stringOf(rule.spec?.host) ?? '', rule.metadata.namespace ?? '');
}

function plural(count: number): string {
  return count === 1 ? 'the subset' : 'the subsets';
}
