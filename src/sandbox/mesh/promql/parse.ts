/** Reads a PromQL query: selectors, rate and increase, sum by, histogram_quantile, or. Anything else is a QueryError. */
import type { Expression, Matcher, Selector, Token } from './syntax.ts';
import { QueryError, tokens } from './syntax.ts';

export function parse(query: string): Expression {
  const reader = new Reader(tokens(query));
  const expression = reader.expression();
  reader.end();
  return expression;
}

const UNIT: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };

/** Istio's dashboards and meshbot ask for no more than these. */
const OTHER_FUNCTIONS = new Set([
  'irate',
  'avg',
  'max',
  'min',
  'count',
  'topk',
  'delta',
  'abs',
  'label_replace',
  'time',
]);

class Reader {
  readonly #tokens: Token[];
  #at = 0;

  constructor(read: Token[]) {
    this.#tokens = read;
  }

  expression(): Expression {
    let left = this.#operand();
    while (this.#peek()?.text === 'or') {
      this.#take();
      const right = this.#operand();
      if (!isVector(left) || !isVector(right)) throw this.#type('instant vector', 'set operator "or"', 'another');
      left = { kind: 'or', left, right };
    }
    return left;
  }

  #operand(): Expression {
    const token = this.#take();
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.text === '(') {
      const inner = this.expression();
      this.#want(')');
      return inner;
    }
    if (token.text === '{') return this.#selector('', token);
    if (token.kind !== 'name') throw this.#unexpected(token);
    if (token.text === 'sum') return this.#sum();
    if (this.#peek()?.text !== '(') return this.#selector(token.text, token);
    if (token.text === 'rate' || token.text === 'increase') return this.#rate(token.text);
    if (token.text === 'histogram_quantile') return this.#quantile();
    const known = OTHER_FUNCTIONS.has(token.text) ? 'is not answered by the local Prometheus' : 'is unknown';
    throw new QueryError(`1:${token.at}: parse error: function "${token.text}" ${known}`);
  }

  end(): void {
    const rest = this.#peek();
    if (rest) throw this.#unexpected(rest);
  }

  #sum(): Expression {
    let by = this.#by();
    this.#want('(');
    const of = this.expression();
    this.#want(')');
    by ??= this.#by();
    if (of.kind === 'selector' && of.range !== undefined)
      throw this.#type('instant vector', 'aggregation', 'range vector');
    return { kind: 'sum', by: by ?? [], of };
  }

  #by(): string[] | undefined {
    if (this.#peek()?.text !== 'by') return undefined;
    this.#take();
    this.#want('(');
    const labels: string[] = [];
    while (this.#peek()?.text !== ')') {
      labels.push(this.#name());
      if (this.#peek()?.text === ',') this.#take();
      else if (this.#peek()?.text !== ')') throw this.#unexpected(this.#peek());
    }
    this.#want(')');
    return labels;
  }

  #rate(name: 'rate' | 'increase'): Expression {
    this.#want('(');
    const of = this.expression();
    this.#want(')');
    if (of.kind !== 'selector' || of.range === undefined) {
      throw this.#type(
        'range vector',
        `call to function "${name}"`,
        of.kind === 'number' ? 'scalar' : 'instant vector',
      );
    }
    return { kind: 'rate', function: name, of };
  }

  #quantile(): Expression {
    this.#want('(');
    const q = this.#take();
    if (q.kind !== 'number') throw this.#unexpected(q);
    this.#want(',');
    const of = this.expression();
    this.#want(')');
    return { kind: 'quantile', q: Number(q.text), of };
  }

  #selector(metric: string, from: Token): Selector {
    const matchers: Matcher[] = [];
    if (from.text === '{' || this.#peek()?.text === '{') {
      if (from.text !== '{') this.#take();
      while (this.#peek()?.text !== '}') {
        matchers.push(this.#matcher());
        if (this.#peek()?.text === ',') this.#take();
        else if (this.#peek()?.text !== '}') throw this.#unexpected(this.#peek());
      }
      this.#want('}');
    }
    const named = metric || (matchers.find(each => each.label === '__name__' && each.operator === '=')?.value ?? '');
    if (named === '') throw new QueryError(`1:${from.at}: parse error: vector selector must name a metric`);
    const rest = matchers.filter(each => each.label !== '__name__');
    if (this.#peek()?.text !== '[') return { kind: 'selector', metric: named, matchers: rest };
    this.#take();
    const range = this.#take();
    if (range.kind !== 'duration') throw this.#unexpected(range);
    this.#want(']');
    return { kind: 'selector', metric: named, matchers: rest, range: seconds(range.text) };
  }

  #matcher(): Matcher {
    const label = this.#name();
    const operator = this.#take();
    if (!['=', '!=', '=~', '!~'].includes(operator.text)) throw this.#unexpected(operator);
    const value = this.#take();
    if (value.kind !== 'string') throw this.#unexpected(value);
    return { label, operator: operator.text as Matcher['operator'], value: unquoted(value) };
  }

  #name(): string {
    const token = this.#take();
    if (token.kind !== 'name') throw this.#unexpected(token);
    return token.text;
  }

  #want(text: string): void {
    const token = this.#take();
    if (token.text !== text) throw this.#unexpected(token);
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #take(): Token {
    const token = this.#tokens[this.#at];
    if (!token) throw this.#unexpected(undefined);
    this.#at += 1;
    return token;
  }

  #unexpected(token: Token | undefined): QueryError {
    const last = this.#tokens.at(-1);
    if (!token)
      return new QueryError(`1:${(last?.at ?? 1) + (last?.text.length ?? 0)}: parse error: unexpected end of input`);
    return new QueryError(`1:${token.at}: parse error: unexpected ${JSON.stringify(token.text)}`);
  }

  #type(wanted: string, where: string, got: string): QueryError {
    return new QueryError(`1:1: parse error: expected type ${wanted} in ${where}, got ${got}`);
  }
}

function isVector(expression: Expression): boolean {
  return expression.kind !== 'number' && !(expression.kind === 'selector' && expression.range !== undefined);
}

function seconds(duration: string): number {
  let total = 0;
  for (const [, amount, unit] of duration.matchAll(/(\d+)(ms|[smhdwy])/g)) total += Number(amount) * UNIT[unit!]!;
  return total;
}

function unquoted({ text, at }: Token): string {
  try {
    const inner = text.slice(1, -1);
    return JSON.parse(
      `"${text.startsWith("'") ? inner.replaceAll("\\'", "'").replaceAll('"', '\\"') : inner}"`,
    ) as string;
  } catch {
    throw new QueryError(`1:${at}: parse error: invalid string ${text}`);
  }
}
