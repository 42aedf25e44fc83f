/** What runs in a pod of no known app: it says who it is and what it was sent. */
import type { App } from './app.ts';
import { json } from './app.ts';

export const echo: App = async (request, { self }) =>
  json(200, {
    app: self.app,
    version: self.version,
    pod: self.pod,
    method: request.method,
    url: `${request.scheme}://${request.host}${request.path}`,
    headers: request.headers,
    body: request.body,
  });
