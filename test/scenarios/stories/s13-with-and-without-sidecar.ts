/** S13: the same request from a pod with, and from one without a sidecar: the answer's headers tell which it was. */
import { expect } from 'vitest';
import { scenario } from '../story.ts';

const PROXIED = 'x-envoy-upstream-service-time';

export default scenario(
  { id: 'S13', title: 'curl from a pod with, and one without a sidecar' },
  async ({ world, talk }) => {
    const withSidecar = await talk.ask('/mesh curl details.default/details/0 --from pod:curl.default');
    expect(withSidecar).toMatch(/from pod curl-\S+\.default: 200/);
    expect(withSidecar).toContain('server: envoy');

    const without = await talk.ask('/mesh curl details.default/details/0 --from pod:curl.without-istio');
    expect(without).toMatch(/from pod curl-\S+\.without-istio: 200/);
    expect(without).not.toContain('server: envoy\\n');

    const url = 'http://details.default:9080/details/0';
    const headers = async (namespace: string) =>
      (await world.curl({ app: 'curl', namespace }, ['-s', '-i', url])).stdout.toLowerCase();
    expect(await headers('default')).toContain('server: envoy');
    // What answers is a proxy all the same: that of details.
    expect(await headers('without-istio')).toContain('server: istio-envoy');
    expect(await headers('without-istio')).toContain(PROXIED);
  },
);
