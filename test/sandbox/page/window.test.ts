/** The window around the blocks in a real browser: talking, threads, people, Home, offline, phone. */
import { describe, expect, it } from 'vitest';
import { BOT, nextTs, RIKO } from './gallery.ts';
import { setStage } from './stage.ts';

const stage = setStage();

describe('talking', () => {
  it('completes a command, sends it, shows the private answer and lets it be dismissed', async () => {
    await stage.open('channel=CMESH');
    await stage.composer().fill('/me');
    await stage.page.getByRole('option', { name: /\/mesh shift reviews v3 50/ }).waitFor();
    await stage.page.keyboard.press('Tab');
    expect(await stage.composer().inputValue()).toBe('/mesh ');
    await stage.page.keyboard.type('status reviews');
    await stage.page.keyboard.press('Enter');
    expect(await stage.sent('say')).toMatchObject({ channel: 'CMESH', user: RIKO, text: '/mesh status reviews' });
    const answer = stage.page.getByRole('listitem', { name: /meshbot, .* only visible to you/ }).last();
    await answer.getByText('Here is what I know.').waitFor();
    await answer.getByRole('button', { name: 'Dismiss message' }).click();
    await stage.page.getByText('Here is what I know.').waitFor({ state: 'detached' });

    await stage.composer().fill('/nothing');
    await stage.composer().press('Enter');
    await stage.page.getByRole('alert').getByText('/nothing is not a valid command.').waitFor();
    await stage.composer().press('ArrowUp');
    expect(await stage.composer().inputValue()).toBe('/nothing');
  });

  it('keeps a draft per channel, breaks lines on Shift+Enter, and never makes HTML of what is typed', async () => {
    await stage.open('channel=CMESH');
    await stage.composer().fill('<b>one</b>');
    await stage.page.getByRole('link', { name: 'gallery-text' }).click();
    expect(await stage.composer().inputValue()).toBe('');
    await stage.page.getByRole('link', { name: 'mesh-changes' }).click();
    await stage.composer().press('Shift+Enter');
    await stage.page.keyboard.type('two');
    await stage.composer().press('Enter');
    expect((await stage.sent('say')).text).toBe('<b>one</b>\ntwo');
    await stage.page.getByText('<b>one</b>').waitFor();
  });

  it('follows new messages at the bottom, and stays where one reads above', async () => {
    await stage.open('channel=CDATA');
    const list = stage.page.getByRole('log', { name: 'Messages in #gallery-data' });
    const away = () => list.evaluate(own => own.scrollHeight - own.scrollTop - own.clientHeight);
    const say = (text: string) =>
      stage.server.send({ type: 'message', message: { channel: 'CDATA', ts: nextTs(), user: BOT, text } });
    await stage.composer().waitFor();
    say('one more line');
    await list.getByText('one more line').waitFor();
    await expect.poll(away, { timeout: 10_000 }).toBeLessThan(2);
    await list.hover();
    await stage.page.mouse.wheel(0, -600);
    await expect.poll(away, { timeout: 10_000 }).toBeGreaterThan(300);
    say('and another');
    await list.getByText('and another').waitFor({ state: 'attached' });
    expect(await away()).toBeGreaterThan(300);
  });

  it('opens a thread from its footer and answers there', async () => {
    await stage.open('channel=CMESH');
    await stage.page.getByRole('button', { name: '3 replies, view thread' }).click();
    const thread = stage.page.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('Looks right to me, approving.').waitFor();
    expect(new URL(stage.page.url()).searchParams.get('thread')).toMatch(/^\d+\.\d{6}$/);
    await thread.getByRole('textbox', { name: 'Reply…' }).fill('Thank you');
    await thread.getByRole('textbox', { name: 'Reply…' }).press('Enter');
    expect((await stage.sent('say')).threadTs).toBe(new URL(stage.page.url()).searchParams.get('thread'));
    await thread.getByText('Thank you').waitFor();
    await stage.page.getByRole('button', { name: '4 replies, view thread' }).waitFor();
    await thread.getByRole('button', { name: 'See the whole file' }).click();
    await thread.getByText('line 38').waitFor();
    await stage.keep('gallery-thread');
    await thread.getByRole('button', { name: 'Close thread' }).click();
    await thread.waitFor({ state: 'detached' });
  });

  it('marks what comes elsewhere as unread and counts what calls the person', async () => {
    await stage.open('channel=CMESH');
    await stage.composer().waitFor();
    stage.server.send({
      type: 'message',
      message: { channel: 'CTEXT', ts: nextTs(), user: BOT, text: `<@${RIKO}> look here` },
    });
    await stage.page.getByRole('link', { name: 'gallery-text, 1 unread' }).click();
    await stage.page.getByText('New', { exact: true }).waitFor();
    await stage.page.getByRole('link', { name: 'gallery-text', exact: true }).waitFor();
  });

  it('changes and deletes messages as they stand', async () => {
    await stage.open('channel=CTEXT');
    const ts = nextTs();
    const say = (text: string, more = {}) =>
      stage.server.send({ type: 'message', message: { channel: 'CTEXT', ts, user: BOT, text, ...more } });
    await stage.composer().waitFor();
    say('first words');
    await stage.page.getByText('first words').waitFor();
    say('better words', { edited: true });
    await stage.page.locator(`[data-ts="${ts}"]`).getByText('(edited)').waitFor();
    say('', { deleted: true });
    await stage.page.locator(`[data-ts="${ts}"]`).waitFor({ state: 'detached' });
  });
});

describe('the window', () => {
  it('lets another person sit down, and keeps them in the address', async () => {
    await stage.open('channel=CMESH');
    await stage.page.getByRole('button', { name: 'You are: Riko Tanaka' }).click();
    await stage.page.getByRole('menuitemradio', { name: /Amara Diallo/ }).click();
    await stage.page.getByRole('button', { name: 'You are: Amara Diallo' }).waitFor();
    const user = () => new URL(stage.page.url()).searchParams.get('user');
    await expect.poll(user, { timeout: 10_000 }).toBe('UAMARA');
    await stage.composer().fill('hi');
    await stage.composer().press('Enter');
    expect((await stage.sent('say')).user).toBe('UAMARA');
  });

  it('shows the Home of the app', async () => {
    await stage.open('channel=DMESHBOT');
    await stage.page.getByRole('tab', { name: 'Home' }).click();
    await stage.page.getByRole('heading', { name: 'Pending changes' }).waitFor();
    await stage.sent('open-home');
    await stage.button('Reject').click();
    expect(await stage.sent('act')).toMatchObject({
      container: { type: 'view', viewId: 'VHOME' },
      action: { action_id: 'reject' },
    });
    await stage.page.getByRole('tab', { name: 'Messages' }).click();
    await stage.page.getByText('Hello! Type').waitFor();
  });

  it('jumps to a channel by keyboard, and switches its theme', async () => {
    await stage.open('channel=CMESH');
    await stage.composer().waitFor();
    await stage.page.keyboard.press('Control+k');
    await stage.page.keyboard.type('data');
    await stage.page.keyboard.press('Enter');
    await stage.page.getByRole('main', { name: 'gallery-data' }).waitFor();
    await stage.button('Switch to dark theme').click();
    expect(await stage.page.locator('html').getAttribute('data-theme')).toBe('dark');
    await stage.page.reload();
    await stage.button('Switch to light theme').waitFor();
    await stage.keep('gallery-dark');
  });

  it('says when it is offline, and comes back by itself with what it missed', async () => {
    await stage.open('channel=CMESH');
    await stage.composer().waitFor();
    stage.server.cut(true);
    await stage.page.getByRole('status').getByText('You are offline').waitFor();
    stage.server.cut(false);
    await stage.page.getByText('You are offline').waitFor({ state: 'detached' });
    // The refusals are what this test is about.
    stage.trouble = stage.trouble.filter(line => !/503|ERR_|Failed to load resource/.test(line));
  });

  it('fits a phone: the channels in a drawer, the thread over everything', async () => {
    await stage.page.setViewportSize({ width: 390, height: 844 });
    await stage.open('channel=CMESH');
    await stage.page.getByRole('navigation', { name: 'Channels and apps' }).waitFor({ state: 'hidden' });
    await stage.page.getByRole('button', { name: 'Channels', exact: true }).first().click();
    await stage.page.getByRole('link', { name: 'gallery-data' }).click();
    await stage.page.getByRole('navigation', { name: 'Channels and apps' }).waitFor({ state: 'hidden' });
    expect(await stage.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await stage.keep('gallery-phone');
  });
});
