/** Builds what is missing of the lab's programs. With nothing missing it only looks. */
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { at, program } from '../places.ts';
import { fetchEnvoy, fetchZipkin, hasEnvoy, hasZipkin, installPackages, missingPackages } from './downloads.ts';
import { buildGo, type GoPrograms, isBuilt, sourceOf } from './go.ts';
import { imagesAreMade, makeImages } from './images.ts';
import { COREDNS, ISTIO, JAEGER, KUBERNETES } from './programs.ts';

interface Step {
  name: string;
  isDone(): boolean;
  make(): Promise<void>;
}

const go = (programs: GoPrograms): Step => ({
  name: programs.name,
  isDone: () => isBuilt(programs),
  make: () => buildGo(programs),
});

/** Each needs those before it. */
const STEPS: Step[] = [
  {
    name: 'packages',
    isDone: () => missingPackages().length === 0,
    make: () => installPackages(missingPackages()),
  },
  ...[KUBERNETES, ISTIO, COREDNS, JAEGER].map(go),
  { name: 'Istio’s manifests', isDone: () => existsSync(at('samples', 'bookinfo')), make: linkManifests },
  { name: 'envoy', isDone: hasEnvoy, make: fetchEnvoy },
  { name: 'zipkin', isDone: hasZipkin, make: fetchZipkin },
  { name: 'images', isDone: imagesAreMade, make: makeImages },
];

/** Tells each step as it begins, and how long it took. */
export async function build(tell: (line: string) => void): Promise<void> {
  mkdirSync(at('bin'), { recursive: true });
  mkdirSync(at('src'), { recursive: true });
  for (const step of STEPS) {
    if (step.isDone()) continue;
    tell(`building ${step.name} …`);
    const start = performance.now();
    await step.make();
    tell(`  ${step.name}: ${Math.round((performance.now() - start) / 1000)} s`);
  }
}

/** Istio's samples, Gateway API's definitions and the proxy's bootstrap lie in the sources that `go` keeps. */
async function linkManifests(): Promise<void> {
  const istio = await sourceOf('istio', 'istio.io/istio');
  const gatewayApi = await sourceOf('istio', 'sigs.k8s.io/gateway-api');
  copyFileSync(`${istio}/tools/packaging/common/envoy_bootstrap.json`, program('envoy_bootstrap.json'));
  link(`${gatewayApi}/config/crd/standard`, at('gateway-api'));
  link(`${istio}/samples`, at('samples'));
}

function link(target: string, path: string): void {
  rmSync(path, { force: true });
  symlinkSync(target, path);
}
