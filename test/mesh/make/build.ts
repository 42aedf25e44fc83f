/** Builds what is missing of the lab's programs. With nothing missing it only looks. */
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { at, program } from '../places.ts';
import { fetchEnvoy, fetchZipkin, hasEnvoy, hasZipkin, installPackages, missingPackages } from './downloads.ts';
import { buildGo, isBuilt, resolveGo, sourceOf } from './go.ts';
import { imagesAreMade, makeImages } from './images.ts';
import { COREDNS, ISTIO, JAEGER, KUBERNETES } from './programs.ts';

interface Step {
  name: string;
  isDone(): boolean;
  make(): Promise<void>;
}

const PACKAGES: Step = {
  name: 'packages',
  isDone: () => missingPackages().length === 0,
  make: () => installPackages(missingPackages()),
};
const GO = [KUBERNETES, ISTIO, COREDNS, JAEGER];
/** Most of this is waiting for the network. */
const MODULES: Step = {
  name: 'Go’s modules',
  isDone: () => GO.every(isBuilt),
  make: () => allDone(GO.filter(each => !isBuilt(each)).map(resolveGo)),
};
/** One after the other: each takes all processors, and memory for hundreds of packages. */
const PROGRAMS: Step[] = [
  ...GO.map(each => ({ name: each.name, isDone: () => isBuilt(each), make: () => buildGo(each) })),
  { name: 'Istio’s manifests', isDone: () => existsSync(at('samples', 'bookinfo')), make: linkManifests },
];
const DOWNLOADS: Step[] = [
  { name: 'envoy', isDone: hasEnvoy, make: fetchEnvoy },
  { name: 'zipkin', isDone: hasZipkin, make: fetchZipkin },
];
const IMAGES: Step = { name: 'images', isDone: imagesAreMade, make: makeImages };

/** Tells each step as it begins, and how long it took. */
export async function build(tell: (line: string) => void): Promise<void> {
  mkdirSync(at('bin'), { recursive: true });
  mkdirSync(at('src'), { recursive: true });
  let hasFailed = false;
  const inTurn = async (steps: Step[]) => {
    try {
      for (const step of steps) if (!hasFailed) await made(step, tell);
    } catch (cause) {
      hasFailed = true;
      throw cause;
    }
  };
  await made(PACKAGES, tell);
  await allDone([inTurn([MODULES, ...PROGRAMS]), inTurn(DOWNLOADS)]);
  await made(IMAGES, tell);
}

/** Throws what the first failed with, once all have ended: no program goes on behind the back of the next build. */
async function allDone(works: Promise<void>[]): Promise<void> {
  for (const done of await Promise.allSettled(works)) if (done.status === 'rejected') throw done.reason;
}

async function made({ name, isDone, make }: Step, tell: (line: string) => void): Promise<void> {
  if (isDone()) return;
  tell(`building ${name} …`);
  const start = performance.now();
  await make();
  tell(`  ${name}: ${Math.round((performance.now() - start) / 1000)} s`);
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
