/** A refusal by the local Slack, with the error code that Slack has for it. */
import type { JsonObject } from '../../object.ts';

export class SlackRefusal extends Error {
  override name = 'SlackRefusal';
  /** Slack's code, like `channel_not_found`. */
  readonly code: string;
  /** More fields of the answer, like `needed` and `provided`. */
  readonly fields: JsonObject;
  constructor(code: string, fields: JsonObject = {}) {
    super(code);
    this.code = code;
    this.fields = fields;
  }
}

/** `invalid_arguments` with Slack's sentence for each. */
export function invalidArguments(...messages: string[]): SlackRefusal {
  return new SlackRefusal('invalid_arguments', {
    response_metadata: { messages: messages.map(message => `[ERROR] ${message}`) },
  });
}
