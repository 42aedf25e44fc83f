/** How the page's state moves on with what the server sends and what the person does. */
import { describe, expect, it } from 'vitest';
import { reduce } from '../../../src/sandbox/slack/page/reduce.ts';
import { channelMessages, threadReplies, threadSummary, unread } from '../../../src/sandbox/slack/page/selectors.ts';
import { emptyState, type Happening, type PageState } from '../../../src/sandbox/slack/page/state.ts';
import { completionsAt, usageOf } from '../../../src/sandbox/slack/page/text/completions.ts';
import type { PageMessage } from '../../../src/sandbox/slack/page-protocol.ts';
import { BOT, galleryState, RIKO } from './gallery.ts';

const play = (...events: Happening[]): PageState => events.reduce(reduce, reduce(emptyState({}), galleryState(null)));
const said = (ts: string, more: Partial<PageMessage> = {}): Happening => ({
  type: 'message',
  message: { channel: 'CTEXT', ts, user: BOT, text: 'news', ...more },
});
const text = (state: PageState) => state.channels.find(channel => channel.id === 'CTEXT')!;
const later = '9999999990.000100';

describe('the page', () => {
  it('starts with everything read, in the first channel', () => {
    const state = play();
    expect(state.channel).toBe('CMESH');
    expect(state.channels.map(channel => unread(state, channel))).toEqual(
      state.channels.map(() => ({ any: false, count: 0 })),
    );
  });

  it('marks a channel unread, counts what calls the person, and clears it when opened with a line before the new', () => {
    const first = play(said(later));
    expect(unread(first, text(first))).toEqual({ any: true, count: 0 });
    const second = reduce(first, said('9999999991.000100', { text: `<@${RIKO}> look` }));
    expect(unread(second, text(second))).toEqual({ any: true, count: 1 });
    const opened = reduce(second, { type: 'open', channel: 'CTEXT' });
    expect(unread(opened, text(opened))).toEqual({ any: false, count: 0 });
    expect(Number(opened.newAfter.CTEXT)).toBeLessThan(Number(later));
    expect(reduce(opened, { type: 'open', channel: 'CDATA' }).newAfter.CTEXT).toBe(opened.newAfter.CTEXT);
  });

  it('replaces a message that is changed, and drops a deleted one that nobody answered', () => {
    const changed = play(said(later), said(later, { text: 'better', edited: true }));
    expect(channelMessages(changed, 'CTEXT').at(-1)).toMatchObject({ text: 'better', edited: true });
    const gone = reduce(changed, said(later, { deleted: true }));
    expect(channelMessages(gone, 'CTEXT').some(message => message.ts === later)).toBe(false);
    const answered = reduce(
      reduce(changed, said('9999999991.000100', { threadTs: later })),
      said(later, { deleted: true }),
    );
    expect(channelMessages(answered, 'CTEXT').at(-1)).toMatchObject({ ts: later, deleted: true });
  });

  it('keeps replies out of the channel and counts them under their message', () => {
    const state = play(
      said(later),
      said('9999999991.000100', { threadTs: later }),
      said('9999999992.000100', { threadTs: later, user: RIKO }),
    );
    expect(channelMessages(state, 'CTEXT').at(-1)?.ts).toBe(later);
    expect(threadReplies(state, 'CTEXT', later)).toHaveLength(2);
    expect(threadSummary(state, channelMessages(state, 'CTEXT').at(-1)!)).toEqual({
      count: 2,
      users: [BOT, RIKO],
      latest: '9999999992.000100',
    });
  });

  it('lets a person close an ephemeral message for good', () => {
    const state = play(said(later, { ephemeralTo: RIKO }), { type: 'dismiss', key: `CTEXT/${later}/ephemeral` });
    expect(channelMessages(state, 'CTEXT').some(message => message.ts === later)).toBe(false);
  });

  it('stacks modals, redraws one in its place, and forgets its errors when it closes', () => {
    const modal = (viewId: string, hash: string): Happening => ({ type: 'modal', modal: { viewId, hash, view: {} } });
    const state = play(modal('V1', '1'), modal('V2', '1'), modal('V1', '2'), {
      type: 'modal-errors',
      viewId: 'V1',
      errors: { a: 'no' },
    });
    expect(state.modals.map(one => `${one.viewId}.${one.hash}`)).toEqual(['V1.2', 'V2.1']);
    const closed = reduce(state, { type: 'modal-closed', viewId: 'V1' });
    expect(closed.modals.map(one => one.viewId)).toEqual(['V2']);
    expect(closed.modalErrors).toEqual({});
  });
});

describe('completion', () => {
  const labels = (line: string) => completionsAt(line, line.length, play())?.items.map(item => item.insert);
  it('offers commands at the start of a line only, and their usage while arguments are typed', () => {
    expect(labels('/m')).toEqual(['/mesh ']);
    expect(labels('say /m')).toBeUndefined();
    expect(labels('/mesh shift')).toBeUndefined();
    expect(usageOf('/mesh sh', play())?.line).toContain('/mesh shift reviews v3 50');
  });

  it('offers people, groups and channels by the beginning of a name', () => {
    expect(labels('hi @ta')).toEqual(['@Riko Tanaka ']);
    expect(labels('hi @mesh')).toEqual(['@meshbot ', '@mesh-oncall ']);
    expect(labels('in #gallery-d')).toEqual(['#gallery-data ']);
    expect(labels('mail me@ta')).toBeUndefined();
  });
});
