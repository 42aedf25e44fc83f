/** The curl command that a pod runs, and what its output means. Pure. https://curl.se/docs/manpage.html */
import type { ProbeAnswer, ProbeOutcome, ProbeRequest } from '../ports.ts';
import { MOST } from './body.ts';

/**
 * No shell reads this: each word is one argument. `marker` is not to be guessed by whoever writes the answer's body; it
 * begins the line in which curl says what it measured.
 */
export function curlWords(probe: ProbeRequest, url: URL, marker: string): string[] {
  const method = probe.method === 'HEAD' ? ['--head'] : ['--request', probe.method, '--include'];
  const headers = Object.entries(probe.headers).flatMap(([name, value]) => [
    '--header',
    // `name:` without a value would take the header away.
    value === '' ? `${name};` : `${name}: ${value}`,
  ]);
  return [
    'curl',
    // First, so that no .curlrc is read.
    '-q',
    '--silent',
    '--show-error',
    '--globoff',
    '--proto',
    '=http',
    '--noproxy',
    '*',
    '--max-redirs',
    '0',
    '--max-time',
    (probe.timeout / 1_000).toFixed(3),
    '--write-out',
    `\\n${marker} %{http_code} %{time_total} %{remote_ip}`,
    ...method,
    ...headers,
    '--',
    url.href,
  ];
}

export interface CurlOutput {
  /** As much as was heard. */
  stdout: Buffer;
  stderr: string;
  exitCode: number | undefined;
}

export interface CurlSaid extends Omit<ProbeAnswer, 'took'> {
  /** ms, by curl's own clock; undefined: it did not come to say. */
  took: number | undefined;
  remoteAddress: string | undefined;
}

export function readCurl(output: CurlOutput, marker: string): CurlSaid {
  const all = output.stdout.toString('latin1');
  const end = all.lastIndexOf(`\n${marker} `);
  const measured = end === -1 ? [] : all.slice(end + marker.length + 2).split(' ');
  const [seconds, address] = [measured[1], measured[2]?.trim()];
  const { status, headers, bodyAt } = headIn(all);
  const bytes = output.stdout.subarray(bodyAt, end === -1 ? undefined : end);
  const truncated = bytes.length > MOST || end === -1;
  return {
    outcome: status === 0 ? outcomeOf(output) : 'answered',
    status,
    headers,
    body: new TextDecoder().decode(bytes.subarray(0, MOST), { stream: true }),
    truncated: truncated && status !== 0,
    took: seconds === undefined ? undefined : Number(seconds.replace(',', '.')) * 1_000,
    remoteAddress: address === '' ? undefined : address,
    ...(status === 0 ? { error: failure(output) } : {}),
  };
}

/** Interim answers (100 Continue, 103 Early Hints) come before the one that counts. */
function headIn(text: string): { status: number; headers: Record<string, string>; bodyAt: number } {
  let at = 0;
  for (;;) {
    const status = /^HTTP\/[\d.]+ (\d{3})/.exec(text.slice(at, at + 20))?.[1];
    const end = text.indexOf('\r\n\r\n', at);
    if (status === undefined || end === -1) return { status: 0, headers: {}, bodyAt: at };
    const head = text.slice(at, end);
    at = end + 4;
    if (!status.startsWith('1')) return { status: Number(status), headers: headersIn(head), bodyAt: at };
  }
}

function headersIn(head: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}

/** curl has one exit code for every connection that does not come about; only its words say that it was refused. */
function outcomeOf({ exitCode, stderr }: Omit<CurlOutput, 'stdout'>): Exclude<ProbeOutcome, 'answered'> {
  if (exitCode === 28) return 'late';
  return exitCode === 7 && /connection refused/i.test(stderr) ? 'refused' : 'failed';
}

/** https://curl.se/libcurl/c/libcurl-errors.html; 126 and 127 are the container runtime's. */
function failure({ exitCode, stderr }: Omit<CurlOutput, 'stdout'>): string {
  switch (exitCode) {
    case 6:
      return 'the name is not known in that pod';
    case 7:
      return outcomeOf({ exitCode, stderr }) === 'refused' ? 'nothing listens there' : 'no connection comes about';
    case 28:
      return 'no answer in time';
    case 52:
      return 'the connection closed without an answer';
    case 56:
      return 'the connection broke';
    case 126:
    case 127:
      return 'there is no curl in that container; choose a pod that has one';
    default:
      return stderr.trim().split('\n')[0]?.slice(0, 200) || 'curl gave no answer';
  }
}
