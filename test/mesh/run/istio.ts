/** Istio by `istioctl install`, as the manifest beside says. */
import { readFileSync } from 'node:fs';
import { HUB, TAG } from '../make/images.ts';
import { at } from '../places.ts';
import { kubectl, runInside } from '../shell.ts';

const MANIFESTS = new URL('../manifests/', import.meta.url);
const LATEST = { pattern: /\$\{(\w+)\}/g };

/** A manifest of ours, with `${HUB}` and `${TAG}` filled in. */
export function manifest(name: string): string {
  const values: Record<string, string> = { HUB, TAG };
  return readFileSync(new URL(name, MANIFESTS), 'utf8').replace(LATEST.pattern, (whole, key) => values[key] ?? whole);
}

/** The cluster's names have to be resolved by then: the API server calls the webhooks by theirs. */
export async function installIstio(): Promise<void> {
  await kubectl('apply', '--server-side', '-f', `${at('gateway-api')}/`);
  await runInside('istioctl', ['install', '-y', '-f', '-'], { input: manifest('istio.yaml') });
}
