/** Reads a curl command line: the options that the local curl knows, and what it says of the rest. */

export interface CurlOptions {
  urls: string[];
  method?: string;
  headers: { name: string; value: string | undefined }[];
  data?: string;
  silent: boolean;
  showError: boolean;
  /** -i */
  include: boolean;
  /** -I */
  head: boolean;
  /** -f */
  fail: boolean;
  /** -L */
  follow: boolean;
  output?: string;
  writeOut?: string;
  /** s. */
  maxTime?: number;
  connectTimeout?: number;
  maxRedirs: number;
  resolve: { host: string; port: number; address: string }[];
}

export type Read = { options: CurlOptions } | { exitCode: number; stderr: string };

type Setter = (options: CurlOptions, value: string) => void;

const none: Setter = () => {};
const seconds = (value: string): number => Number(value);

/** Long names; those in SWITCHES take no value. */
const VALUES: Record<string, Setter> = {
  request: (options, value) => {
    options.method = value;
  },
  header: (options, value) => void options.headers.push(headerOf(value)),
  data: (options, value) => {
    options.data = options.data === undefined ? value : `${options.data}&${value}`;
  },
  output: (options, value) => {
    options.output = value;
  },
  'write-out': (options, value) => {
    options.writeOut = value;
  },
  'max-time': (options, value) => {
    options.maxTime = seconds(value);
  },
  'connect-timeout': (options, value) => {
    options.connectTimeout = seconds(value);
  },
  'max-redirs': (options, value) => {
    options.maxRedirs = Number(value);
  },
  resolve: (options, value) => void options.resolve.push(...resolved(value)),
  'user-agent': (options, value) => void options.headers.push({ name: 'User-Agent', value }),
  url: (options, value) => void options.urls.push(value),
  proto: none,
  'proto-redir': none,
  noproxy: none,
  'max-filesize': none,
  retry: none,
  cacert: none,
};
VALUES['data-raw'] = VALUES.data!;
VALUES['data-binary'] = VALUES.data!;

const SWITCHES: Record<string, Setter> = {
  silent: options => {
    options.silent = true;
  },
  'show-error': options => {
    options.showError = true;
  },
  include: options => {
    options.include = true;
  },
  'show-headers': options => {
    options.include = true;
  },
  head: options => {
    options.head = true;
  },
  fail: options => {
    options.fail = true;
  },
  location: options => {
    options.follow = true;
  },
  insecure: none,
  'path-as-is': none,
  globoff: none,
  disable: none,
  'http1.1': none,
  'no-buffer': none,
  compressed: none,
  ipv4: none,
  verbose: none,
};

const SHORT: Record<string, string> = {
  s: 'silent',
  S: 'show-error',
  i: 'include',
  I: 'head',
  f: 'fail',
  L: 'location',
  k: 'insecure',
  g: 'globoff',
  q: 'disable',
  N: 'no-buffer',
  v: 'verbose',
  4: 'ipv4',
  X: 'request',
  H: 'header',
  d: 'data',
  o: 'output',
  w: 'write-out',
  m: 'max-time',
  A: 'user-agent',
};

export function readCurl(words: string[]): Read {
  const options: CurlOptions = {
    urls: [],
    headers: [],
    silent: false,
    showError: false,
    include: false,
    head: false,
    fail: false,
    follow: false,
    maxRedirs: 50,
    resolve: [],
  };
  const rest = [...words];
  while (rest.length > 0) {
    const word = rest.shift()!;
    if (word === '--') {
      options.urls.push(...rest.splice(0));
    } else if (word.startsWith('--')) {
      const wrong = long(word, options, rest);
      if (wrong) return wrong;
    } else if (word.startsWith('-') && word.length > 1) {
      const wrong = short(word, options, rest);
      if (wrong) return wrong;
    } else options.urls.push(word);
  }
  if (options.urls.length === 0) return usage('no URL specified');
  for (const time of [options.maxTime, options.connectTimeout]) {
    if (time !== undefined && !(time >= 0)) return usage('option -m: expected a proper numerical parameter');
  }
  return { options };
}

type Wrong = Extract<Read, { exitCode: number }>;

function long(word: string, options: CurlOptions, rest: string[]): Wrong | undefined {
  const name = word.slice(2);
  if (SWITCHES[name]) return void SWITCHES[name](options, '');
  const set = VALUES[name];
  if (!set) return usage(`option ${word}: is unknown`);
  const value = rest.shift();
  if (value === undefined) return usage(`option ${word}: requires parameter`);
  return void set(options, value);
}

/** `-sS`, `-o/dev/null`, `-o /dev/null`. */
function short(word: string, options: CurlOptions, rest: string[]): Wrong | undefined {
  for (let at = 1; at < word.length; at += 1) {
    const name = SHORT[word[at]!];
    if (name === undefined) return usage(`option ${word}: is unknown`);
    if (SWITCHES[name]) {
      SWITCHES[name](options, '');
      continue;
    }
    const value = at + 1 < word.length ? word.slice(at + 1) : rest.shift();
    if (value === undefined) return usage(`option ${word}: requires parameter`);
    return void VALUES[name]!(options, value);
  }
  return undefined;
}

function usage(what: string): Wrong {
  return { exitCode: 2, stderr: `curl: ${what}\ncurl: try 'curl --help' or 'curl --manual' for more information\n` };
}

/** `Name: value`; `Name:` takes the header away, `Name;` sends it empty. */
function headerOf(given: string): { name: string; value: string | undefined } {
  const at = given.indexOf(':');
  if (at < 0) return { name: given.replace(/;$/, ''), value: '' };
  const value = given.slice(at + 1).trim();
  return { name: given.slice(0, at), value: value === '' ? undefined : value };
}

/** `host:port:address`. */
function resolved(given: string): CurlOptions['resolve'] {
  const [, host, port, address] = /^\+?([^:]+):(\d+):(.+)$/.exec(given) ?? [];
  if (host === undefined || address === undefined) return [];
  return [{ host: host.toLowerCase(), port: Number(port), address: address.split(',')[0]!.replace(/^\[|\]$/g, '') }];
}
