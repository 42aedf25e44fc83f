import { describe, expect, it } from 'vitest';
import { newLog } from '../../src/start/log.ts';

function logged(work: (log: ReturnType<typeof newLog>) => void): { text: string; lines: Record<string, unknown>[] } {
  let text = '';
  const write = (line: string) => {
    text += line;
  };
  work(newLog('info', { write }));
  return {
    text,
    lines: text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('the log', () => {
  it('is a JSON object a line, with the change it is about', () => {
    const { lines } = logged(log => log.info({ change_id: 'shift-1' }, 'change moved'));
    expect(lines).toEqual([expect.objectContaining({ level: 'info', change_id: 'shift-1', msg: 'change moved' })]);
    expect(Date.parse(String(lines[0]!.time))).not.toBeNaN();
  });

  it('hides what could be used against us, wherever it stands', () => {
    const secrets = {
      token: 'xoxb-1-secret',
      response_url: 'https://hooks.slack.com/commands/T0/1/abcdef',
      trigger_id: '123.456.abcdef',
      nested: { authorization: 'Bearer abcdef' },
    };
    const { text } = logged(log => log.warn(secrets, 'odd'));
    for (const secret of ['secret', 'abcdef']) expect(text).not.toContain(secret);
  });

  it('hides tokens that got into messages and errors', () => {
    const { text } = logged(log => {
      log.error(
        { err: new Error('POST with xoxb-12-34-Zz failed', { cause: new Error('xapp-1-A-9-ff') }) },
        'request failed',
      );
      log.info({}, 'posting to https://hooks.slack.com/services/T0/B0/zzz');
    });
    for (const secret of ['12-34-Zz', '9-ff', 'T0/B0/zzz']) expect(text).not.toContain(secret);
    expect(text).toContain('request failed');
  });
});
