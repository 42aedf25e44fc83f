/** What `curl -w` prints after a transfer. https://curl.se/docs/manpage.html#-w */
import type { Headers } from '../proxy/messages.ts';

export interface Transfer {
  status: number;
  headers: Headers;
  method: string;
  url: string;
  /** Bytes. */
  size: number;
  /** s. */
  took: number;
  redirects: number;
  exitCode: number;
  error: string;
  address: string;
  port: number;
}

export function writtenOut(format: string, transfer: Transfer): string {
  const variables = variablesOf(transfer);
  return format
    .replaceAll(/\\([nrt])/g, (_, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter]!)
    .replaceAll(/%header\{([^}]*)\}|%\{([^}]*)\}|%%/g, (all, header?: string, name?: string) => {
      if (header !== undefined) return transfer.headers[header.toLowerCase()] ?? '';
      if (name !== undefined) return variables[name] ?? '';
      return all === '%%' ? '%' : all;
    });
}

function variablesOf(transfer: Transfer): Record<string, string> {
  const { status, headers, took } = transfer;
  const code = String(status).padStart(3, '0');
  const time = took.toFixed(6);
  // There are no sockets behind the local curl, so names and connections take no time.
  const none = '0.000000';
  return {
    http_code: code,
    response_code: code,
    http_version: status === 0 ? '0' : '1.1',
    time_total: time,
    time_starttransfer: status === 0 ? none : time,
    time_namelookup: none,
    time_connect: none,
    time_appconnect: none,
    time_pretransfer: none,
    size_download: String(transfer.size),
    content_type: headers['content-type'] ?? '',
    url: transfer.url,
    url_effective: transfer.url,
    method: transfer.method,
    num_redirects: String(transfer.redirects),
    redirect_url: status >= 300 && status < 400 ? (headers.location ?? '') : '',
    remote_ip: transfer.address,
    remote_port: String(transfer.port),
    scheme: 'http',
    exitcode: String(transfer.exitCode),
    errormsg: transfer.error,
    header_json: `${JSON.stringify(Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])))}\n`,
  };
}
