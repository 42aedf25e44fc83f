/** Serves the page's own files and its three libraries; TypeScript goes to the browser with its types stripped. */
import { readFile, stat } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface StaticFile {
  type: string;
  content: string | Buffer;
}

const PAGE = fileURLToPath(new URL('./page/', import.meta.url));

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.js': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
};

/** Where the browser finds what the page imports by name. */
const LIBRARIES: Record<string, string> = {
  preact: '/lib/preact.js',
  'preact/hooks': '/lib/preact-hooks.js',
  htm: '/lib/htm.js',
};

const cache = new Map<string, { at: number; file: StaticFile }>();

/** `path` as in the address: '/', '/app.ts', '/lib/preact.js'. undefined: there is no such file. */
export async function staticFile(path: string): Promise<StaticFile | undefined> {
  const library = Object.entries(LIBRARIES).find(([, address]) => address === path)?.[0];
  const file = library ? fileURLToPath(import.meta.resolve(library)) : inPage(path);
  if (!file) return undefined;
  try {
    const { mtimeMs } = await stat(file);
    const known = cache.get(file);
    if (known?.at === mtimeMs) return known.file;
    const made = await make(file);
    cache.set(file, { at: mtimeMs, file: made });
    return made;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A file in the page's folder, of a kind that is served; never one outside of it. */
function inPage(path: string): string | undefined {
  let name: string;
  try {
    name = decodeURIComponent(path === '/' ? '/index.html' : path);
  } catch {
    return undefined;
  }
  if (name.includes('\0')) return undefined;
  const file = join(PAGE, name);
  const inside = file.startsWith(PAGE.endsWith(sep) ? PAGE : PAGE + sep);
  return inside && TYPES[extname(file)] ? file : undefined;
}

async function make(file: string): Promise<StaticFile> {
  const extension = extname(file);
  const type = TYPES[extension] ?? 'text/javascript; charset=utf-8';
  const content = await readFile(file);
  if (extension === '.ts') return { type, content: linked(quietly(() => stripTypeScriptTypes(content.toString()))) };
  if (extension === '.js' || extension === '.mjs') return { type, content: linked(content.toString()) };
  return { type, content };
}

/** Node calls the stripping experimental at its first use; who starts this need not hear of it. */
function quietly<T>(work: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** With imports by name turned into addresses. */
function linked(code: string): string {
  return code.replace(
    /(\bfrom\s*|\bimport\s*\(?\s*)(["'])(preact(?:\/hooks)?|htm)\2/g,
    (_all, before: string, quote: string, name: string) => `${before}${quote}${LIBRARIES[name]}${quote}`,
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(String(error.code));
}
