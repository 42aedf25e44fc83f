/** Files: an upload is announced, its bytes come, and it is completed into a channel. */

import { newId, secret } from './ids.ts';
import type { PageFile } from './page-protocol.ts';

export interface StoredFile {
  id: string;
  name: string;
  title: string;
  mimetype: string;
  /** As announced. */
  size: number;
  altText?: string;
  snippetType?: string;
  content?: Buffer;
  completed: boolean;
  /** Epoch s. */
  created: number;
}

export interface Files {
  /** `ticket` is the last part of the upload's address. */
  announce(file: { name: string; size: number; altText?: string; snippetType?: string }): {
    file: StoredFile;
    ticket: string;
  };
  /** A string says why not. */
  receive(ticket: string, content: Buffer): StoredFile | string;
  find(id: string): StoredFile | undefined;
}

const TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  webp: 'image/webp',
  json: 'application/json',
  pdf: 'application/pdf',
};
const TEXT = /^(txt|md|ya?ml|diff|patch|log|csv|ts|js|sh|go|py|http)$/;

function mimetypeOf(name: string): string {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return TYPES[extension] ?? (TEXT.test(extension) ? 'text/plain' : 'application/octet-stream');
}

export function newFiles(now: () => number): Files {
  const known = new Map<string, StoredFile>();
  const tickets = new Map<string, StoredFile>();
  return {
    announce({ name, size, altText, snippetType }) {
      const file: StoredFile = {
        id: newId('F'),
        name,
        title: name,
        mimetype: snippetType ? 'text/plain' : mimetypeOf(name),
        size,
        completed: false,
        created: Math.floor(now() / 1000),
      };
      if (altText) file.altText = altText;
      if (snippetType) file.snippetType = snippetType;
      const ticket = secret(16);
      known.set(file.id, file);
      tickets.set(ticket, file);
      return { file, ticket };
    },
    receive(ticket, content) {
      const file = tickets.get(ticket);
      if (!file) return 'This upload address is not known or was used.';
      if (content.length !== file.size) {
        return `${file.size} bytes were announced for ${file.name}, ${content.length} came.`;
      }
      tickets.delete(ticket);
      file.content = content;
      return file;
    },
    find: id => known.get(id),
  };
}

/** How much of a text file the page shows without being asked. */
const PREVIEW = 2000;

export function fileForPage(file: StoredFile): PageFile {
  const shown: PageFile = {
    id: file.id,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    size: file.size,
    url: `/page/files/${file.id}`,
  };
  if (file.altText) shown.altText = file.altText;
  const isText = file.mimetype.startsWith('text/') || file.mimetype === 'application/json';
  if (isText && file.content) shown.preview = file.content.toString('utf8', 0, PREVIEW * 4).slice(0, PREVIEW);
  return shown;
}
