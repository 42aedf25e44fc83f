/** Host names as Istio reads them. https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination */

/**
 * A short name means a Service in the namespace of the *resource* that mentions it, not of its client.
 * Names with a dot are taken as they are, `reviews.default` and `reviews.default.svc` too.
 */
export function fullHost(host: string, namespace: string, domain = 'cluster.local'): string {
  if (host.startsWith('*') || host === '') return host.toLowerCase();
  const labels = host.toLowerCase().split('.');
  if (labels.length === 1) return `${labels[0]}.${namespace}.svc.${domain}`;
  return labels.join('.');
}

/** `reviews.default.svc.cluster.local` → {name, namespace}; undefined for a host that is no Kubernetes Service. */
export function serviceOf(host: string, domain = 'cluster.local'): { name: string; namespace: string } | undefined {
  const suffix = `.svc.${domain}`;
  if (!host.endsWith(suffix)) return undefined;
  const labels = host.slice(0, -suffix.length).split('.');
  return labels.length === 2 ? { name: labels[0]!, namespace: labels[1]! } : undefined;
}

/** The shortest name that a reader in `namespace` understands: `reviews`, else `reviews.shop`, else the host. */
export function shortHost(host: string, namespace?: string): string {
  const service = serviceOf(host);
  if (!service) return host;
  return service.namespace === namespace ? service.name : `${service.name}.${service.namespace}`;
}

/** The host that a person means: `reviews` in their namespace, `reviews.shop`, `reviews.shop.svc`, or the whole of it. */
export function hostMeant(word: string, namespace: string, domain = 'cluster.local'): string {
  const labels = word.toLowerCase().split('.');
  const [name, of] = labels;
  if (labels.length === 1) return fullHost(word, namespace, domain);
  if (labels.length === 2 || (labels.length === 3 && labels[2] === 'svc')) return `${name}.${of}.svc.${domain}`;
  return labels.join('.');
}

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** A DNS-1123 label: what namespaces and Services are named. https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export function isLabel(text: string): boolean {
  return text.length <= 63 && LABEL.test(text);
}

/** A DNS-1123 subdomain, labels with dots between them: what most objects are named. */
export function isName(text: string): boolean {
  return text.length <= 253 && text.split('.').every(label => LABEL.test(label));
}
