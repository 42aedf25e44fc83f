/** The cluster as the test speaks to it: over the Kubernetes API alone, so that it may be any cluster. */

import { connect, type KubeClient } from '../../../src/kubernetes/client.ts';
import type { ClusterAddress } from '../../../src/kubernetes/config.ts';
import { ApiError } from '../../../src/kubernetes/errors.ts';
import type { JsonObject, KubeObject, ObjectRef } from '../../../src/object.ts';
import { refOf } from '../../../src/object.ts';
import { ClusterError } from '../../../src/ports.ts';

const PLURAL: Record<string, string> = {
  DestinationRule: 'destinationrules',
  EnvoyFilter: 'envoyfilters',
  Gateway: 'gateways',
  ServiceEntry: 'serviceentries',
  Sidecar: 'sidecars',
  VirtualService: 'virtualservices',
  AuthorizationPolicy: 'authorizationpolicies',
  PeerAuthentication: 'peerauthentications',
  Service: 'services',
  Pod: 'pods',
  ConfigMap: 'configmaps',
  Namespace: 'namespaces',
  Telemetry: 'telemetries',
};

const told = process.env.MESHBOT_TEST_KUBECONFIG ?? process.env.KUBECONFIG;
const TOLD: ClusterAddress = told ? { kind: 'kubeconfig', path: told } : { kind: 'kubeconfig' };

/** ms. */
const PATIENCE = 180_000;

export class Api {
  readonly #client: KubeClient;

  constructor(address: ClusterAddress = TOLD) {
    this.#client = connect(address, { clock: { now: () => Date.now() }, agent: 'meshbot-truth' });
  }

  /** What it is after the webhooks; the refusal's words where it is refused. */
  async create(object: KubeObject, dryRun = false): Promise<{ created: KubeObject } | { refused: string }> {
    try {
      const query = { fieldValidation: 'Strict', ...(dryRun ? { dryRun: 'All' } : {}) };
      const path = collection(object.apiVersion, object.kind, object.metadata.namespace);
      const { body } = await this.#client.call({
        method: 'POST',
        path,
        query,
        body: object,
        subject: object.metadata.name,
      });
      return { created: { apiVersion: object.apiVersion, kind: object.kind, ...(body as object) } as KubeObject };
    } catch (error) {
      if (error instanceof ApiError && [400, 403, 422].includes(error.status)) return { refused: error.message };
      throw error;
    }
  }

  async list(apiVersion: string, kind: string, labelled?: string): Promise<KubeObject[]> {
    const query = labelled === undefined ? {} : { labelSelector: labelled };
    const { body } = await this.#client.call({
      method: 'GET',
      path: collection(apiVersion, kind),
      query,
      subject: kind,
    });
    return ((body as { items: KubeObject[] }).items ?? []).map(each => ({ ...each, apiVersion, kind }));
  }

  async delete(ref: ObjectRef): Promise<void> {
    const path = `${collection(ref.apiVersion, ref.kind, ref.namespace)}/${ref.name}`;
    try {
      await this.#client.call({ method: 'DELETE', path, subject: ref.name });
    } catch (error) {
      if (!(error instanceof ClusterError && error.kind === 'not-found')) throw error;
    }
  }

  deleteObject(object: KubeObject): Promise<void> {
    return this.delete(refOf(object));
  }

  /**
   * This very object, by its uid: one of the same name that comes later stays, however late the request is carried out.
   * So, unlike the deletion of a collection, which goes by names, it may be asked for again.
   */
  async deleteThis({ apiVersion, kind, metadata }: KubeObject): Promise<void> {
    const { name, namespace, uid } = metadata;
    const path = `${collection(apiVersion, kind, namespace)}/${name}`;
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } };
    for (let left = 5; ; left -= 1) {
      try {
        await this.#client.call({ method: 'DELETE', path, body, subject: name });
        return;
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error;
        if (error.kind === 'not-found' || error.kind === 'conflict') return;
        if (left === 0 || error.kind !== 'unavailable') throw error;
      }
    }
  }

  /** What a program that listens on a port of a pod answers. It may take its time as long as it sends something. */
  async ask(namespace: string, pod: string, port: number, body?: JsonObject): Promise<unknown> {
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}:${port}/proxy/`;
    const call = { path, subject: pod, signal: AbortSignal.timeout(PATIENCE) };
    const chunks = await this.#client.open(
      body ? { ...call, method: 'POST', body } : { ...call, method: 'GET' },
      'streams',
    );
    const parts: Buffer[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    return JSON.parse(Buffer.concat(parts).toString());
  }

  /** Lines of a container's log from now on, until the signal. */
  async follow(
    namespace: string,
    pod: string,
    container: string,
    signal: AbortSignal,
    line: (text: string) => void,
  ): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
    const query = { container, follow: 'true', tailLines: 0 };
    const chunks = await this.#client.open({ method: 'GET', path, query, subject: pod, signal }, 'streams');
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of chunks) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const each of lines) line(each);
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

function collection(apiVersion: string, kind: string, namespace?: string): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}${namespace ? `/namespaces/${namespace}` : ''}/${PLURAL[kind]}`;
}
