/** Which Gateway a person means: `shop` in their own namespace, else wherever it is alone, or `namespace/shop`. */
import { type KubeObject, refKey, refOf } from '../../../object.ts';
import { gatewaysOf } from '../../route/mesh.ts';
import type { World } from '../../world.ts';
import { type Choose, type Refused, refuse } from '../outcome.ts';

/** `namespace`: that of whoever asks. `argument`: of the command, for the answer to a question. */
export function gatewayMeant(
  world: World,
  word: string,
  namespace: string,
  argument = 'name',
): { kind: 'gateway'; gateway: KubeObject } | Choose | Refused {
  const all = world.all('Gateway');
  const named = word.includes('/') ? all.filter(gateway => nameOf(gateway) === word) : withName(all, word, namespace);
  const [gateway, ...others] = named;
  if (!gateway) {
    const names = all.map(each => nameOf(each, namespace)).sort();
    return refuse(
      'gateway-missing',
      `Gateway ${word}`,
      `There is no Gateway ${word}.`,
      names.length > 0 && names.length <= 12 ? `There are: ${names.join(', ')}.` : 'Check its name and namespace.',
    );
  }
  if (others.length === 0) return { kind: 'gateway', gateway };
  return {
    kind: 'choose',
    argument,
    question: [`More than one Gateway is called ${word}. Which one is meant?`],
    choices: named.map(each => ({ value: nameOf(each), label: nameOf(each) })),
  };
}

/** `name.namespace` is how VirtualServices of old name one. */
function withName(all: KubeObject[], word: string, namespace: string): KubeObject[] {
  const own = all.filter(({ metadata }) => metadata.name === word && metadata.namespace === namespace);
  if (own.length > 0) return own;
  const anywhere = all.filter(({ metadata }) => metadata.name === word);
  return anywhere.length > 0
    ? anywhere
    : all.filter(({ metadata }) => `${metadata.name}.${metadata.namespace}` === word);
}

/** `istio-system/shop`; `shop` for a reader of its own namespace. */
export function nameOf({ metadata }: KubeObject, reader?: string): string {
  return metadata.namespace === reader ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

/** VirtualServices that are bound to it by name, in the order of their names. */
export function boundTo(world: World, gateway: KubeObject): KubeObject[] {
  const name = nameOf(gateway);
  return world
    .all('VirtualService')
    .filter(each => gatewaysOf(each).includes(name))
    .sort((a, b) => (refKey(refOf(a)) < refKey(refOf(b)) ? -1 : 1));
}
