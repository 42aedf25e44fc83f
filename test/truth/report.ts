/** Keeps what disagreed, to be looked at and shrunk. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import type { Differing } from './admission.ts';
import type { Round, Verdict } from './lab/batch.ts';

export function written(folder: string, number: number, { verdicts, stale, refused }: Round): void {
  mkdirSync(folder, { recursive: true });
  told(folder, `batch-${number}`, verdicts);
  told(folder, `batch-${number}-old`, stale);
  if (refused.length === 0) return;
  const text = dump(
    refused.map(({ object, why }) => ({ why, kind: object.kind, name: object.metadata.name, spec: object.spec })),
    { noRefs: true, lineWidth: 160 },
  );
  writeFileSync(join(folder, `batch-${number}-refused.yaml`), text);
}

function told(folder: string, name: string, verdicts: Verdict[]): void {
  verdicts.forEach(({ found, probe, expected, seen, said }, index) => {
    if (said.length === 0) return;
    const objects = found.made.map(({ object: { apiVersion, kind, metadata, spec }, young }) => ({
      apiVersion,
      kind,
      metadata: { name: metadata.name, namespace: metadata.namespace },
      young,
      spec,
    }));
    const text = dump(
      { said, probe, expected, seen: seen.slice(0, 4), imports: found.imports, objects },
      { noRefs: true, lineWidth: 160 },
    );
    writeFileSync(join(folder, `${name}-${index}.yaml`), text);
  });
}

/** What the real API server and the local one judged differently. */
export function writtenApart(folder: string, number: number, differing: Differing[]): void {
  if (differing.length === 0) return;
  const rows = differing.map(({ object, real, local }) => ({
    real: real ?? 'taken',
    local: local ?? 'taken',
    kind: object.kind,
    spec: object.spec,
  }));
  writeFileSync(join(folder, `batch-${number}-admission.yaml`), dump(rows, { noRefs: true, lineWidth: 160 }));
}
