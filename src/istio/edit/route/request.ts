/** Which requests are to go where. */
import type { JsonObject } from '../../../object.ts';

export interface RouteRequest {
  fqdn: string;
  version: string;
  /** What the requests must meet, as one block of a match: never empty. */
  block: JsonObject;
  /** The VirtualService meant, where several route the service. */
  in?: string | undefined;
  /** Names without a namespace are read by somebody of this one. */
  reader: string;
}
