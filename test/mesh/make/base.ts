/** The file system that the lab's images begin with: a few programs of this machine, with the libraries they load. */
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathOf } from '../can-run.ts';
import { run } from '../shell.ts';

/** What the samples start, what people look around with, and curl, which asks from inside. */
const PROGRAMS = ['sh', 'sleep', 'cat', 'ls', 'env', 'id', 'ip', 'curl'];
/** Istio's init container turns a pod's traffic to its proxy with the kind of tables that the machine has. */
const TABLES = ['iptables', 'ip6tables'].flatMap(tables =>
  ['', '-nft', '-legacy'].flatMap(kind => ['', '-save', '-restore'].map(end => tables + kind + end)),
);
/** glibc before 2.34 loads these by name, and without them resolves no names. */
const RESOLVERS = ['libnss_dns.so.2', 'libnss_files.so.2'];
/** Read while a program runs: whom curl trusts. */
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const EMPTY = ['tmp', 'run', 'proc', 'sys', 'dev', 'etc', 'var/lib'];

/** `others`: programs of layers above; what these load is in the base too. Throws when the machine lacks a program. */
export async function makeBase(folder: string, others: string[]): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  for (const path of EMPTY) mkdirSync(join(folder, path), { recursive: true });
  const missing = PROGRAMS.filter(name => pathOf(name) === undefined);
  if (missing.length > 0) throw new Error(`The lab's images need ${missing.join(' and ')} of this machine.`);
  const programs = [...PROGRAMS, ...TABLES].flatMap(name => {
    const path = pathOf(name);
    return path === undefined ? [] : [{ name, path }];
  });
  // One file has several names, and does what it is called by: each gets a copy.
  for (const { name, path } of programs) put(path, join(folder, 'bin', name));
  const loaded = await Promise.all([...programs.map(({ path }) => path), ...others].map(librariesOf));
  const libraries = new Set(loaded.flat());
  const beside = [...libraries]
    .filter(path => basename(path) === 'libc.so.6')
    .flatMap(libc => RESOLVERS.map(name => join(dirname(libc), name)))
    .filter(path => existsSync(path));
  for (const library of [...libraries, ...beside]) put(library, join(folder, library));
  for (const extensions of ['x86_64', 'aarch64'].map(cpu => `/usr/lib/${cpu}-linux-gnu/xtables`)) {
    if (existsSync(extensions)) put(extensions, join(folder, extensions));
  }
  if (existsSync(CERTIFICATES)) put(CERTIFICATES, join(folder, CERTIFICATES));
}

function put(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  cpSync(source, target, { recursive: true, dereference: true });
}

/** Paths of the shared libraries and of their loader; none of a program that is one file. ldd(1). */
async function librariesOf(program: string): Promise<string[]> {
  const told = await run('ldd', [program]).catch(() => '');
  const [lost] = /\S+ => not found/.exec(told) ?? [];
  if (lost !== undefined) throw new Error(`${program} lacks a library on this machine: ${lost}`);
  return [...told.matchAll(/(?:^|\s)(\/\S+) \(0x/g)].map(match => match[1]!);
}
