import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newFindings } from '../../../src/istio/checks/index.ts';
import { covers } from '../../../src/istio/edit/place/cover.ts';
import { planRoute, type Routed } from '../../../src/istio/edit/route/route.ts';
import { planUnroute } from '../../../src/istio/edit/route/unroute.ts';
import { Overlay } from '../../../src/istio/overlay.ts';
import { matchWords } from '../../../src/istio/route/words.ts';
import type { World } from '../../../src/istio/world.ts';
import type { JsonObject } from '../../../src/object.ts';
import { templates } from '../../fixtures/load.ts';
import { applied, blocks, type Drawn, meeting, meets, requests, specs, undone, versionFor } from './drawn.ts';
import { REVIEWS, reviews, virtualService } from './mesh.ts';

const versions = fc.constantFrom('v1', 'v2', 'v3');

interface Case {
  world: World;
  outcome: Routed;
  block: JsonObject;
  version: string;
  request: Drawn;
}

function plan(world: World, version: string, block: JsonObject) {
  return planRoute(world, templates, { fqdn: REVIEWS, version, block, reader: 'default' });
}

function each(check: (drawn: Case) => void): void {
  let edits = 0;
  fc.assert(
    fc.property(specs, blocks, versions, requests, fc.boolean(), (spec, block, version, any, isMeant) => {
      const request = isMeant ? meeting(block, any) : any;
      const world = reviews(virtualService('reviews', spec, { annotations: { why: 'because' } }));
      const outcome = plan(world, version, block);
      if (outcome.kind !== 'edit') return;
      edits += 1;
      check({ world, outcome, block, version, request });
    }),
    { numRuns: 300 },
  );
  expect(edits).toBeGreaterThan(200);
}

const httpOf = (world: World) => world.get('VirtualService', 'default', 'reviews')?.spec?.http as JsonObject[];

describe('any route into any VirtualService', () => {
  it('moves only requests that meet its conditions', () => {
    each(({ world, outcome, block, version, request }) => {
      const now = versionFor(new Overlay(world, outcome.writes), request);
      const was = versionFor(world, request);
      if (!meets(block, request)) expect(now).toBe(was);
      else expect([was, version]).toContain(now);
    });
  });

  it('gets all of them, unless an earlier route is narrower or was said to keep some', () => {
    each(({ world, outcome, block, version, request }) => {
      const after = new Overlay(world, outcome.writes);
      if (!meets(block, request) || versionFor(after, request) === version) return;
      const routes = httpOf(after);
      const own = routes.findIndex(({ match }) => JSON.stringify(match) === JSON.stringify([block]));
      const taker = routes.findIndex(({ match }) => (match as JsonObject[]).some(one => meets(one, request)));
      expect(taker).toBeLessThan(own);
      const said = outcome.findings.map(({ path }) => path);
      const words = matchWords(routes[taker]!);
      const stays = outcome.notes.some(note => Array.isArray(note) && isDeepStrictEqual(note[0], { bold: words }));
      expect(stays).toBe(true);
      // One that takes all of them would make the new route dead.
      expect((routes[taker]!.match as JsonObject[]).some(one => covers(one, block))).toBe(false);
      const isNarrower = (routes[taker]!.match as JsonObject[]).every(one => covers(block, one));
      expect(isNarrower || said.includes(`VirtualService/default/reviews spec.http[${taker}]`)).toBe(true);
    });
  });

  it('leaves every other route, and all else, as it was', () => {
    each(({ world, outcome }) => {
      const [write, ...others] = outcome.writes;
      expect(others).toEqual([]);
      expect({ ...write!.after, spec: { ...write!.after!.spec, http: 0 } }).toEqual({
        ...write!.before,
        spec: { ...write!.before!.spec, http: 0 },
      });
      const before = httpOf(world);
      const after = write!.after!.spec!.http as JsonObject[];
      const at = after.findIndex((one, index) => JSON.stringify(one) !== JSON.stringify(before[index]));
      const added = after.length - before.length;
      expect([0, 1]).toContain(added);
      expect([...after.slice(0, at), ...after.slice(at + 1)]).toEqual(
        added === 1 ? before : [...before.slice(0, at), ...before.slice(at + 1)],
      );
      if (added === 0) expect({ ...after[at], route: 0 }).toEqual({ ...before[at], route: 0 });
    });
  });

  it('is planned the same each time, and is nothing once it is done', () => {
    each(({ world, outcome, block, version }) => {
      expect(plan(world, version, block)).toEqual(outcome);
      expect(plan(applied(world, outcome.writes, 'route-1'), version, block).kind).toBe('nothing');
    });
  });

  it('brings in no new error', () => {
    each(({ world, outcome: { writes } }) => {
      const findings = newFindings(world, new Overlay(world, writes), writes);
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    });
  });

  it('is taken back to exactly what was, by undo and, where it was new, by --remove', () => {
    each(({ world, outcome, block }) => {
      for (const { was, is } of undone(world, outcome.writes)) expect(is).toEqual(was);
      const after = new Overlay(world, outcome.writes);
      if (httpOf(after).length === httpOf(world).length) return;
      const removed = planUnroute(after, { fqdn: REVIEWS, by: { block }, reader: 'default' });
      // A later route for the same requests, which was never reached, makes it unclear which is meant.
      if (removed.kind !== 'edit') return expect(removed).toMatchObject({ findings: [{ code: 'route-ambiguous' }] });
      expect(httpOf(new Overlay(after, removed.writes))).toEqual(httpOf(world));
    });
  });

  it('carries a sample that goes where it should', () => {
    each(({ world, outcome, version }) => {
      if (!outcome.sample) return;
      const { headers, path = '/' } = outcome.sample;
      const after = new Overlay(world, outcome.writes);
      expect(versionFor(after, { path, method: 'GET', app: 'curl', headers })).toBe(version);
    });
  });
});
