/** Which of the ports that were asked for are taken: told all at once, before anything is started. */
import { createServer } from 'node:net';
import { ConfigError } from '../config/errors.ts';

/** Ports on loopback by the option that chooses them; 0 is never taken. Throws ConfigError naming each that is. */
export async function requireFree(ports: Record<string, number>): Promise<void> {
  const asked = Object.entries(ports).filter(([, port]) => port !== 0);
  const twice = asked.filter(([, port], at) => asked.findIndex(([, other]) => other === port) !== at);
  if (twice.length > 0)
    throw new ConfigError(twice.map(([option, port]) => `Port ${port} is given twice, for one with ${option}.`));
  const free = await Promise.all(asked.map(([, port]) => isFree(port)));
  const taken = asked.filter((_, at) => !free[at]);
  if (taken.length > 0) throw new ConfigError(taken.map(([option, port]) => takenMessage(option, port)));
}

export function takenMessage(option: string, port: number): string {
  return `Port ${port} is taken. Choose another with ${option}, or 0 for any that is free.`;
}

/** Any other trouble than EADDRINUSE is left to whoever listens for good. */
function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', error => resolve((error as NodeJS.ErrnoException).code !== 'EADDRINUSE'));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
