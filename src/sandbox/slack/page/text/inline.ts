/** What a run of formatted text is, however it was written (mrkdwn, markdown, rich_text): one tree, drawn in one place. */

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'strike' | 'underline'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; url: string; children: Inline[] }
  | { kind: 'user' | 'channel' | 'group'; id: string; label?: string }
  | { kind: 'broadcast'; range: string }
  /** `at` in seconds. */
  | { kind: 'date'; at: number; format: string; fallback: string; url?: string }
  | { kind: 'emoji'; name: string; character?: string }
  | { kind: 'color'; value: string }
  | { kind: 'break' };

/** The address if a click on it can only open a page or a mail; undefined for scripts and other schemes. */
export function safeUrl(url: string): string | undefined {
  const trimmed = url.trim();
  return /^(https?:\/\/|mailto:|tel:)/i.test(trimmed) ? trimmed : undefined;
}

/** What is left when all formatting is taken away; `names` finds what mentions are called. */
export function plainText(nodes: Inline[], names: (kind: 'user' | 'channel' | 'group', id: string) => string): string {
  return nodes
    .map(node => {
      switch (node.kind) {
        case 'text':
        case 'code':
          return node.text;
        case 'user':
        case 'channel':
        case 'group':
          return names(node.kind, node.id);
        case 'broadcast':
          return `@${node.range}`;
        case 'date':
          return node.fallback;
        case 'emoji':
          return node.character ?? `:${node.name}:`;
        case 'color':
          return node.value;
        case 'break':
          return '\n';
        default:
          return plainText(node.children, names);
      }
    })
    .join('');
}
