/** Which request headers a person may set. Pure. */
import { ProbeError } from '../ports.ts';

/** A token: RFC 9110, section 5.6.2. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
/** Visible characters, spaces and tabs; no CR, LF or NUL, which would begin another header. */
const VALUE = /^[\t\x20-\x7e]{0,4096}$/;

const FORBIDDEN: Record<string, string> = {
  authorization: 'meshbot lends nobody its credentials, and chat is no place for others',
  'proxy-authorization': 'meshbot lends nobody its credentials, and chat is no place for others',
  cookie: 'chat is no place for sessions',
  connection: 'it is the connection’s own',
  'content-length': 'it is the connection’s own',
  'transfer-encoding': 'it is the connection’s own',
  expect: 'it is the connection’s own',
  te: 'it is the connection’s own',
  trailer: 'it is the connection’s own',
  upgrade: 'it is the connection’s own',
  'x-http-method-override': 'it would make another method of this one',
  'x-http-method': 'it would make another method of this one',
  'x-method-override': 'it would make another method of this one',
  'x-forwarded-client-cert': 'it would claim another’s identity',
  'x-forwarded-for': 'it would claim another’s address',
  forwarded: 'it would claim another’s address',
};

/** Throws ProbeError for the first header that may not be set. `host` may: it is judged as a target. */
export function checkHeaders(headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!NAME.test(name)) throw new ProbeError(`'${name.slice(0, 40)}' is no name of a header.`);
    const reason = FORBIDDEN[name.toLowerCase()];
    if (reason) throw new ProbeError(`The header ${name} cannot be set: ${reason}.`);
    // With x-envoy-original-dst-host a request would go wherever it says.
    if (/^x-envoy-/i.test(name)) throw new ProbeError(`The header ${name} cannot be set: it steers the proxy itself.`);
    if (!VALUE.test(value))
      throw new ProbeError(`The value of header ${name} has a line break or an unusual character.`);
  }
}
