/** Style and script of the product page. */
import { readFileSync } from 'node:fs';
import type { Answer } from '../../proxy/messages.ts';
import { answer } from '../../proxy/messages.ts';

const TYPES: Record<string, string> = {
  'shop.css': 'text/css; charset=utf-8',
  'shop.js': 'text/javascript; charset=utf-8',
  'cover.svg': 'image/svg+xml',
};

const read = new Map<string, string>();

export function asset(name: string): Answer {
  const type = TYPES[name];
  if (type === undefined) return answer(404, 'There is no such file.\n');
  const body = read.get(name) ?? readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');
  read.set(name, body);
  return answer(200, body, '-', { 'content-type': type, 'cache-control': 'max-age=60' });
}
