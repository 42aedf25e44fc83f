/** Builds programs out of Go modules, by name and version, in a workspace of their own. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { at, program } from '../places.ts';
import { run } from '../shell.ts';
import { GO } from '../versions.ts';

export interface GoPrograms {
  /** Of the workspace. */
  name: string;
  module: string;
  version: string;
  /** Program → package of the module. */
  programs: Record<string, string>;
  /** What stands in for modules that cannot be had as they are required: path → `path version`. */
  replace?: () => Promise<Record<string, string>>;
  /** Go variables that carry the version. */
  variables?: Record<string, string>;
}

const ENV = { CGO_ENABLED: '0', GOFLAGS: '-mod=mod' };

const workspaceOf = (name: string) => at('src', name);

export const isBuilt = ({ programs }: GoPrograms) => Object.keys(programs).every(name => existsSync(program(name)));

/** Finds and fetches the modules that the programs need: time of the network, where `buildGo` is time of processors. */
export async function resolveGo(wanted: GoPrograms): Promise<void> {
  const folder = workspaceOf(wanted.name);
  mkdirSync(folder, { recursive: true });
  const all = Object.values(wanted.programs).map(path => `tool ${packageOf(wanted, path)}`);
  const replaced = Object.entries((await wanted.replace?.()) ?? {});
  writeFileSync(
    `${folder}/go.mod`,
    [
      `module meshbot.dev/mesh/${wanted.name}`,
      `go ${GO.major}.${GO.minor}.0`,
      ...all,
      `require ${wanted.module} ${wanted.version}`,
      ...replaced.map(([from, to]) => `replace ${from} => ${to}`),
      '',
    ].join('\n'),
  );
  await run('go', ['mod', 'tidy'], { cwd: folder, env: ENV });
}

/** After `resolveGo`. */
export async function buildGo(wanted: GoPrograms): Promise<void> {
  const folder = workspaceOf(wanted.name);
  const packages = Object.entries(wanted.programs)
    .filter(([name]) => !existsSync(program(name)))
    .map(([name, path]) => ({ name, path: packageOf(wanted, path) }));
  const variables = Object.entries(wanted.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  const out = `${folder}/out/`;
  await run(
    'go',
    ['build', '-trimpath', `-ldflags=${['-s', '-w', ...variables].join(' ')}`, '-o', out, ...packages.map(p => p.path)],
    { cwd: folder, env: ENV },
  );
  // Only a program that was built to its end is in bin/.
  for (const { name, path } of packages) renameSync(`${out}${path.split('/').at(-1)}`, program(name));
}

function packageOf({ module }: GoPrograms, path: string): string {
  return path === '' ? module : `${module}/${path}`;
}

/** Folder of a module's source, as `go` keeps it. */
export async function sourceOf(workspace: string, module: string): Promise<string> {
  const folder = await run('go', ['list', '-m', '-f', '{{.Dir}}', module], { cwd: workspaceOf(workspace), env: ENV });
  return folder.trim();
}

/** The go.mod of a module of that version: what it replaces. */
export async function replacedBy(module: string, version: string): Promise<string[]> {
  const downloaded = JSON.parse(await run('go', ['mod', 'download', '-json', `${module}@${version}`])) as {
    GoMod: string;
  };
  const { Replace } = JSON.parse(await run('go', ['mod', 'edit', '-json', downloaded.GoMod])) as {
    Replace: { Old: { Path: string } }[] | null;
  };
  return (Replace ?? []).map(({ Old }) => Old.Path);
}
