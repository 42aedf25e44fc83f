/** The local world: Kubernetes' API, mesh and Slack of `npm start`. */
import { request } from 'undici';
import { startLocalWorld } from '../../local-world.ts';
import { signIn } from './sign-in.ts';
import type { Page, Visit, World } from './world.ts';

export async function localWorld(): Promise<World> {
  const world = await startLocalWorld();
  const { kubernetes, mesh } = world.cluster;
  return {
    name: 'local',
    slack: world.slack,
    zipkin: mesh.zipkinUrl,
    prometheus: mesh.prometheusUrl,
    visit: visit => visitAt(mesh.gatewayUrl, visit),
    async curl({ app, namespace }, args) {
      const pod = kubernetes.list('Pod', namespace).find(({ metadata }) => metadata.labels?.app === app);
      if (!pod) throw new Error(`There is no pod of ${app} in ${namespace}`);
      return mesh.exec({ namespace, pod: pod.metadata.name, command: ['curl', ...args] });
    },
    read: async ref => kubernetes.get(ref),
    apply: async object => void kubernetes.apply(object),
    remove: async ref => kubernetes.delete(ref),
    list: async (kind, namespace) => kubernetes.list(kind, namespace),
    shares: async () => undefined,
    close: () => world.close(),
  };
}

/** Nobody there, or a connection that breaks, is status 0. */
export async function visitAt(address: string, visit: Visit): Promise<Page> {
  const { path, host = 'bookinfo.example', user, headers = {} } = visit;
  try {
    const cookie = user === undefined ? {} : { cookie: await signIn(address, host, user) };
    const answer = await request(`${address}${path}`, { headers: { host, ...headers, ...cookie } });
    const flat = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    return { status: answer.statusCode, headers: Object.fromEntries(flat), body: await answer.body.text() };
  } catch (error) {
    return { status: 0, headers: {}, body: String(error) };
  }
}
