/** What somebody typed, out of what Slack sends: its links and mentions as they looked, its escapes undone. */

/** docs.slack.dev/messaging/formatting-message-text: `<url|label>`, `<@U…|name>`, `<#C…|name>`, `<!here>`. */
export function typed(text: string): string {
  return text
    .replace(
      /<([@#!][^<>|\s]+|[a-z][a-z+.-]*:[^<>|\s]+)(?:\|([^<>]*))?>/gi,
      (_, target: string, label: string | undefined) => shown(target, label),
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll('\u00A0', ' ')
    .trim();
}

function shown(target: string, label: string | undefined): string {
  const sign = target.charAt(0);
  if (sign === '@' || sign === '#') return label ? `${sign}${label.replace(/^[@#]/, '')}` : target;
  if (sign === '!') return `@${(label ?? target.slice(1)).replace(/^@/, '')}`;
  /** Slack makes `reviews.default` a link of its own; what was typed is the label. */
  return label ?? target;
}

/** Ids of the channels that a text mentions, if any, by the name that `typed` leaves of them, without its `#`. */
export function channelsIn(text: string): { channels?: Record<string, string> } {
  const found = [...text.matchAll(/<#([CG][A-Z0-9]+)(?:\|([^<>]*))?>/g)];
  return found.length === 0 ? {} : { channels: Object.fromEntries(found.map(([, id, name]) => [name || id!, id!])) };
}

/** The text without the mention of the bot that begins it. */
export function withoutMention(text: string, bot: string): string {
  const mention = new RegExp(`^\\s*<@${bot}(?:\\|[^<>]*)?>[\\s,:]*`);
  return text.replace(mention, '');
}
