/** S3: the shop is opened to the outside by a Gateway and a VirtualService with Bookinfo's five matches, and closed again. */
import { expect } from 'vitest';
import { scenario } from '../story.ts';

const PATHS = ['/productpage', '/static*', '/login', '/logout', '/api/v1/products*'];
const GATEWAY = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  namespace: 'default',
  name: 'bookinfo-gateway',
};
const HOST = 'shop.example.com';

export default scenario(
  { id: 'S3', title: 'The shop opened by a Gateway and a VirtualService' },
  async ({ world, talk }) => {
    const status = async (path: string) => (await world.visit({ path, host: HOST })).status;
    await world.remove({ ...GATEWAY, kind: 'VirtualService', name: 'bookinfo' });
    await expect.poll(() => status('/productpage'), { timeout: 10_000 }).toBe(404);

    const paths = PATHS.map(path => `--path ${path}`).join(' ');
    const { card, receipt, undo } = await talk.change(`/mesh gateway open ${HOST} productpage ${paths}`);
    expect(card).toContain(`Open ${HOST}`);
    expect(receipt).toContain('Proven: consistent with 100 % to v1');
    expect(await status('/productpage')).toBe(200);
    expect(await status('/static/shop.css')).not.toBe(404);
    expect(await status('/api/v1/products')).toBe(200);
    expect(await status('/reviews/0')).toBe(404);
    const made = await world.list('VirtualService', 'default');
    expect(made.some(({ spec }) => JSON.stringify(spec?.hosts) === `["${HOST}"]`)).toBe(true);

    await talk.change(undo);
    await expect.poll(() => status('/productpage'), { timeout: 10_000 }).toBe(404);
  },
);
