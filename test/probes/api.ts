/** Asks a Kubernetes API, real or local, as a probe says. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, request } from 'undici';
import { KubeClient } from '../../src/kubernetes/client.ts';
import { type ClusterAddress, loadConfig } from '../../src/kubernetes/config.ts';
import { exec as execIn } from '../../src/kubernetes/exec.ts';
import { systemClock } from '../../src/system.ts';
import { type Answer, type Deed, type Executing, NAMESPACE, type Probe, type Step, type Watching } from './probe.ts';

/** s after which the server itself ends a watch. */
const SECONDS = 20;

export class Api {
  readonly #client: KubeClient;
  readonly #silence: number;

  /** `silence`: ms after which a watch has no more to tell. */
  constructor(address: ClusterAddress, silence: number) {
    this.#silence = silence;
    this.#client = new KubeClient(loadConfig(address), { clock: systemClock, agent: 'probes' });
  }

  /** Answers to what is not quiet, in order. */
  async run({ deeds }: Probe): Promise<Answer[]> {
    const all: Answer[] = [];
    const looked: Answer[] = [];
    for (const each of deeds) {
      const deed = typeof each === 'function' ? each(all) : each;
      const answer = await this.#do(deed);
      all.push(answer);
      if (!('quiet' in deed && deed.quiet)) looked.push(answer);
    }
    return looked;
  }

  async send({ method, path, body, type = 'application/json', headers = {} }: Step): Promise<Answer> {
    const answer = await this.#open(method, path, {
      headers: { ...(body === undefined ? {} : { 'content-type': type }), ...headers },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await answer.body.text();
    return { code: answer.statusCode, warnings: warningsIn(answer.headers.warning), body: parsed(text) };
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #do(deed: Deed): Promise<Answer> {
    if ('watch' in deed) return this.#watch(deed);
    if ('exec' in deed) return this.#exec(deed);
    return this.send(deed);
  }

  async #open(
    method: Step['method'],
    path: string,
    { headers = {}, body }: { headers?: object; body?: string | undefined },
  ) {
    const credentials = await this.#client.config.credentials();
    const options: Omit<Dispatcher.RequestOptions, 'origin' | 'path'> = {
      method,
      headers: { accept: 'application/json', 'user-agent': 'probes', ...credentials.headers, ...headers },
      body: body ?? null,
    };
    return request(`${this.#client.server}${path}`, { ...options, dispatcher: credentials.streams });
  }

  /** Its body is the list of events. */
  async #watch({ watch, from = 'now', during = [], seconds = SECONDS }: Watching, left = 5): Promise<Answer> {
    const [path = '', query = ''] = watch.split('?');
    const version = from === 'now' ? await this.#version(watch) : from;
    const all = new URLSearchParams(query);
    all.set('watch', 'true');
    all.set('timeoutSeconds', String(seconds));
    if (version !== '') all.set('resourceVersion', version);
    const answer = await this.#open('GET', `${path}?${all}`, {});
    let text = '';
    let heard = Date.now();
    answer.body.on('data', chunk => {
      text += chunk;
      heard = Date.now();
    });
    const ended = new Promise(resolve => answer.body.once('close', resolve));
    answer.body.on('error', () => {});
    for (const step of during) {
      await this.send(step);
      heard = Date.now();
    }
    while (!answer.body.closed && Date.now() < heard + this.#silence) await sleep(10);
    answer.body.destroy();
    await ended;
    const events = text
      .split('\n')
      .filter(line => line !== '')
      .map(parsed);
    // Its cache is behind etcd on a busy machine: it asks for patience, as clients have it.
    if (left > 0 && during.length === 0 && isBehind(events[0])) {
      await sleep(1_000);
      return this.#watch({ watch, from, seconds }, left - 1);
    }
    return { code: answer.statusCode, warnings: [], body: events };
  }

  async #version(path: string): Promise<string> {
    const { body } = await this.send({ method: 'GET', path });
    return (body as { metadata: { resourceVersion: string } }).metadata.resourceVersion;
  }

  async #exec({ exec: { namespace, app, container, command } }: Executing): Promise<Answer> {
    const pod = await this.#podOf(namespace, app);
    const deadline = 10_000;
    try {
      const ran = await execIn(this.#client, systemClock, { namespace, pod, container, command, deadline, most: 4096 });
      const body = { exitCode: ran.exitCode, stdout: ran.stdout.toString(), stderr: ran.stderr, ended: ran.ended };
      return { code: 101, warnings: [], body: { ...body, refused: ran.refused?.replaceAll(pod, '<pod>') } };
    } catch (error) {
      return { code: 0, warnings: [], body: String(error).replaceAll(pod, '<pod>') };
    }
  }

  async #podOf(namespace: string, app: string): Promise<string> {
    const { body } = await this.send({
      method: 'GET',
      path: `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3D${app}`,
    });
    return (body as { items: { metadata: { name: string } }[] }).items[0]?.metadata.name ?? app;
  }

  /** An empty namespace for the next probe. */
  async clean(paths: readonly string[]): Promise<void> {
    await this.send({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: NAMESPACE } } });
    for (const path of paths) {
      const { body } = await this.send({ method: 'GET', path });
      for (const { metadata } of (body as { items?: { metadata: { name: string; finalizers?: string[] } }[] }).items ??
        []) {
        if (metadata.name === 'kube-root-ca.crt') continue;
        const object = `${path}/${metadata.name}`;
        const type = 'application/merge-patch+json';
        if (metadata.finalizers)
          await this.send({ method: 'PATCH', path: object, body: { metadata: { finalizers: null } }, type });
        await this.send({ method: 'DELETE', path: object });
      }
    }
  }
}

/** apiserver's storage.NewTooLargeResourceVersionError */
function isBehind(event: unknown): boolean {
  const { type, object } = (event ?? {}) as {
    type?: string;
    object?: { details?: { causes?: { reason?: string }[] } };
  };
  return type === 'ERROR' && object?.details?.causes?.some(each => each.reason === 'ResourceVersionTooLarge') === true;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `299 - "text"` → text */
function warningsIn(header: string | string[] | undefined): string[] {
  return [header ?? []]
    .flat()
    .flatMap(line => [...line.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(match => match[1]!));
}
