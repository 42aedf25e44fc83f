import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EVENT_SCOPES, METHOD_SCOPES, missingScopes, SCOPES } from '../../src/slack/scopes.ts';

const manifest = JSON.parse(readFileSync('manifest.json', 'utf8'));
const sources = globSync('src/slack/**/*.ts').map(file => readFileSync(file, 'utf8'));

/** Every call of a Web API method in the sources. */
const called = new Set(
  sources.flatMap(source =>
    [...source.matchAll(/\bclient\s*\.([a-z]\w*(?:\s*\.[a-z]\w*)*)\(/gi)].map(found => found[1]!),
  ),
);
for (const own of ['start', 'disconnect', 'once', 'on']) called.delete(own);

test('the table of scopes names exactly the methods that the code calls', () => {
  expect([...called].sort()).toEqual(Object.keys(METHOD_SCOPES).sort());
});

test('the manifest asks for the scopes of all methods, events and the command, and for no more', () => {
  const needed = new Set(['commands', ...Object.values(METHOD_SCOPES).flat(), ...Object.values(EVENT_SCOPES).flat()]);
  expect([...manifest.oauth_config.scopes.bot].sort()).toEqual([...needed].sort());
  expect([...SCOPES].sort()).toEqual([...needed].sort());
});

test('the manifest subscribes to exactly the events that the code listens to', () => {
  const heard = sources.flatMap(source => [...source.matchAll(/app\.event\('([a-z_]+)'/g)].map(found => found[1]!));
  const subscribed: string[] = manifest.settings.event_subscriptions.bot_events;
  expect([...new Set(subscribed.map(event => event.split('.')[0]))].sort()).toEqual([...new Set(heard)].sort());
  expect([...subscribed].sort()).toEqual(Object.keys(EVENT_SCOPES).sort());
});

test('the manifest keeps within what Slack takes of one', () => {
  const { display_information: shown, features, settings } = manifest;
  expect(shown.name.length).toBeLessThanOrEqual(35);
  expect(shown.description.length).toBeLessThanOrEqual(140);
  for (const command of features.slash_commands) {
    expect(command.command).toMatch(/^\/[a-z]{1,31}$/);
    expect(command.description.length).toBeLessThanOrEqual(100);
  }
  expect(features.app_home).toEqual({
    home_tab_enabled: true,
    messages_tab_enabled: true,
    messages_tab_read_only_enabled: false,
  });
  expect(settings).toMatchObject({
    interactivity: { is_enabled: true },
    socket_mode_enabled: true,
    org_deploy_enabled: false,
    token_rotation_enabled: false,
  });
});

test('a scope that the token lacks is told with what it is for and what to do', () => {
  const missing = missingScopes(SCOPES.filter(scope => scope !== 'usergroups:read'));
  expect(missing).toEqual([
    { scope: 'usergroups:read', for: 'approvers that are a user group', remedy: expect.stringContaining('reinstall') },
  ]);
  expect(missingScopes(SCOPES)).toEqual([]);
  expect(missingScopes(undefined)).toEqual([]);
});
