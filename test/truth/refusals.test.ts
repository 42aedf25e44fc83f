import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAdmission, localAdmission } from './admission.ts';
import { NAMESPACES } from './case.ts';
import { everyWay } from './generate/spoiled.ts';

/** In the order of everyWay: what a real API server with istiod's webhook said, '' where it took the object. */
const SAID = load(readFileSync(new URL('./refusals.yaml', import.meta.url), 'utf8')) as { said: string[] };

describe('the local Kubernetes API', () => {
  let admission: LocalAdmission;
  beforeAll(async () => {
    admission = await localAdmission();
  });
  afterAll(() => admission.close());

  it('refuses what the real one was seen to refuse, and takes what that took', async () => {
    const ways = everyWay(NAMESPACES.b);
    expect(SAID.said).toHaveLength(ways.length);
    const differing = await admission.compare(
      ways.map((object, index) => ({ object, refusal: SAID.said[index] || undefined })),
    );
    expect(differing).toEqual([]);
  });
});
