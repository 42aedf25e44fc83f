import { createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { requireFree } from '../../src/start/ports.ts';

const close: (() => void)[] = [];
afterEach(() => close.splice(0).forEach(each => void each()));

function taken(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer();
    close.push(() => server.close());
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}

it('names every port that is taken at once, each with the option that chooses another', async () => {
  const [first, second] = await Promise.all([taken(), taken()]);
  const ports = { '--slack-port': first, '--shop-port': 0, '--health-port': second };
  await expect(requireFree(ports)).rejects.toMatchObject({
    problems: [
      `Port ${first} is taken. Choose another with --slack-port, or 0 for any that is free.`,
      `Port ${second} is taken. Choose another with --health-port, or 0 for any that is free.`,
    ],
  });
});

it('names a port that is given for two things', async () => {
  await expect(requireFree({ '--slack-port': 4711, '--shop-port': 4711 })).rejects.toThrow(
    'Port 4711 is given twice, for one with --shop-port.',
  );
});

it('leaves a free port free', async () => {
  const port = await taken();
  close.splice(0).forEach(each => void each());
  await expect
    .poll(() =>
      requireFree({ '--slack-port': port }).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  await expect(requireFree({ '--slack-port': port })).resolves.toBeUndefined();
});
