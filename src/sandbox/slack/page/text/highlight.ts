/** Colours code by kind of word: diff, YAML and JSON, the three that a mesh's changes are written in. Pure. */

type TokenKind = 'plain' | 'key' | 'string' | 'number' | 'keyword' | 'comment' | 'punctuation';
interface Token {
  kind: TokenKind;
  text: string;
}
export interface CodeLine {
  /** 'added' and 'removed' colour the whole line; 'hunk' is a diff's place mark, 'file' its file names. */
  mark: 'none' | 'added' | 'removed' | 'hunk' | 'file';
  tokens: Token[];
}

export type Language = 'diff' | 'yaml' | 'json' | 'text';

/** By the name of a file or of a language. */
export function languageOf(name: string, mimetype = ''): Language {
  const of = `${name} ${mimetype}`.toLowerCase();
  if (/\b(diff|patch)\b/.test(of)) return 'diff';
  if (/\bya?ml\b/.test(of)) return 'yaml';
  return /\bjson\b/.test(of) ? 'json' : 'text';
}

export function highlight(text: string, language: Language): CodeLine[] {
  return text.split('\n').map(line => {
    if (language === 'diff') return diffLine(line);
    const tokens = language === 'yaml' ? yamlTokens(line) : language === 'json' ? jsonTokens(line) : plain(line);
    return { mark: 'none', tokens };
  });
}

function plain(text: string): Token[] {
  return text === '' ? [] : [{ kind: 'plain', text }];
}

function diffLine(line: string): CodeLine {
  if (/^(---|\+\+\+|diff |index )/.test(line)) return { mark: 'file', tokens: plain(line) };
  if (line.startsWith('@@')) return { mark: 'hunk', tokens: plain(line) };
  const mark = line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'none';
  // The changed manifests are YAML.
  return { mark, tokens: [...plain(line.slice(0, 1)), ...yamlTokens(line.slice(1))] };
}

function yamlTokens(line: string): Token[] {
  const match = /^(\s*(?:- )*)([\w./$-]+|"[^"]*"|'[^']*')(:)(?=\s|$)(.*)$/.exec(line);
  if (!match) {
    const item = /^(\s*-\s)(.*)$/.exec(line);
    return item ? [punctuation(item[1] ?? ''), ...yamlValue(item[2] ?? '')] : yamlValue(line);
  }
  const [, lead = '', key = '', colon = '', rest = ''] = match;
  return [punctuation(lead), { kind: 'key' as const, text: key }, punctuation(colon), ...yamlValue(rest)].filter(
    token => token.text !== '',
  );
}

function punctuation(text: string): Token {
  return { kind: 'punctuation', text };
}

function yamlValue(text: string): Token[] {
  const comment = /(^|\s)#.*$/.exec(text);
  if (comment && !/^\s*["']/.test(text)) {
    return [...yamlValue(text.slice(0, comment.index)), { kind: 'comment', text: text.slice(comment.index) }];
  }
  const trimmed = text.trim();
  if (trimmed === '') return plain(text);
  if (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(trimmed)) return [{ kind: 'number', text }];
  if (/^(true|false|null|~)$/.test(trimmed)) return [{ kind: 'keyword', text }];
  if (/^(".*"|'.*')$/.test(trimmed)) return [{ kind: 'string', text }];
  return /^[|>][+-]?$/.test(trimmed) ? [punctuation(text)] : [{ kind: 'string', text }];
}

function jsonTokens(line: string): Token[] {
  const tokens: Token[] = [];
  for (const match of line.matchAll(
    /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)|([{}[\],:]+)|(\s+|.)/g,
  )) {
    const [whole, string, colon, number, keyword, marks] = match;
    if (string !== undefined) {
      tokens.push({ kind: colon === undefined ? 'string' : 'key', text: string });
      if (colon !== undefined) tokens.push(punctuation(colon));
    } else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (keyword !== undefined) tokens.push({ kind: 'keyword', text: keyword });
    else if (marks !== undefined) tokens.push(punctuation(marks));
    else tokens.push({ kind: 'plain', text: whole });
  }
  return tokens;
}
