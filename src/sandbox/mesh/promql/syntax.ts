/** The part of PromQL that the local Prometheus answers. */

export interface Matcher {
  label: string;
  operator: '=' | '!=' | '=~' | '!~';
  value: string;
}

export interface Selector {
  kind: 'selector';
  metric: string;
  matchers: Matcher[];
  /** s; absent: an instant vector. */
  range?: number;
}

export type Expression =
  | { kind: 'number'; value: number }
  | Selector
  | { kind: 'rate'; function: 'rate' | 'increase'; of: Selector }
  | { kind: 'sum'; by: string[]; of: Expression }
  | { kind: 'or'; left: Expression; right: Expression }
  | { kind: 'quantile'; q: number; of: Expression };

/** As Prometheus says it: `1:5: parse error: …`. */
export class QueryError extends Error {
  override name = 'QueryError';
}

export interface Token {
  kind: 'name' | 'number' | 'string' | 'duration' | 'mark';
  text: string;
  /** 1 for the first character. */
  at: number;
}

const PARTS: [Token['kind'], RegExp][] = [
  ['duration', /(?:\d+(?:ms|[smhdwy]))+(?![A-Za-z0-9_])/y],
  ['number', /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['name', /[A-Za-z_:][A-Za-z0-9_:]*/y],
  ['string', /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y],
  ['mark', /=~|!~|!=|[=(){}[\],]/y],
];

export function tokens(query: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < query.length) {
    if (/\s/.test(query[at]!)) {
      at += 1;
      continue;
    }
    const token = next(query, at);
    if (!token) throw new QueryError(`1:${at + 1}: parse error: unexpected character: ${JSON.stringify(query[at])}`);
    found.push(token);
    at += token.text.length;
  }
  return found;
}

function next(query: string, at: number): Token | undefined {
  for (const [kind, pattern] of PARTS) {
    pattern.lastIndex = at;
    const text = pattern.exec(query)?.[0];
    if (text !== undefined) return { kind, text, at: at + 1 };
  }
  return undefined;
}
