/** A docker archive of several images that share layers, as containerd imports it. */
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from '../shell.ts';

export interface Image {
  name: string;
  entrypoint: string[];
  /** Absent: root. */
  user?: number;
  /** Folders, each a root file system laid over the one before it. */
  layers: string[];
}

/** Go's names of architectures. */
const ARCHITECTURES: Record<string, string> = { x64: 'amd64', arm64: 'arm64' };

/** The same folders give the same bytes. */
export async function writeArchive(file: string, images: Image[]): Promise<void> {
  const work = `${file}.work`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const digests = new Map<string, string>();
  for (const folder of new Set(images.flatMap(({ layers }) => layers)))
    digests.set(folder, await layerOf(folder, work));
  const manifest = images.map(image => {
    const layers = image.layers.map(folder => digests.get(folder)!);
    const config = JSON.stringify({
      architecture: ARCHITECTURES[process.arch] ?? process.arch,
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: layers.map(digest => `sha256:${digest}`) },
      config: {
        Entrypoint: image.entrypoint,
        User: image.user === undefined ? '' : String(image.user),
        WorkingDir: '/',
        Env: ['PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      },
    });
    const name = `${createHash('sha256').update(config).digest('hex')}.json`;
    writeFileSync(join(work, name), config);
    return { Config: name, RepoTags: [image.name], Layers: layers.map(digest => `${digest}.tar`) };
  });
  writeFileSync(join(work, 'manifest.json'), JSON.stringify(manifest));
  await run('tar', ['-cf', `${file}.new`, '-C', work, '.']);
  rmSync(work, { recursive: true });
  renameSync(`${file}.new`, file);
}

/** Writes the folder as `<digest>.tar` and answers the digest. */
async function layerOf(folder: string, work: string): Promise<string> {
  const file = join(work, 'layer');
  const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  await run('tar', ['-cf', file, ...same, '-C', folder, '.']);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const digest = hash.digest('hex');
  renameSync(file, join(work, `${digest}.tar`));
  return digest;
}
