/** Addresses that no probe may reach, in every notation: clouds' metadata, loopback, link-local and the like. Pure. */
import { BlockList, isIP } from 'node:net';

const REFUSED = new BlockList();
REFUSED.addSubnet('0.0.0.0', 8);
REFUSED.addSubnet('127.0.0.0', 8);
// Link-local, with 169.254.169.254 and 169.254.170.2, where clouds serve credentials.
REFUSED.addSubnet('169.254.0.0', 16);
REFUSED.addAddress('100.100.100.200');
REFUSED.addAddress('168.63.129.16');
REFUSED.addSubnet('192.0.0.0', 24);
REFUSED.addSubnet('224.0.0.0', 4);
REFUSED.addSubnet('240.0.0.0', 4);
REFUSED.addAddress('::', 'ipv6');
REFUSED.addAddress('::1', 'ipv6');
REFUSED.addSubnet('fe80::', 10, 'ipv6');
REFUSED.addSubnet('ff00::', 8, 'ipv6');
REFUSED.addSubnet('fd00:ec2::', 32, 'ipv6');

/** IPv6 forms that carry an IPv4 address: prefix, and the byte at which it begins. */
const CARRIERS: { prefix: string; length: number; at: number }[] = [
  { prefix: '::ffff:0:0', length: 96, at: 12 },
  { prefix: '::', length: 96, at: 12 },
  { prefix: '::ffff:0:0:0', length: 96, at: 12 },
  { prefix: '64:ff9b::', length: 96, at: 12 },
  { prefix: '2002::', length: 16, at: 2 },
];

/** Why a connection to this IP address is refused; undefined: it is not. `address` is as the system prints it. */
export function refusedAddress(address: string): string | undefined {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 0) return 'it is no address';
  if (family === 4) return REFUSED.check(bare) ? why(bare) : undefined;
  const bytes = bytesOf(bare);
  for (const { prefix, length, at } of CARRIERS) {
    const carrier = new BlockList();
    carrier.addSubnet(prefix, length, 'ipv6');
    const inner = [...bytes.subarray(at, at + 4)].join('.');
    if (carrier.check(bare, 'ipv6') && REFUSED.check(inner)) return why(inner);
  }
  return REFUSED.check(bare, 'ipv6') ? why(bare) : undefined;
}

function why(address: string): string {
  if (/^127\.|^::1$|^0\.|^::$/.test(address)) return 'it is meshbot’s own machine';
  if (/^169\.254\.|^fe80|^100\.100\.100\.200|^168\.63\.129\.16|^fd00:ec2/i.test(address)) {
    return 'it is link-local, where clouds serve credentials';
  }
  return 'it is a reserved address';
}

/** Sixteen bytes of an IPv6 address; the URL parser writes it out for us. */
function bytesOf(address: string): Uint8Array {
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return Uint8Array.from(
    groups.flatMap(group => {
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 0xff];
    }),
  );
}
