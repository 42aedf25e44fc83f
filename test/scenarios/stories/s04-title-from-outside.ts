/** S4: the page's title from outside, and from a pod that is inside anyway. */
import { expect } from 'vitest';
import { scenario } from '../story.ts';

const TITLE = '<title>Simple Bookstore App</title>';

export default scenario(
  { id: 'S4', title: 'The page’s title from outside, and from a pod' },
  async ({ world, talk }) => {
    const title = /<title>.*<\/title>/.exec((await world.visit({ path: '/productpage' })).body)?.[0] ?? TITLE;

    const outside = await talk.ask('/mesh curl productpage/productpage');
    expect(outside).toContain('from outside: 200');
    expect(outside).toContain(title);

    const inside = await talk.ask('/mesh curl productpage/productpage --from pod:ratings');
    expect(inside).toMatch(/from pod ratings-v1-\S+\.default: 200/);
    expect(inside).toContain(title);
    const own = await world.curl({ app: 'ratings', namespace: 'default' }, [
      '-s',
      'http://productpage:9080/productpage',
    ]);
    expect(own.stdout).toContain(title);

    // Internal services are reachable from inside alone.
    expect((await world.visit({ path: '/reviews/0' })).status).toBe(404);
    expect(await talk.ask('/mesh curl reviews/reviews/0')).toContain('from outside: 404');
    expect(await talk.ask('/mesh curl reviews/reviews/0 --from pod:ratings')).toMatch(/from pod \S+: 200/);
  },
);
