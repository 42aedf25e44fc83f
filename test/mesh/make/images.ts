/** The images of the lab's pods, made of local files: Istio's, CoreDNS, curl, and the shop of the local world. */
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { at, PROJECT, program } from '../places.ts';
import { VERSIONS } from '../versions.ts';
import { type Image, writeArchive } from './archive.ts';
import { makeBase } from './base.ts';

export const IMAGES = at('images.tar');
const STAMP = at('images.sha256');

/** `hub` and `tag` of Istio's installation; nothing is ever pulled. */
export const HUB = 'localhost/meshbot-mesh';
export const TAG = '1';

/** The shop's programs are those of the local world, behind a real HTTP server. */
const SHOP = ['src/sandbox/mesh/apps', 'src/sandbox/mesh/proxy/messages.ts', 'test/mesh/shop'];

/** What changes when the images have to be made anew. */
export function imagesDigest(): string {
  const hash = createHash('sha256').update(JSON.stringify(VERSIONS));
  const made = ['images.ts', 'base.ts'].map(name => `test/mesh/make/${name}`);
  for (const file of [...SHOP.flatMap(filesOf), ...made]) {
    hash.update(file).update(readFileSync(join(PROJECT, file)));
  }
  return hash.digest('hex');
}

export function imagesAreMade(): boolean {
  return existsSync(IMAGES) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === imagesDigest();
}

export async function makeImages(): Promise<void> {
  const base = at('layers', 'base');
  await makeBase(base, [program('envoy'), program('pilot-agent'), program('pilot-discovery'), process.execPath]);
  const proxy = layer('proxy', {
    '/usr/local/bin/pilot-agent': program('pilot-agent'),
    '/usr/local/bin/envoy': program('envoy'),
    '/var/lib/istio/envoy/envoy_bootstrap_tmpl.json': program('envoy_bootstrap.json'),
  });
  const pilot = layer('pilot', { '/usr/local/bin/pilot-discovery': program('pilot-discovery') });
  const dns = layer('coredns', { '/coredns': program('coredns') });
  const shop = layer('shop', {
    '/usr/local/bin/node': process.execPath,
    '/app/package.json': join(PROJECT, 'package.json'),
    ...Object.fromEntries(SHOP.map(path => [`/app/${path}`, join(PROJECT, path)])),
  });
  const idle = ['/bin/sleep', 'infinity'];
  await writeArchive(IMAGES, [
    { name: `${HUB}/pause:${TAG}`, entrypoint: idle, layers: [base] },
    // Istio's pods refuse to run as root.
    { name: `${HUB}/proxyv2:${TAG}`, entrypoint: ['/usr/local/bin/pilot-agent'], user: 1337, layers: [base, proxy] },
    { name: `${HUB}/pilot:${TAG}`, entrypoint: ['/usr/local/bin/pilot-discovery'], user: 1337, layers: [base, pilot] },
    { name: `${HUB}/coredns:${TAG}`, entrypoint: ['/coredns'], layers: [dns] },
    ...imagesIn('curl/curl.yaml').map(name => ({ name, entrypoint: idle, layers: [base] })),
    ...imagesIn('bookinfo/platform/kube/bookinfo.yaml').map(name => ({
      name,
      entrypoint: ['/usr/local/bin/node', '/app/test/mesh/shop/serve.ts', ...appOf(name)],
      layers: [base, shop],
    })),
  ] satisfies Image[]);
  writeFileSync(STAMP, imagesDigest());
}

/** A folder with these files: path in the image → where it is. */
function layer(name: string, files: Record<string, string>): string {
  const folder = at('layers', name);
  rmSync(folder, { recursive: true, force: true });
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    cpSync(source, join(folder, path), { recursive: true, dereference: true });
    chmodSync(join(folder, path), 0o755);
  }
  return folder;
}

/** Images that one of Istio's samples asks for: ours get their names, so that the sample runs as it is. */
function imagesIn(sample: string): string[] {
  const text = readFileSync(at('samples', sample), 'utf8');
  return [...new Set([...text.matchAll(/^\s*image: (\S+)$/gm)].map(match => match[1]!))];
}

/** `…/examples-bookinfo-reviews-v1:1.20.3` → reviews, v1 */
function appOf(image: string): string[] {
  const found = /bookinfo-([a-z]+)-(v\d+):/.exec(image);
  if (!found) throw new Error(`${image} is no image of Bookinfo that is known`);
  return [found[1]!, found[2]!];
}

function filesOf(path: string): string[] {
  const full = join(PROJECT, path);
  if (path.endsWith('.ts')) return [path];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(path, entry.parentPath.slice(full.length), entry.name))
    .sort();
}
