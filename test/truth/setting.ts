/** What the cases of a batch share: what sidecars know, and how the guarded pods are guarded. */
import type { MutualTls } from '../../src/istio/route/mutual-tls.ts';
import type { JsonObject, KubeObject } from '../../src/object.ts';
import { type Case, NAMESPACES, serviceHost } from './case.ts';
import type { Draw } from './random.ts';
import { CASE_HEADER, GUARD, object } from './surroundings.ts';

export interface Setting {
  /** What Sidecars do with hosts that they do not list. */
  mode: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  /** Of the guarded pods. */
  mtls: MutualTls;
  /** `plain-c` has a Sidecar too, that of its namespace. */
  narrow: boolean;
}

export const USUAL: Setting = { mode: 'ALLOW_ANY', mtls: 'PERMISSIVE', narrow: false };

export function drawSetting(draw: Draw): Setting {
  return {
    mode: draw.pick(['ALLOW_ANY', 'REGISTRY_ONLY']),
    mtls: draw.pick(['STRICT', 'PERMISSIVE', 'PERMISSIVE', 'DISABLE']),
    narrow: draw.often(50),
  };
}

export function settingObjects(cases: Case[], setting: Setting): KubeObject[] {
  const { a, c } = NAMESPACES;
  const scoped = sidecar('scoped', a, cases, setting, { workloadSelector: { labels: { role: 'scoped' } } });
  const narrow = setting.narrow ? [sidecar('narrow', c, cases, setting, {})] : [];
  return [scoped, ...narrow, ...guards(cases, setting.mtls)];
}

/** It knows what the cases say, and what tells how far the configuration is. */
function sidecar(name: string, namespace: string, cases: Case[], { mode }: Setting, more: JsonObject): KubeObject {
  const { a, c } = NAMESPACES;
  // A proxy that does not know where to send its spans refuses its listeners.
  const always = ['istio-system/*', `${a}/${serviceHost('marker', a)}`, `${c}/${serviceHost('guarded', c)}`];
  const hosts = [...new Set([...always, ...cases.flatMap(each => each.imports)])];
  const spec = { ...more, egress: [{ hosts }], outboundTrafficPolicy: { mode } };
  return object('networking.istio.io/v1', 'Sidecar', name, namespace, {}, { spec });
}

/** For the guarded pods: a batch's mutual TLS, and everything allowed to cases that allow nothing by themselves. */
function guards(cases: Case[], mtls: MutualTls): KubeObject[] {
  const selector = { matchLabels: { app: GUARD } };
  const made = (kind: string, name: string, spec: JsonObject) =>
    object('security.istio.io/v1', kind, name, NAMESPACES.c, {}, { spec: { selector, ...spec } });
  const when = (key: string, list: JsonObject) => [{ when: [{ key: `request.headers[${key}]`, ...list }] }];
  const allowing = cases
    .filter(each =>
      each.made.some(({ object: { kind, spec } }) => kind === 'AuthorizationPolicy' && spec?.action === 'ALLOW'),
    )
    .map(each => each.slot);
  return [
    made('PeerAuthentication', 'guard', { mtls: { mode: mtls } }),
    ...(allowing.length > 0
      ? [made('AuthorizationPolicy', 'others', { action: 'ALLOW', rules: when(CASE_HEADER, { notValues: allowing }) })]
      : []),
  ];
}
