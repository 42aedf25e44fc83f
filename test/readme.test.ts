import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HELP } from '../src/config/invocation.ts';
import { MESH, RIKO, SAM } from '../src/sandbox/slack/people.ts';
import { type LocalWorld, startLocalWorld } from './local-world.ts';

const root = resolve(import.meta.dirname, '..');
const PAGES = ['README.md', 'docs/design.md', 'deploy/README.md'];
const readme = readFileSync(resolve(root, 'README.md'), 'utf8');

describe('the documentation', () => {
  it.each(PAGES)('%s links only to what is there', page => {
    const text = readFileSync(resolve(root, page), 'utf8');
    const targets = [...text.matchAll(/\]\(([^)#]+?)(?:#[^)]*)?\)/g)].map(match => match[1]!);
    const local = targets.filter(target => !/^[a-z]+:/.test(target));
    expect(local.filter(target => !existsSync(resolve(root, dirname(page), target)))).toEqual([]);
  });

  it('names only scripts and options that there are', () => {
    const { scripts } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...readme.matchAll(/npm (?:run )?(start|test|bench|[a-z]+:[a-z]+)\b/g)].map(match => match[1]!);
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter(script => !scripts[script])).toEqual([]);
    const options = [...readme.matchAll(/npm start -- ((?:--[a-z-]+ [^\s`]+ ?)+)/g)].flatMap(match =>
      [...match[1]!.matchAll(/--[a-z-]+/g)].map(String),
    );
    expect(options.length).toBeGreaterThan(1);
    expect(options.filter(option => !HELP.includes(option))).toEqual([]);
  });

  it('has the two commands on lines of their own, so that they can be copied', () => {
    expect(readme).toContain('```sh\nnpm ci && npm start\n```');
    expect(readme).toContain('```sh\nnpm test\n```');
  });
});

describe('every line that the README tells people to type', { timeout: 60_000 }, () => {
  let world: LocalWorld;
  beforeAll(async () => {
    world = await startLocalWorld();
  }, 60_000);
  afterAll(() => world?.close());

  const lines = [...new Set([...readme.matchAll(/`(\/mesh(?: [^`]*)?)`/g)].map(match => match[1]!.trim()))];

  it('is found', () => {
    expect(lines).toContain('/mesh shift reviews v3 50');
    expect(lines.length).toBeGreaterThan(5);
  });

  it.each(lines.filter(line => line !== '/mesh' && line !== '/mesh undo'))('%s does what it says', async line => {
    const riko = world.slack.as(RIKO);
    const before = riko.messages(MESH.id).length;
    expect(await riko.say(MESH.id, line)).toMatchObject({ ok: true });
    const [answer] = await world.slack.until(() => {
      const fresh = riko.messages(MESH.id).slice(before);
      return fresh.length > 0 && !/^Working|…$/.test(fresh[0]!.text) && fresh;
    }, 20_000);
    expect(answer!.text).not.toMatch(/is not a|Did you mean|fault of its own|is missing/);
  });

  it('/mesh opens the form', async () => {
    const riko = world.slack.as(RIKO);
    await riko.say(MESH.id, '/mesh');
    await world.slack.until(() => riko.modals().length > 0);
  });

  it('/mesh undo takes back what was approved', async () => {
    const card = await world.slack.until(() =>
      world.slack.messages(MESH.id).find(message => JSON.stringify(message.blocks ?? []).includes('"approve"')),
    );
    await world.slack.as(SAM).click(card, 'approve');
    await world.slack.until(
      () => world.slack.messages(MESH.id).find(({ ts, text }) => ts === card.ts && /done and proven/i.test(text)),
      30_000,
    );
    await world.slack.as(RIKO).say(MESH.id, '/mesh undo');
    await world.slack.until(() => world.slack.messages(MESH.id).some(({ text }) => text.includes('Take back')));
  });
});
