/** Ports, protocols and addresses as istiod's webhook checks them. */
import { isIP } from 'node:net';
import { isDnsLabel } from './admission-names.ts';

/** Why it is no range of addresses such as `192.0.2.0/24`, as Go's netip says it. */
export function rangeFault(text: string): string | undefined {
  const slash = text.lastIndexOf('/');
  const [address, bits] = [text.slice(0, slash), text.slice(slash + 1)];
  const family = isIP(address);
  if (family === 0) return `ParseAddr(${JSON.stringify(address)}): unable to parse IP`;
  if (address.includes('%')) return 'IPv6 zones cannot be present in a prefix';
  if (!/^(0|[1-9]\d{0,2})$/.test(bits)) return `bad bits after slash: ${JSON.stringify(bits)}`;
  return Number(bits) > (family === 4 ? 32 : 128) ? 'prefix length out of range' : undefined;
}

/** An address or a range. */
export function subnetFault(text: string): string | undefined {
  if (text.split('/').length === 2) return rangeFault(text) && `${text} is not a valid CIDR block`;
  return isIP(text) === 0 ? `${text} is not a valid IP` : undefined;
}

export function portNameFault(name: string): string | undefined {
  return isDnsLabel(name) ? undefined : `invalid port name: ${name}`;
}

const UNIX = 'unix://';

/** The path of `unix:///path`; undefined for any other address. */
export const socketPath = (address: string) => (address.startsWith(UNIX) ? address.slice(UNIX.length) : undefined);

export function socketFault(path: string): string | undefined {
  if (path === '') return 'unix address must not be empty';
  // An abstract socket.
  if (path.startsWith('@')) return undefined;
  return !path.startsWith('/') || path.endsWith('/') ? `${path} is not an absolute path to a file` : undefined;
}

export function portFault(port: number): string | undefined {
  return port >= 1 && port <= 65535 ? undefined : `port number ${port} must be in the range 1..65535`;
}

const PROTOCOLS = new Set('tcp udp grpc grpc-web http http_proxy http2 https tls mongo redis mysql'.split(' '));

/** In capitals or not. */
export const isProtocol = (text: string) => PROTOCOLS.has(text.toLowerCase());

const HTTP = new Set('http http2 http_proxy grpc grpc-web'.split(' '));
export const isHttp = (protocol: string) => HTTP.has(protocol.toLowerCase());
export const isTls = (protocol: string) => ['https', 'tls'].includes(protocol.toLowerCase());

/** Of a port that may leave it to the proxy to find out. */
export function protocolFault(protocol: string): string | undefined {
  return protocol === '' || isProtocol(protocol) ? undefined : `unsupported protocol: ${protocol}`;
}
