/** By which Gateway a host is to come in: one that serves it already, one that gets it, or a new one. */
import type { JsonObject, KubeObject } from '../../../object.ts';
import type { Write } from '../../../ports.ts';
import type { Phrase } from '../../../view.ts';
import { serverHosts, speaks } from '../../route/gateway.ts';
import { covers } from '../../route/patterns.ts';
import { isReady, type World } from '../../world.ts';
import { type Choose, type Refused, refuse } from '../outcome.ts';
import { labelsOf, objectOf, objectsOf, stringOf, stringsOf } from '../read.ts';
import { changed, created, freeName, type Manifests } from '../writes.ts';
import { serversOf } from './entrances.ts';
import { gatewayMeant, nameOf } from './meant.ts';
import { clientsOf, podsOf } from './pods.ts';
import { isSwitchedOff, podLabels } from './switched.ts';

export interface DoorRequest {
  /** `shop.example.com`, `*.example.com`, `*`. */
  host: string;
  /** Name of the Secret with the certificate; absent: plain HTTP. */
  credential?: string | undefined;
  /** The Gateway that is meant. */
  gateway?: string | undefined;
  /** Where the route to the service will be. */
  namespace: string;
  /** Names without a namespace are read by somebody of this one. */
  reader: string;
}

export interface Door {
  kind: 'door';
  /** `namespace/name`, as VirtualServices name it. */
  name: string;
  /** Absent: it serves the host already. */
  write?: Write;
  notes: Phrase[];
}

export function doorFor(world: World, templates: Manifests, request: DoorRequest): Door | Choose | Refused {
  if (request.gateway !== undefined) {
    const meant = gatewayMeant(world, request.gateway, request.reader, 'gateway');
    if (meant.kind !== 'gateway') return meant;
    if (!isSwitchedOff(meant.gateway)) return through(meant.gateway, request);
    const name = nameOf(meant.gateway, request.reader);
    const fix = `Switch it on first: \`gateway on ${name}\`.`;
    return refuse('gateway-off', `Gateway/${name}`, `The Gateway ${name} is switched off.`, fix);
  }
  const open = world.all('Gateway').filter(gateway => !isSwitchedOff(gateway) && podsOf(world, gateway).some(isReady));
  const serving = open.filter(gateway => serversOf(gateway).some(({ spec }) => takes(spec, request)));
  if (serving.length === 1) return through(serving[0]!, request);
  if (serving.length > 1) {
    return {
      kind: 'choose',
      argument: 'gateway',
      question: ['More than one Gateway serves ', { code: request.host }, '. By which one?'],
      choices: serving.map(gateway => ({ value: nameOf(gateway), label: nameOf(gateway) })),
    };
  }
  return anew(world, templates, open, request);
}

function through(gateway: KubeObject, request: DoorRequest): Door | Refused {
  const name = nameOf(gateway);
  const path = `Gateway/${name}`;
  const servers = objectsOf(gateway.spec?.servers);
  const there = servers.find(server => takes(server, request));
  if (there) return isForUs(gateway, there, request) ?? { kind: 'door', name, notes: [] };
  const redirecting = servers.some(
    server => objectOf(server.tls).httpsRedirect === true && hasHost(server, request.host),
  );
  if (request.credential === undefined && redirecting) {
    const message = `${path} sends plain requests for ${request.host} to https.`;
    return refuse('gateway-redirects', path, message, 'Say which certificate: `--tls <credential>`.');
  }
  const at = servers.findIndex(server => isAlike(server, request));
  const listed =
    at >= 0
      ? servers.with(at, { ...servers[at], hosts: [...stringsOf(servers[at]!.hosts), request.host] })
      : [...servers, serverFor(request, servers)];
  const write = changed(gateway, { ...gateway.spec, servers: listed });
  const notes: Phrase[] = [[{ code: path }, ` serves ${request.host} from then on.`]];
  return { kind: 'door', name, write, notes: [...notes, ...ofCredential(request)] };
}

function anew(world: World, templates: Manifests, open: KubeObject[], request: DoorRequest): Door | Choose | Refused {
  const selectors = new Map(
    open.map(gateway => [JSON.stringify(Object.entries(podLabels(gateway)).sort()), gateway] as const),
  );
  const usual: Record<string, string> = { istio: 'ingressgateway' };
  const [only, ...others] = [...selectors.values()];
  if (others.length > 0) {
    return {
      kind: 'choose',
      argument: 'gateway',
      question: [
        'No Gateway serves ',
        { code: request.host },
        ', and there is more than one gateway. Which one gets it?',
      ],
      choices: [...selectors.values()].map(gateway => ({ value: nameOf(gateway), label: nameOf(gateway) })),
    };
  }
  const selector = only ? podLabels(only) : usual;
  const stub: KubeObject = { apiVersion: '', kind: 'Gateway', metadata: { name: '' }, spec: { selector } };
  if (clientsOf(world, stub, 80).length === 0) {
    const fix = 'Install an ingress gateway, or watch its namespace under `cluster: watch:`.';
    return refuse('gateway-no-pods', '', 'meshbot knows of no gateway whose pods run.', fix);
  }
  const object = templates.fill('gateway', {
    name: freeName(world, 'Gateway', request.namespace, slugOf(request.host)),
    namespace: request.namespace,
    selector: labelsOf(selector),
    servers: [serverFor(request, [])],
  });
  const name = nameOf(object);
  const notes: Phrase[] = [[`No Gateway serves ${request.host} yet: `, { code: `Gateway/${name}` }, ' is created.']];
  return { kind: 'door', name, write: created(object), notes: [...notes, ...ofCredential(request)] };
}

/** Whether a server takes requests for the host already, plain or with that certificate. */
function takes(server: JsonObject, { host, credential }: DoorRequest): boolean {
  return isAlike(server, { credential }) && hasHost(server, host);
}

/** Plain HTTP that is not sent away, or HTTPS with the same certificate. */
function isAlike(server: JsonObject, { credential }: Pick<DoorRequest, 'credential'>): boolean {
  const tls = objectOf(server.tls);
  if (credential !== undefined) return speaks(server) === 'https' && tls.credentialName === credential;
  return speaks(server) === 'http' && tls.httpsRedirect !== true;
}

function hasHost(server: JsonObject, host: string): boolean {
  return serverHosts(server).some(each => covers(each.host, host));
}

/** `./shop.example.com` is for VirtualServices beside the Gateway alone. */
function isForUs(gateway: KubeObject, server: JsonObject, { host, namespace }: DoorRequest): Refused | undefined {
  const fits = serverHosts(server).some(each => {
    const home = each.namespace === '.' ? gateway.metadata.namespace : each.namespace;
    return covers(each.host, host) && (home === '*' || home === namespace);
  });
  if (fits) return undefined;
  const path = `Gateway/${nameOf(gateway)}`;
  const message = `${path} serves ${host}, but not for VirtualServices of ${namespace}.`;
  return refuse(
    'gateway-namespace',
    path,
    message,
    `Add \`${namespace}/${host}\` to its hosts, or use another Gateway.`,
  );
}

function serverFor({ host, credential }: DoorRequest, others: JsonObject[]): JsonObject {
  const taken = new Set(others.map(server => stringOf(objectOf(server.port).name)));
  const wanted = credential === undefined ? 'http' : 'https';
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted}-${count}`;
  return credential === undefined
    ? { port: { number: 80, name, protocol: 'HTTP' }, hosts: [host] }
    : {
        port: { number: 443, name, protocol: 'HTTPS' },
        hosts: [host],
        tls: { mode: 'SIMPLE', credentialName: credential },
      };
}

/** meshbot may not read Secrets, and keys never go through a chat. */
function ofCredential({ credential }: DoorRequest): Phrase[] {
  if (credential === undefined) return [];
  return [
    [
      'The Secret ',
      { code: credential },
      ' has to be in the namespace of the gateway’s pods: meshbot may not look, and its proof shows it.',
    ],
  ];
}

/** `shop-example-com`, `any-example-com`. */
export function slugOf(host: string): string {
  return host
    .replace(/^\*/, 'any')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50);
}

/** The Gateway and the host that a person means who names but one of them, or neither. */
export function hostOfGateway(
  world: World,
  { gateway: word, host, reader }: { gateway?: string | undefined; host?: string | undefined; reader: string },
): { kind: 'host'; gateway: string | undefined; host: string } | Choose | Refused {
  if (host !== undefined) return { kind: 'host', gateway: word, host };
  const meant = word === undefined ? onlyGateway(world) : gatewayMeant(world, word, reader, 'gateway');
  if (meant.kind !== 'gateway') return meant;
  const { gateway } = meant;
  const served = serversOf(gateway).filter(({ spec }) => isAlike(spec, {}));
  const hosts = [...new Set(served.flatMap(({ spec }) => serverHosts(spec).map(each => each.host)))];
  const [only, ...others] = hosts;
  const name = nameOf(gateway);
  if (only === undefined) {
    const fix = 'Use `gateway open`, which can add a server.';
    return refuse('gateway-not-http', `Gateway/${name}`, `The Gateway ${name} takes no plain HTTP.`, fix);
  }
  if (others.length === 0) return { kind: 'host', gateway: name, host: only };
  return {
    kind: 'choose',
    argument: 'host',
    question: [{ code: `Gateway/${name}` }, ' serves more than one host. For which one?'],
    choices: hosts.map(each => ({ value: each, label: each })),
  };
}

function onlyGateway(world: World): { kind: 'gateway'; gateway: KubeObject } | Choose | Refused {
  const open = world.all('Gateway').filter(each => !isSwitchedOff(each));
  const [only, ...others] = open.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  if (!only) {
    return refuse(
      'gateway-missing',
      '',
      'There is no Gateway that is on.',
      'Make one: `gateway open <host> <service>`.',
    );
  }
  if (others.length === 0) return { kind: 'gateway', gateway: only };
  return {
    kind: 'choose',
    argument: 'gateway',
    question: ['There is more than one Gateway. By which one?'],
    choices: open.map(each => ({ value: nameOf(each), label: nameOf(each) })),
  };
}
