/** `trace` as people use it: typed in the local Slack, over the local mesh and its Zipkin. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MESH, RIKO } from '../../src/sandbox/slack/people.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';

let world: LocalWorld;
beforeAll(async () => {
  world = await startLocalWorld();
});
afterAll(() => world?.close());

/** The answer that only the asker sees, once it is whole and says all of this. */
async function asked(line: string, ...says: string[]): Promise<string> {
  const before = world.slack.ephemerals().length;
  await world.slack.as(RIKO).say(MESH.id, `/mesh ${line}`);
  const answer = () => JSON.stringify(world.slack.ephemerals()[before]?.blocks) ?? '';
  const isWhole = () => !answer().includes('More of it') && says.every(text => answer().includes(text));
  return world.slack.until(() => isWhole() && answer(), 45_000);
}

const IN_IT = /"text":"([0-9a-f]{32})"/;

describe('trace in the local world', { timeout: 60_000 }, () => {
  it('shows the way of a request of its own, and then the same trace by its id', async () => {
    const text = await asked('trace reviews', 'no errors', 'Open this trace', '"type":"image"');
    expect(text).toContain('http://bookinfo.example/productpage');
    for (const name of ['istio-ingressgateway', 'productpage', 'details', 'reviews.default']) {
      expect(text).toContain(name);
    }
    expect(text).toMatch(/"type":"image".*"alt_text":"[^"]*productpage[^"]*reviews/);
    const id = IN_IT.exec(text)![1]!;
    const link = new RegExp(`(http:[^"|]+/${id})`).exec(text)![1]!;
    expect((await fetch(link)).status).toBe(200);
    const again = await asked(`trace ${id}`, 'Open this trace');
    expect(again).toContain(id);
    expect(again).toContain('reviews.default');
  });

  it('says that the trace breaks off where an app does not pass its headers on', async () => {
    for (const header of ['x-b3-traceid', 'traceparent', 'x-b3-spanid']) world.cluster.mesh.lose(header);
    try {
      await asked('trace reviews', 'No hop of reviews is in it', 'pass on the headers');
    } finally {
      for (const header of ['x-b3-traceid', 'traceparent', 'x-b3-spanid']) world.cluster.mesh.lose(header, false);
    }
  });

  it('asks nobody for what is no id', async () => {
    await asked('trace 0123456789abcdeg', '16 or 32 hex digits');
  });
});
