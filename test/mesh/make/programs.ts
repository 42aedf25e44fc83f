/** The programs of Kubernetes, Istio and those beside them that are built from Go modules. */
import { VERSIONS } from '../versions.ts';
import { type GoPrograms, replacedBy } from './go.ts';

const [, minor, patch] = VERSIONS.kubernetes.slice(1).split('.');
const VERSION = 'k8s.io/component-base/version';

export const KUBERNETES: GoPrograms = {
  name: 'kubernetes',
  module: 'k8s.io/kubernetes',
  version: VERSIONS.kubernetes,
  programs: Object.fromEntries(
    ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy', 'kubelet', 'kubectl'].map(name => [
      name,
      `cmd/${name}`,
    ]),
  ),
  // In its own tree they are folders; published, they have the same version with another major number.
  async replace() {
    const staged = await replacedBy('k8s.io/kubernetes', VERSIONS.kubernetes);
    return Object.fromEntries(staged.map(path => [path, `${path} v0.${minor}.${patch}`]));
  },
  // Else the server calls itself v0.0.0-master, which clients refuse to parse.
  variables: {
    [`${VERSION}.gitVersion`]: VERSIONS.kubernetes,
    [`${VERSION}.gitMajor`]: '1',
    [`${VERSION}.gitMinor`]: minor!,
  },
};

export const ISTIO: GoPrograms = {
  name: 'istio',
  module: 'istio.io/istio',
  version: VERSIONS.istio,
  programs: {
    'pilot-discovery': 'pilot/cmd/pilot-discovery',
    'pilot-agent': 'pilot/cmd/pilot-agent',
    istioctl: 'istioctl/cmd/istioctl',
  },
  // It requires commits that were never published; these releases are the nearest.
  replace: async () => ({
    'istio.io/api': 'istio.io/api v1.31.1',
    'istio.io/client-go': 'istio.io/client-go v1.31.1',
    'github.com/envoyproxy/go-control-plane/envoy': 'github.com/envoyproxy/go-control-plane/envoy v1.39.0',
    'github.com/envoyproxy/go-control-plane/contrib':
      'github.com/envoyproxy/go-control-plane/contrib v1.36.1-0.20260729145720-a2d8c7492908',
  }),
};

export const COREDNS: GoPrograms = {
  name: 'coredns',
  module: 'github.com/coredns/coredns',
  version: VERSIONS.coredns,
  programs: { coredns: '' },
};

export const JAEGER: GoPrograms = {
  name: 'jaeger',
  module: 'github.com/jaegertracing/jaeger',
  version: VERSIONS.jaeger,
  programs: { jaeger: 'cmd/all-in-one' },
};
