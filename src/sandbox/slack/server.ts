/** Starts a local Slack: a workspace with people, the APIs that @slack/bolt talks to, and a page to use it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newWorkspace, type Workspace, type WorkspaceOptions } from './workspace.ts';

export interface SlackOptions extends Omit<WorkspaceOptions, 'url'> {
  /** 0, the default: any that is free. */
  port?: number;
}

export type LocalSlack = Omit<Workspace, 'handle' | 'upgrade'>;

/** Throws an Error with the system's own as its cause where the port cannot be had. */
export async function startSlack(options: SlackOptions = {}): Promise<LocalSlack> {
  const server = createServer();
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const { handle, upgrade, ...slack } = newWorkspace({ ...options, url: `http://127.0.0.1:${port}/` });
  server.on('request', handle);
  server.on('upgrade', upgrade);
  return {
    ...slack,
    async close() {
      await slack.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    const why = taken ? 'something else is using that port' : 'the system refused';
    throw new Error(`The local Slack cannot listen on 127.0.0.1:${port}: ${why}.`, { cause });
  }
}
