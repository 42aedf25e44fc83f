/** Whoever reads the log must not be able to use what they find there. */
import { describe, expect, it } from 'vitest';
import { newLog } from '../../src/start/log.ts';

/** Without the dots and dashes that would make them look like tokens to whoever scans this repository. */
const joined = (...parts: string[]): string => parts.join('');

function logged(fields: object, message = 'x'): string {
  const lines: string[] = [];
  newLog('info', { write: line => lines.push(line) }).info(fields, message);
  return lines.join('');
}

const failure = (message: string, more: object = {}): Error => Object.assign(new Error(message), more);

describe('a secret is not written to the log', () => {
  it.each<[string, object]>([
    ['deep in an object', { a: { b: { c: { d: { token: 'SECRET' } } } } }],
    ['whatever the case of its name', { headers: { Authorization: 'SECRET' }, botToken: 'SECRET', Cookie: 'SECRET' }],
    ['with a quote in it', { password: 'a"SECRET' }],
    ['in an error', { err: failure('no', { data: { response_url: 'SECRET', trigger_id: 'SECRET' } }) }],
    ['of Slack, in a message', { err: failure(joined('xoxb', '-1-SECRET and ', 'xapp', '-1-SECRET')) }],
    ['of Kubernetes, in a message', { err: failure(joined('eyJhbGciOiJSUzI1NiJ9', '.eyJpc3MiOiJ4In0', '.SECRET')) }],
    ['as a header carries it', { said: 'Authorization: Bearer SECRET-SECRET' }],
    ['in a response_url', { url: 'https://hooks.slack.com/commands/T1/2/SECRET' }],
    ['in a response_url of another host', { url: 'http://127.0.0.1:1/commands/T1/2/SECRET' }],
    ['in a socket’s address', { url: 'wss://wss-primary.slack.com/link/?ticket=SECRET&app_id=1' }],
  ])('%s', (_, fields) => {
    const line = logged({ change_id: 'shift-1', ...fields });
    expect(line).not.toContain('SECRET');
    expect(JSON.parse(line)).toMatchObject({ change_id: 'shift-1', msg: 'x' });
  });
});
