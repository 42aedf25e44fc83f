/** Takes secrets out of what a service answered, before it is shown to people. */

const REDACTED = '«redacted»';

const SECRET_HEADERS =
  /^(set-cookie2?|cookie|authorization|proxy-authorization|www-authenticate|authentication-info)$/i;
const SECRET_NAME = /(token|secret|password|passwd|api[-_]?key|access[-_]?key|private[-_]?key|credential|session)/i;

/**
 * What is known by its form, whatever stands around it. Whoever writes the answer may write it to be slow to read, so
 * each pattern can begin only once in a run of characters that it may run over.
 */
const SECRET_TEXTS: [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
  [/(?<![\w-])eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(\.[A-Za-z0-9_-]*)?/g, REDACTED],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/\bx(ox[a-z]|app)-[A-Za-z0-9-]{8,}/g, REDACTED],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\bgh[pousr]_[A-Za-z0-9]{20,}\b/g, REDACTED],
];

/** `"password": "x"`, `token=x`: by the name that stands before the value; of a very long name, by its end. */
const NAMED = /(["']?)([\w-]{3,64})\1(\s{0,32}[:=]\s*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;&<>"'{}[\]]+)/g;

export function redactHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      SECRET_HEADERS.test(name) || SECRET_NAME.test(name) ? REDACTED : redactText(value),
    ]),
  );
}

export function redactText(text: string): string {
  const known = SECRET_TEXTS.reduce((left, [pattern, by]) => left.replace(pattern, by), text);
  return known.replace(NAMED, (whole, quote: string, name: string, between: string, value: string) => {
    if (!SECRET_NAME.test(name)) return whole;
    const mark = value[0] === '"' || value[0] === "'" ? value[0] : '';
    return `${quote}${name}${quote}${between}${mark}${REDACTED}${mark}`;
  });
}
