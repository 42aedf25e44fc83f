import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/errors.ts';
import { Meters } from '../../src/health/metrics.ts';
import { type Health, serveHealth } from '../../src/health/server.ts';

const running: Health[] = [];
afterEach(async () => {
  for (const health of running.splice(0)) await health.close();
});

async function serve(conditions: Record<string, () => true | string>, meters = new Meters()): Promise<Health> {
  const health = await serveHealth({ host: '127.0.0.1', port: 0 }, conditions, meters);
  running.push(health);
  return health;
}

describe('health', () => {
  it('is live while it is not ready, so that an outage of Slack restarts nothing', async () => {
    const { url } = await serve({ slack: () => 'no socket is open' });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toBe('not ok: slack: no socket is open\n');
  });

  it('asks each condition at each request', async () => {
    let answer: true | string = 'starting';
    const { url } = await serve({ cluster: () => answer });
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    answer = true;
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  it('gives Prometheus what was counted', async () => {
    const meters = new Meters();
    const { url } = await serve({}, meters);
    meters.entered('Verified');
    meters.acknowledged('slash', 0.02);
    meters.gauge('watch_age_seconds', 'Since the oldest watch was in touch.', () => 7);
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain('meshbot_changes_total{phase="Verified"} 1');
    expect(text).toContain('meshbot_slack_ack_seconds_bucket{le="0.025",type="slash"} 1');
    expect(text).toContain('meshbot_watch_age_seconds 7');
  });

  it('names the remedy for a port that is taken', async () => {
    const { url } = await serve({});
    const port = Number(new URL(url).port);
    await expect(serveHealth({ host: '127.0.0.1', port }, {}, new Meters())).rejects.toThrow(ConfigError);
    await expect(serveHealth({ host: '127.0.0.1', port }, {}, new Meters())).rejects.toThrow(/--health-port/);
  });
});
