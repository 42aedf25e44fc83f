/** Sends a probe from outside: to the gateway, with the Host of the URL, by https where the URL says so. */
import { Agent, buildConnector, type Dispatcher, request } from 'undici';
import { type Clock, type ProbeAnswer, ProbeError, type ProbeOutcome, type ProbeRequest } from '../ports.ts';
import { refusedAddress } from './addresses.ts';
import { readBody } from './body.ts';
import type { GatewayAddress } from './gateway-address.ts';

class AddressRefused extends Error {}

/** What is asked is where a request goes, whoever signed the gateway's certificate; its name is that of the Host header. */
const CONNECT = { timeout: 2_000, rejectUnauthorized: false };

/** Connections that look at whom they have reached before a byte is sent: a name may mean another address by then. */
export class CheckedConnections {
  readonly #trusted = new Agent({ connections: 8, connect: CONNECT });
  readonly #checked: Dispatcher;

  constructor() {
    const connect = buildConnector(CONNECT);
    this.#checked = new Agent({
      connections: 8,
      connect: (options, callback) =>
        connect(options, (error, socket) => {
          if (error) return callback(error, null);
          const why = refusedAddress(socket.remoteAddress ?? '');
          if (why === undefined) return callback(null, socket);
          socket.destroy();
          callback(new AddressRefused(`${socket.remoteAddress} is not asked: ${why}.`), null);
        }),
    });
  }

  to({ trusted }: GatewayAddress): Dispatcher {
    return trusted ? this.#trusted : this.#checked;
  }

  async close(): Promise<void> {
    await Promise.all([this.#trusted.destroy(), this.#checked.destroy()]);
  }
}

/** Redirects are shown, not followed. Throws ProbeError where the address is refused at connect. */
export async function sendFromGateway(
  probe: ProbeRequest,
  url: URL,
  gateway: GatewayAddress,
  { connections, clock }: { connections: CheckedConnections; clock: Clock },
): Promise<ProbeAnswer> {
  const host = gateway.host.includes(':') && !gateway.host.startsWith('[') ? `[${gateway.host}]` : gateway.host;
  const began = clock.now();
  try {
    const response = await request(`${url.protocol}//${host}:${gateway.port}${url.pathname}${url.search}`, {
      method: probe.method as Dispatcher.HttpMethod,
      headers: { accept: '*/*', 'user-agent': 'meshbot', ...probe.headers, host: url.host },
      dispatcher: connections.to(gateway),
      // Each on a connection of its own: one that is open still goes to a listener that the gateway takes away.
      reset: true,
      signal: AbortSignal.timeout(probe.timeout),
    });
    const headers = flat(response.headers);
    const { body, truncated } = await readBody(response.body, headers['content-encoding']);
    return { outcome: 'answered', status: response.statusCode, headers, body, truncated, took: clock.now() - began };
  } catch (error) {
    const refused = refusalIn(error);
    if (refused) throw new ProbeError(refused.message, { cause: error });
    const took = clock.now() - began;
    const told = said(error, gateway, probe.timeout);
    return { outcome: outcomeOf(error), status: 0, headers: {}, body: '', truncated: false, took, error: told };
  }
}

function refusalIn(error: unknown): AddressRefused | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if (at instanceof AddressRefused) return at;
  return undefined;
}

const LATE = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);

/** Of a name with several addresses each must have refused; the errors stand side by side then. */
function outcomeOf(error: unknown): Exclude<ProbeOutcome, 'answered'> {
  const { name, code } = error as { name?: string; code?: string };
  if (name === 'TimeoutError' || (code !== undefined && LATE.has(code))) return 'late';
  const each = error instanceof AggregateError ? error.errors : [error];
  return each.every(one => (one as { code?: string }).code === 'ECONNREFUSED') ? 'refused' : 'failed';
}

function said(error: unknown, { host, port }: GatewayAddress, timeout: number): string {
  const { name, code } = error as { name?: string; code?: string };
  if (name === 'TimeoutError') return `no answer within ${timeout / 1_000} s`;
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return `the gateway at ${host}:${port} did not accept the connection`;
  if (code === 'ECONNREFUSED') return `nothing listens at the gateway's address ${host}:${port}`;
  if (code === 'ENOTFOUND') return `the gateway's name ${host} is not known`;
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return `no way leads to the gateway's address ${host}:${port}`;
  return `the connection to the gateway broke${code ? ` (${code})` : ''}`;
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}
