/** What the local API server makes of an object, beside what the real one and istiod's webhook make of it. */
import type { KubeObject } from '../../src/object.ts';
import { startKubernetes } from '../../src/sandbox/kubernetes/kubernetes.ts';
import { NAMESPACES } from './case.ts';
import { Api } from './lab/api.ts';

export interface Differing {
  object: KubeObject;
  /** Their words; undefined where the object is taken. */
  real: string | undefined;
  local: string | undefined;
}

export interface LocalAdmission {
  /** Those of which the two think differently. `real`: an object and what the real API server said of it. */
  compare(real: { object: KubeObject; refusal: string | undefined }[]): Promise<Differing[]>;
  close(): Promise<void>;
}

export async function localAdmission(): Promise<LocalAdmission> {
  const { api, close } = await localApi();
  return {
    compare: async real => {
      const found: Differing[] = [];
      for (const { object, refusal } of real) {
        const local = await refusalOf(api, object);
        if ((local === undefined) !== (refusal === undefined)) found.push({ object, real: refusal, local });
      }
      return found;
    },
    close,
  };
}

/** The local API server, with the namespaces that cases are in. */
export async function localApi(): Promise<{ api: Api; close(): Promise<void> }> {
  const server = await startKubernetes();
  const api = new Api({ kind: 'server', server: server.url });
  for (const name of Object.values(NAMESPACES)) {
    await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  return {
    api,
    close: async () => {
      await api.close();
      await server.close();
    },
  };
}

/** Without creating it. */
export async function refusalOf(api: Api, object: KubeObject): Promise<string | undefined> {
  const answer = await api.create(object, true);
  return 'refused' in answer ? answer.refused : undefined;
}
