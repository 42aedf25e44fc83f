import { describe, expect, it } from 'vitest';
import curl from '../../commands/curl.ts';
import help from '../../commands/help.ts';
import history from '../../commands/history.ts';
import pending from '../../commands/pending.ts';
import shift from '../../commands/shift.ts';
import status from '../../commands/status.ts';
import type { ChangeCommand, QueryCommand } from '../../src/command.ts';
import type { Plan } from '../../src/plan.ts';
import { type ProbeAnswer, ProbeError, type ProbeRequest } from '../../src/ports.ts';
import { ask, change, contextOf, said } from './setup.ts';

function shifted(): Plan {
  const planning = (shift as ChangeCommand).plan(
    { service: 'reviews', version: 'v3', percent: 50 } as never,
    contextOf(),
  );
  if (planning.kind !== 'plan') throw new Error(planning.kind);
  return planning.plan;
}

describe('status', () => {
  it('says where requests go, in words and in a table, and which pods stand there', async () => {
    const view = await ask('status reviews', status, contextOf({ rates: { v2: 1, v1: 4.0041 } }));
    expect(view.text).toBe('Requests where end-user = jason go to reviews v2. All other requests go to reviews v1.');
    const text = said(view);
    expect(text).toContain('all other requests | reviews v1 | 100 % | default/reviews');
    expect(text).toContain('v3: 1 of 1 Ready');
    expect(text).toContain('"label":"v1","value":4},{"label":"v2"');
  });

  it('tells shares, and the change that is about to move them', async () => {
    const plan = shifted();
    const world = contextOf().world.with(plan.writes);
    const waiting = change('shift-2', plan, { phase: 'Planned' });
    const text = said(
      await ask('status reviews', status, contextOf({ world, changes: [waiting, change('shift-1', plan)] })),
    );
    expect(text).toContain('All other requests go 50 % to reviews v1 and 50 % to reviews v3.');
    expect(text).toContain('Pending: Send 50 % of reviews to v3 (shift-2, waiting for approval).');
    expect(text).not.toContain('shift-1');
  });

  it('says what is broken, and where a gateway goes by routes of its own', async () => {
    const world = contextOf().world;
    world.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'reviews-v1-a' });
    expect(said(await ask('status reviews', status, contextOf({ world })))).toContain('reviews v1 fails:');
    const page = said(await ask('status productpage', status, contextOf()));
    expect(page).toContain('Requests from outside come by VirtualService/default/bookinfo');
    expect(page).toContain('All requests go to productpage');
  });

  it('does without metrics', async () => {
    const view = await ask('status reviews', status, contextOf({ rates: new Error('no Prometheus') }));
    expect(said(view)).toContain('The metrics could not be read.');
    expect(said(view)).not.toContain('no Prometheus');
  });
});

describe('pending and history', () => {
  const plan = shifted();
  const changes = [change('shift-2', plan, { phase: 'Planned' }), change('shift-1', plan)];

  it('list what waits, and what was', async () => {
    const waiting = said(await ask('pending', pending, contextOf({ changes })));
    expect(waiting).toContain('shift-2 | Send 50 % of reviews to v3 | waiting for approval | U1 | U2');
    expect(waiting).not.toContain('shift-1');
    const past = said(await ask('history', history, contextOf({ changes })));
    expect(past).toContain('shift-2');
    expect(past).toContain('shift-1');
  });

  it('say so where there is nothing', async () => {
    expect((await ask('pending', pending, contextOf())).text).toBe('No change is pending.');
    expect((await ask('history ratings', history, contextOf({ changes }))).text).toBe('No change of ratings is known.');
    for (const name of ['reviews', 'reviews.default', 'reviews.default.svc.cluster.local']) {
      expect(said(await ask(`history ${name}`, history, contextOf({ changes })))).toContain('shift-1');
    }
  });

  it('cut a long list, and say so', async () => {
    const many = Array.from({ length: 30 }, (_, index) => change(`shift-${index}`, plan));
    const text = said(await ask('history', history, contextOf({ changes: many })));
    expect(text).toContain('10 older ones are not shown.');
    expect(text).not.toContain('shift-25');
  });
});

describe('help', () => {
  it('tells of all commands, or of one', async () => {
    const context = contextOf({ commands: [shift, help] });
    expect((await ask('help', help, context)).text).toContain('shift, help');
    const told = async (slash?: string) =>
      said(await (help as QueryCommand).answer({ verb: 'shift' } as never, { ...context, ...(slash && { slash }) }));
    expect(await told()).toContain('/mesh shift <service>');
    // As the workspace calls it.
    expect(await told('/traffic')).toContain('/traffic shift <service>');
    expect(await told('/traffic')).not.toContain('/mesh');
  });
});

describe('curl', () => {
  const answer: ProbeAnswer = {
    ...{ outcome: 'answered', status: 200, headers: {}, body: '<title>Shop</title>' },
    ...{ truncated: false, took: 12.4 },
  };

  async function sent(line: string, given: Partial<ProbeAnswer> = {}) {
    const requests: ProbeRequest[] = [];
    const send = (request: ProbeRequest) => {
      requests.push(request);
      return { ...answer, ...given };
    };
    const view = await ask(line, curl, contextOf({ send }));
    return { requests, text: said(view) };
  }

  it('asks through the gateway, by the host that leads to the service', async () => {
    const { requests, text } = await sent('curl productpage/productpage?u=normal --header end-user=jason');
    expect(requests).toEqual([
      {
        from: { kind: 'gateway' },
        method: 'GET',
        url: 'http://productpage/productpage?u=normal',
        headers: { 'end-user': 'jason' },
        timeout: 5000,
      },
    ]);
    expect(text).toContain('Status: 200');
    expect(text).toContain('Time: 12 ms');
    expect(text).toContain('<title>Shop</title>');
  });

  it('asks from a pod, found by the name of its service, at the service’s port', async () => {
    const { requests } = await sent('curl reviews/reviews/0 --from pod:ratings --host shop.example.com');
    expect(requests).toMatchObject([
      {
        from: { kind: 'pod', namespace: 'default', pod: 'ratings-v1-a' },
        url: 'http://reviews:9080/reviews/0',
        headers: { host: 'shop.example.com' },
      },
    ]);
    const { requests: none, text } = await sent('curl reviews/x --from pod:nobody');
    expect(none).toEqual([]);
    expect(text).toContain('There is no pod nobody in default');
  });

  it('sends the host that it is told to the gateway', async () => {
    const { requests } = await sent('curl http://192.0.2.7/any --host shop.example.com:8080');
    expect(requests[0]!.url).toBe('http://shop.example.com:8080/any');
    for (const host of ['a b', 'x@y', 'x/y', '-x', 'a\\b']) {
      const refused = await sent(`curl productpage/ --host "${host}"`);
      expect(refused.requests).toEqual([]);
      expect(refused.text).toContain('cannot be a Host header');
    }
  });

  it('tells that no gateway leads to a service that is asked from outside', async () => {
    const { text } = await sent('curl reviews/reviews/0');
    expect(text).toContain('No gateway sends requests straight to reviews.');
    expect(text).toContain('curl reviews/reviews/0 --from pod:details');
  });

  it.each([
    ['--method POST', 'curl changes nothing'],
    ['--header host=evil', '--host'],
    ['--header "Authorization=Bearer abc"', 'Credentials do not go through the chat'],
    ['--header Cookie=session=1', 'Credentials do not go through the chat'],
    ['--header transfer-encoding=chunked', 'belongs to the connection'],
  ])('sends nothing with %s', async (flag, says) => {
    const { requests, text } = await sent(`curl productpage/ ${flag}`);
    expect(requests).toEqual([]);
    expect(text).toContain(says);
  });

  it('shows what the probe says of a target that it will not ask', async () => {
    const send = () => {
      throw new ProbeError('169.254.169.254 is the metadata service: it is never asked.');
    };
    const view = await ask('curl http://169.254.169.254/latest', curl, contextOf({ send }));
    expect(view.text).toBe('169.254.169.254 is the metadata service: it is never asked.');
  });

  it('shows no secret, and not more than fits', async () => {
    const { text } = await sent('curl productpage/', {
      headers: { 'set-cookie': 'session=abc123', 'x-auth-token': 't0ps3cret', server: 'istio-envoy' },
      body: [
        '{"user": "ana", "password": "hunter2", "accessToken":"abc.def"}',
        'api_key=12345&page=2',
        'Authorization: Bearer abcdefgh12345678',
        'eyJhbGciOiJub25l.eyJzdWIiOiJhbmEi.c2ln',
        '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----',
        'x'.repeat(5000),
      ].join('\n'),
    });
    for (const secret of ['abc123', 't0ps3cret', 'hunter2', 'abc.def', '12345&', 'abcdefgh12345678', 'eyJ', 'MIIE']) {
      expect(text).not.toContain(secret);
    }
    expect(text).toContain('"user": "ana"');
    expect(text).toContain('page=2');
    expect(text).toContain('server: istio-envoy');
    expect(text).toContain('The body is cut at 2000 characters.');
    expect(text.length).toBeLessThan(4000);
  });

  it('says why where no answer came', async () => {
    const { text } = await sent('curl productpage/', {
      outcome: 'refused',
      status: 0,
      body: '',
      error: 'connection refused',
    });
    expect(text).toContain('Status: no answer');
    expect(text).toContain('connection refused');
  });
});
