import { describe, expect, it } from 'vitest';
import { switchedOff } from '../../../src/istio/edit/gateway/switched.ts';
import type { KubeObject } from '../../../src/object.ts';
import { local, type MapCluster } from './local.ts';

function shopGateway(cluster: MapCluster): KubeObject {
  return cluster.list('Gateway').find(({ metadata }) => metadata.name === 'bookinfo-gateway')!;
}

const off = (gateway: KubeObject): KubeObject => ({ ...gateway, spec: switchedOff(gateway) });

/** 'refused', or the status that was answered. */
async function visit(url: string, host?: string): Promise<string | number> {
  try {
    const answer = await fetch(url, { headers: { connection: 'close', ...(host && { host }) } });
    await answer.arrayBuffer();
    return answer.status;
  } catch (error) {
    return (error as { cause?: { code?: string } }).cause?.code === 'ECONNREFUSED' ? 'refused' : String(error);
  }
}

describe('the local gateway', () => {
  it('refuses connections once the last Gateway of its port is gone, and takes them again on the same port', async () => {
    const { mesh, cluster } = await local();
    const gateway = shopGateway(cluster);
    expect(await visit(mesh.shopUrl)).toBe(200);
    cluster.put(off(gateway));
    await expect.poll(() => visit(mesh.shopUrl)).toBe('refused');
    cluster.put(gateway);
    await expect.poll(() => visit(mesh.shopUrl)).toBe(200);
  });

  it('answers 404 where another Gateway keeps the port open', async () => {
    const { mesh, cluster } = await local();
    const gateway = shopGateway(cluster);
    cluster.put({ ...gateway, metadata: { ...gateway.metadata, name: 'other' } });
    cluster.put(off(gateway));
    await expect.poll(() => visit(mesh.shopUrl)).toBe(404);
  });

  it('keeps to what it has while its proxy is stuck', async () => {
    const { mesh, cluster } = await local();
    mesh.freeze('all');
    cluster.put(off(shopGateway(cluster)));
    expect(await visit(mesh.shopUrl)).toBe(200);
    mesh.thaw('all');
    await expect.poll(() => visit(mesh.shopUrl)).toBe('refused');
  });
});
