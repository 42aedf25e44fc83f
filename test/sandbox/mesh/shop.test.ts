import { describe, expect, it } from 'vitest';
import { startMesh } from '../../../src/sandbox/mesh/mesh.ts';
import { local, MapCluster, version } from './local.ts';

const HALF = `
- route:
    - { destination: { host: reviews, subset: v1 }, weight: 50 }
    - { destination: { host: reviews, subset: v3 }, weight: 50 }`;
const ALL_V3 = '[{ route: [{ destination: { host: reviews, subset: v3 } }] }]';

describe('the shop', () => {
  it('shows the book, its details and reviews without stars at first', async () => {
    const { page } = await local();
    const text = await page();
    expect(text).toContain('<title>Simple Bookstore App</title>');
    expect(text).toContain('<dd>paperback</dd>');
    expect(text).toContain('Reviewer2');
    expect(text).not.toContain('class="stars');
  });

  it('is reached under the five paths of its VirtualService and no other', async () => {
    const { mesh } = await local();
    for (const path of [
      '/productpage',
      '/static/shop.css',
      '/static/shop.js',
      '/static/cover.svg',
      '/api/v1/products',
    ]) {
      expect([path, (await fetch(mesh.gatewayUrl + path)).status]).toEqual([path, 200]);
    }
    expect((await fetch(`${mesh.gatewayUrl}/any`)).status).toBe(404);
    expect((await fetch(`${mesh.gatewayUrl}/static/../../secret`)).status).toBe(404);
  });

  it('shows black stars to jason once he has signed in, until he signs out', async () => {
    const { mesh, page } = await local();
    const login = await fetch(`${mesh.gatewayUrl}/login`, {
      method: 'POST',
      body: new URLSearchParams({ username: 'jason' }),
      redirect: 'manual',
    });
    expect([login.status, login.headers.get('location')]).toEqual([303, '/productpage']);
    const cookie = login.headers.get('set-cookie')!.split(';')[0]!;
    const signedIn = await page({ cookie });
    expect(signedIn).toContain('Signed in as <b>jason</b>');
    expect(signedIn).toContain('class="stars black"');
    const logout = await fetch(`${mesh.gatewayUrl}/logout`, { redirect: 'manual' });
    expect(logout.headers.get('set-cookie')).toContain('Max-Age=0');
    expect(await page()).not.toContain('class="stars');
  });

  it('takes no user name that could become markup or a header', async () => {
    const { mesh, page } = await local();
    const body = new URLSearchParams({ username: '<b>x</b>' });
    expect((await fetch(`${mesh.gatewayUrl}/login`, { method: 'POST', body })).status).toBe(400);
    expect(await page({ cookie: 'session=<b>x' })).not.toContain('<b>x');
  });

  it('takes a user from the header end-user as well, so that one can ask as somebody', async () => {
    const { page } = await local();
    expect(version(await page({ 'end-user': 'jason' }))).toBe('v2');
    expect(version(await page({ 'end-user': 'mary' }))).toBe('v1');
  });

  it('follows a shift at once', async () => {
    const { cluster, page } = await local();
    cluster.route('reviews', ALL_V3);
    expect(version(await page())).toBe('v3');
    cluster.route('reviews', HALF);
    const seen = { v1: 0, v3: 0 };
    for (let count = 0; count < 200; count += 1) seen[version(await page()) as 'v1' | 'v3'] += 1;
    // Exact binomial, 99.9 %: 200 tosses of a coin.
    expect(seen.v1 + seen.v3).toBe(200);
    expect(seen.v3).toBeGreaterThan(76);
    expect(seen.v3).toBeLessThan(124);
  });

  it('says so where reviews or ratings do not answer, and shows the rest', async () => {
    const { cluster, page } = await local();
    cluster.route('reviews', '[{ route: [{ destination: { host: reviews, subset: v9 } }] }]');
    const broken = await page();
    expect(broken).toContain('product reviews are currently unavailable');
    expect(broken).toContain('Status 503.');
    expect(broken).toContain('<dd>paperback</dd>');
    cluster.route('reviews', ALL_V3);
    cluster.put({ ...cluster.list('Service').find(each => each.metadata.name === 'ratings')!, spec: { ports: [] } });
    expect(await page()).toContain('Ratings service is currently unavailable');
  });

  it('refuses connections once its Gateway is gone', async () => {
    const { cluster, mesh } = await local();
    cluster.delete('Gateway', 'bookinfo-gateway');
    await expect(fetch(mesh.shopUrl)).rejects.toThrow('fetch failed');
  });

  it('is not started where its port is taken', async () => {
    const { mesh } = await local();
    const port = Number(new URL(mesh.gatewayUrl).port);
    await expect(startMesh({ kubernetes: new MapCluster(), port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(startMesh({ kubernetes: new MapCluster(), telemetryPort: port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});

describe('sabotage', () => {
  it('freezes all proxies at the configuration they have', async () => {
    const { cluster, mesh, page } = await local();
    mesh.freeze('all');
    cluster.route('reviews', ALL_V3);
    expect(version(await page())).toBe('v1');
    mesh.thaw('all');
    expect(version(await page())).toBe('v3');
  });

  it('freezes one proxy alone', async () => {
    const { cluster, mesh, page, curl } = await local();
    mesh.freeze(`default/${cluster.pod('productpage')}`);
    cluster.route('reviews', ALL_V3);
    expect(version(await page())).toBe('v1');
    expect((await curl('-s', 'http://reviews:9080/reviews/0')).stdout).toContain('"color":"red"');
  });

  it('loses a header on the way', async () => {
    const { mesh, page } = await local();
    mesh.lose('end-user');
    expect(version(await page({ 'end-user': 'jason' }))).toBe('v1');
    mesh.lose('end-user', false);
    expect(version(await page({ 'end-user': 'jason' }))).toBe('v2');
  });
});

describe('the background load', () => {
  it('visits the page until it is stopped', async () => {
    const { mesh, query, clock } = await local({ load: 20 });
    const visits = async () => {
      const found = await query('sum(istio_requests_total{reporter="source",destination_service_name="productpage"})');
      return Number(found[0]?.value[1] ?? 0);
    };
    await expect.poll(visits, { timeout: 20_000 }).toBeGreaterThan(5);
    mesh.load(0);
    const settled = async () => {
      const before = await visits();
      await clock.sleep(5_000);
      return (await visits()) - before;
    };
    await expect.poll(settled).toBe(0);
    expect(await settled()).toBe(0);
  });
});
