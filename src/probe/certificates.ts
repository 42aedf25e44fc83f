/** The certificate that a gateway presents: a handshake, and no request. */
import { connect } from 'node:tls';
import type { World } from '../istio/world.ts';
import { type Certificates, ProbeError } from '../ports.ts';
import { refusedAddress } from './addresses.ts';
import { configuredAddress, discoveredAddress } from './gateway-address.ts';

/** ms. */
const LONGEST = 3_000;

interface Options {
  world: World;
  /** As configured: then it is asked at the port of the Gateway's server. */
  gateway: string | undefined;
}

/** Throws ProbeError where the gateway has no address, is not reached, or refuses the handshake. */
export function gatewayCertificates({ world, gateway }: Options): Certificates {
  return {
    async expiry({ namespace, name }, port, host) {
      const address =
        gateway === undefined
          ? discoveredAddress(world, `${namespace}/${name}`, port)
          : { ...configuredAddress(gateway), port };
      return validTo(address, host);
    },
  };
}

function validTo(
  { host, port, trusted }: { host: string; port: number; trusted: boolean },
  name: string | undefined,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const failed = (why: string, cause?: unknown): void => {
      socket.destroy();
      reject(new ProbeError(`${host}:${port} shows no certificate: ${why}`, { cause }));
    };
    const socket = connect({
      host: host.replace(/^\[|\]$/g, ''),
      port,
      ...(name !== undefined && { servername: name }),
      // What is looked at is when it ends, whoever signed it.
      rejectUnauthorized: false,
      timeout: LONGEST,
    });
    socket.once('connect', () => {
      const why = trusted ? undefined : refusedAddress(socket.remoteAddress ?? '');
      if (why !== undefined) failed(why);
    });
    socket.once('secureConnect', () => {
      const until = Date.parse(socket.getPeerCertificate().valid_to);
      socket.end();
      resolve(Number.isNaN(until) ? undefined : until);
    });
    socket.once('timeout', () => failed(`no answer within ${LONGEST / 1_000} s`));
    socket.once('error', cause => failed(cause.message, cause));
  });
}
