/** Reads one word as one kind of argument, or says in a sentence why it cannot be that. */

import { isLabel, isName } from '../istio/hosts.ts';
import type { Json } from '../object.ts';
import type { ProbeSource } from '../ports.ts';
import type { Span } from '../view.ts';
import { readDuration, readGate } from './lengths.ts';
import { nearest } from './nearest.ts';
import type { Parameter, Vocabulary } from './parameters.ts';
import type { Reading } from './reading.ts';
import { groupOf } from './verbs.ts';

export interface ReadContext {
  vocabulary: Vocabulary;
  /** Arguments read so far, by name. */
  values: Record<string, Json>;
}

/** What Kubernetes takes as a label's value, and so as a version. */
const LABEL_VALUE = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

export function readWord(word: string, parameter: Parameter, context: ReadContext): Reading {
  switch (parameter.type) {
    case 'service':
      return parameter.port ? readServicePort(word, context.vocabulary) : readService(word, context.vocabulary);
    case 'version':
      if (parameter.or?.includes(word.toLowerCase())) return value(word.toLowerCase());
      return readVersion(word, String(context.values[parameter.of] ?? ''), context.vocabulary);
    case 'percent':
      return readPercent(word);
    case 'percents':
      return readPercents(word);
    case 'duration':
      return readDuration(word, parameter);
    case 'gates':
      return readGate(word);
    case 'count':
      return readCount(word, parameter.most);
    case 'change':
      return readChange(word, context.vocabulary);
    case 'verb':
      return readVerb(word, context.vocabulary);
    case 'url':
      return readUrl(word, context.vocabulary);
    case 'source':
      return readSource(word);
    case 'gateway':
      return readGateway(word, context.vocabulary);
    case 'pairs':
      return readPair(word);
    case 'list':
      return word.trim() === '' ? mistake(['An empty word says nothing. Leave it out.']) : value([word]);
    case 'word':
    case 'words':
      return word.trim() === '' ? mistake(['An empty word says nothing. Write a name.']) : value(word);
    case 'switch':
      return value(true);
  }
}

function readService(word: string, vocabulary: Vocabulary): Reading {
  if (!isName(word.toLowerCase()) || !word.toLowerCase().split('.').every(isLabel)) return notAName(word);
  const name = word.toLowerCase().replace(/\.svc(\.cluster\.local)?$/, '');
  if (vocabulary.hasService?.(name)) return value(name);
  const { services } = vocabulary;
  // `reviews.default` is the `reviews` of a list that leaves its own namespace out.
  const known = services.length === 0 || services.includes(name) || services.includes(name.split('.')[0]!);
  return known ? value(name) : mistake([{ code: word }, ' is not a service here.', ...meant(name, services)]);
}

function readServicePort(word: string, vocabulary: Vocabulary): Reading {
  const [name = '', port, ...rest] = word.split(':');
  const number = port === undefined ? undefined : /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN;
  if (rest.length > 0 || Number.isNaN(number) || number === 0 || (number ?? 0) > 65_535) {
    return mistake([{ code: word }, ' is not a service with a port. Write ', { code: 'productpage:9080' }, '.']);
  }
  const service = readService(name, vocabulary);
  return service.kind === 'mistake' || number === undefined ? service : value(`${service.value}:${number}`);
}

/** Those of other namespaces are listed by both names, and meant by either where that is clear: the planner says so. */
function readGateway(word: string, { gateways }: Vocabulary): Reading {
  const name = word.toLowerCase();
  const parts = name.split('/');
  if (parts.length > 2 || !parts.every(isName)) {
    return mistake([
      { code: word },
      ' is not a Gateway. Write ',
      { code: 'name' },
      ' or ',
      { code: 'namespace/name' },
      '.',
    ]);
  }
  const own = parts.at(-1)!;
  const isKnown =
    gateways.includes(name) || gateways.some(each => (parts.length === 1 ? each.endsWith(`/${name}`) : each === own));
  // `shop.istio-system` is how VirtualServices of old name one.
  const isOld = gateways.some(each => each === name.split('.').reverse().join('/'));
  if (gateways.length === 0 || isKnown || isOld) return value(name);
  return mistake([{ code: word }, ' is not a Gateway here.', ...meant(name, gateways)]);
}

function readVersion(word: string, service: string, vocabulary: Vocabulary): Reading {
  if (!LABEL_VALUE.test(word)) return notAName(word);
  const known = vocabulary.versions(service);
  if (known.length === 0 || known.includes(word)) return value(word);
  return mistake([{ code: word }, ' is not a version of ', { code: service }, '.', ...meant(word, known)]);
}

/** Only what everybody reads the same way: `50` or `50%`, no exponent, sign or fraction. */
function readPercent(word: string): Reading {
  const digits = /^(\d{1,3})\s?%?$/.exec(word)?.[1];
  const percent = digits === undefined ? Number.NaN : Number(digits);
  if (percent <= 100) return value(percent);
  return mistake([{ code: word }, ' is not a share. Write a whole number from 0 to 100, like ', { code: '50' }, '.']);
}

/** Ever more: a step back is what `abort` and `undo` are for. */
function readPercents(word: string): Reading {
  const parts = word.split(',').map(part => part.trim());
  const percents: number[] = [];
  for (const part of parts) {
    const reading = readPercent(part);
    if (reading.kind === 'mistake') return reading;
    percents.push(Number(reading.value));
  }
  const rises = percents.every((percent, at) => at === 0 || percent > percents[at - 1]!);
  if (rises) return value(percents);
  return mistake([
    { code: word },
    ' does not rise. Write each step larger than the one before: ',
    { code: '5,25,50' },
    '.',
  ]);
}

function readCount(word: string, most: number): Reading {
  const count = /^\d{1,9}$/.test(word) ? Number(word) : Number.NaN;
  if (count >= 1 && count <= most) return value(count);
  return mistake([{ code: word }, ` is not a count. Write a whole number from 1 to ${most}.`]);
}

function readChange(word: string, { changes }: Vocabulary): Reading {
  const name = word.toLowerCase();
  if (!isName(name)) return notAName(word);
  if (changes.includes(name)) return value(name);
  const begun = changes.filter(change => change.startsWith(name));
  if (begun.length === 1) return value(begun[0]!);
  if (begun.length > 1) {
    return mistake([{ code: word }, ` is the beginning of ${begun.length} changes. Write more of it.`]);
  }
  const near = nearest(name, changes);
  return mistake([
    { code: word },
    ' is not a change here.',
    ...(near ? meant(name, [near]) : [' See ', { code: 'history' }, ' for the ids.']),
  ]);
}

function readVerb(word: string, { verbs }: Vocabulary): Reading {
  const verb = word.toLowerCase();
  const isKnown = verbs.includes(verb) || groupOf(verb, verbs).length > 0;
  return isKnown ? value(verb) : mistake([{ code: word }, ' is not a command.', ...meant(verb, verbs)]);
}

/** `http://…`, or `service[:port]/path` for people who know only the service. Which targets are refused, the probe says. */
function readUrl(word: string, vocabulary: Vocabulary): Reading {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(word) ? word : `http://${word}`;
  if (!URL.canParse(full) || /[\s\\]/.test(word)) {
    return mistake([
      { code: word },
      ' is not an address. Write ',
      { code: 'productpage/path' },
      ' or a whole http:// address.',
    ]);
  }
  const { protocol, hostname } = new URL(full);
  if (protocol !== 'http:' && protocol !== 'https:') {
    return mistake([{ code: word }, ' is not http. Only http:// and https:// addresses can be asked.']);
  }
  // A bare word without a dot can only be a service; with one it can be any host.
  const isBare = full !== word && !hostname.includes('.') && !hostname.includes(':') && hostname !== 'localhost';
  if (!isBare || vocabulary.hasService?.(hostname)) return value(full);
  const { services } = vocabulary;
  if (services.length > 0 && !services.includes(hostname)) {
    return mistake([{ code: hostname }, ' is not a service here.', ...meant(hostname, services)]);
  }
  return value(full);
}

/** Namespace '' of a pod stands for the one that names without a namespace are read in. */
function readSource(word: string): Reading {
  if (word === 'outside' || word === 'gateway') return value({ kind: 'gateway' } satisfies ProbeSource);
  const [kind, name, ...rest] = word.split(':');
  if (kind === 'gateway' && name && rest.length === 0 && isName(name)) return value({ kind: 'gateway', name });
  if (kind === 'pod' && name && rest.length === 0 && isName(name) && name.split('.').length <= 2) {
    const [pod = '', namespace = ''] = name.split('.');
    return value({ kind: 'pod', namespace, pod });
  }
  return mistake([
    { code: word },
    ' is not a place to ask from. Write ',
    { code: 'outside' },
    ', ',
    { code: 'pod:name' },
    ' or ',
    { code: 'pod:name.namespace' },
    '.',
  ]);
}

function readPair(word: string): Reading {
  const at = word.search(/[=:]/);
  const name = word.slice(0, at).trim();
  const text = word.slice(at + 1).trim();
  // Field names and values of RFC 9110; a line break would begin another header.
  const isPlain = [...text].every(char => char >= ' ' && char !== '\u007f');
  if (at > 0 && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && isPlain) return value([{ name, value: text }]);
  return mistake([{ code: word }, ' is not a pair. Write ', { code: 'name=value' }, '.']);
}

function notAName(word: string): Reading {
  return mistake([{ code: word }, ' cannot be a name: names are small letters, digits and hyphens.']);
}

/** The nearest name, else the names there are, if they are few. */
export function meant(word: string, known: string[]): Span[] {
  const near = nearest(word, known);
  if (near !== undefined) return [' Did you mean ', { code: near }, '?'];
  if (known.length === 0 || known.length > 12) return [];
  return [
    ' There are: ',
    ...known.flatMap((name, index): Span[] => [...(index > 0 ? [', '] : []), { code: name }]),
    '.',
  ];
}

function value(read: Json): Reading {
  return { kind: 'value', value: read };
}

function mistake(says: Span[]): Reading {
  return { kind: 'mistake', says };
}
