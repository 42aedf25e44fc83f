/** Whether Envoy takes what a route writes into a header: text, `%%`, `%NAME%` and `%NAME(arguments)%`. */

/** In words of istiod; undefined where it does. */
export function headerValueFault(value: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that are refused.
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) return `header value configuration ${value} is invalid`;
  let at = value.indexOf('%');
  while (at >= 0) {
    if (at === value.length - 1) return said('Un-escaped %');
    const end = value[at + 1] === '%' ? at + 2 : afterVariable(value, at + 1);
    if (typeof end === 'string') return said(end);
    at = value.indexOf('%', end);
  }
  return undefined;
}

const said = (why: string) => `header value configuration: invalid header configuration. ${why}`;

/** Where the text goes on behind a variable, or what is wrong with it. */
function afterVariable(value: string, from: number): number | string {
  const unterminated = `Un-terminated variable expression '${value}'`;
  const name = matchEnd(/[^%(]*/y, value, from);
  if (name === value.length) return unterminated;
  if (value[name] === '%') return name + 1;
  const close = afterArguments(value, matchEnd(/ */y, value, name + 1));
  if (typeof close === 'string') return close;
  const end = matchEnd(/ */y, value, close);
  if (end >= value.length) return unterminated;
  return value[end] === '%' ? end + 1 : "Expecting '%' or whitespace after";
}

/** Of `["a", "b"])` or `a)`, whose first character may be any. Behind the value's end where it ends too early. */
function afterArguments(value: string, from: number): number | string {
  const isList = value[from] === '[';
  let at = from + 1;
  for (let isFirst = true; at < value.length; isFirst = false) {
    if (isList || !isFirst) {
      at = matchEnd(/ */y, value, at);
      if (at >= value.length) return at;
      if (value[at] !== '"') return `Expecting '"'`;
      at += 1;
    }
    at = matchEnd(/(?:[^"\\)]|\\.)*/sy, value, at);
    if (value[at] === '\\') return 'Un-terminated backslash in JSON string';
    if (value[at] === ')') return at + 1;
    at = matchEnd(/ */y, value, at + 1);
    if (value[at] === ']') return afterList(value, matchEnd(/ */y, value, at + 1));
    if (at < value.length && value[at] !== ',') return "Expecting ',', ']', or whitespace";
    at += 1;
  }
  return at;
}

function afterList(value: string, at: number): number | string {
  // istiod leaves its own braces empty.
  return at >= value.length || value[at] === ')' ? at + 1 : "Expecting ')' or whitespace after '{}', but found '{}'";
}

/** `pattern` is sticky, and fits an empty text. */
function matchEnd(pattern: RegExp, value: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(value) ? pattern.lastIndex : from;
}
