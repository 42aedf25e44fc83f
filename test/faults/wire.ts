/** The line between meshbot and the API server, which a test slows down and cuts. It carries bytes; TLS goes through it. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Wire {
  port: number;
  /** ms that every byte is under way from now on, in each direction. */
  slow(ms: number): void;
  /** Ends all connections, loses what is under way, and lets nobody in until it is mended. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function layWire(to: { host: string; port: number }): Promise<Wire> {
  const sockets = new Set<Socket>();
  let delay = 0;
  let isCut = false;
  const server = createServer(near => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(to);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      // The other end says what became of it.
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    carry(near, far, () => delay);
    carry(far, near, () => delay);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    slow(ms) {
      delay = ms;
    },
    cut,
    mend() {
      isCut = false;
    },
    close() {
      cut();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}

/** In order, also when it gets faster meanwhile. */
function carry(from: Socket, to: Socket, delay: () => number): void {
  let last = 0;
  const later = (deed: () => void) => {
    last = Math.max(last, Date.now() + delay());
    setTimeout(deed, last - Date.now());
  };
  from.on('data', chunk => later(() => to.destroyed || to.write(chunk)));
  from.on('end', () => later(() => to.destroyed || to.end()));
  from.on('close', () => later(() => to.destroy()));
}
