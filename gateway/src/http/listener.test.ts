import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUDIENCE, goodClaims } from '../authn/authn.examples.ts';
import { type TestFront, testFront } from './front.examples.ts';

let front: TestFront;
beforeAll(async () => {
  front = await testFront({ env: { COMMONWEAL_RATE: '10000' } });
});
afterAll(() => front.stop());

const first = async (response: Response) =>
  ((await response.json()) as { errors: { message: string; extensions: Record<string, unknown> }[] }).errors[0];

describe('every answer, whatever its status', () => {
  test('is for no cache, no frame and no guessing of types, and carries the id of the request', async () => {
    const bad = { authorization: 'Bearer x' };
    const answers: Record<string, Response> = {
      ok: await front.ask('{ consumer }'),
      'not GraphQL': await front.ask('{'),
      'not JSON': await fetch(`${front.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }),
      'no CSRF header': await fetch(`${front.url}/graphql?query={consumer}`),
      unauthenticated: await front.ask('{ consumer }', bad),
      'unknown path': await fetch(`${front.url}/nothing/here`),
      'malformed path': await fetch(`${front.url}/%ff%fe`),
      'wrong method': await fetch(`${front.url}/graphql`, { method: 'PUT' }),
      landing: await fetch(`${front.url}/`),
      health: await fetch(`${front.url}/health/ready`),
      metrics: await fetch(`${front.url}/metrics`),
      playground: await fetch(`${front.url}/playground/x.js`),
    };
    const statuses = Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, answer.status]));
    expect(statuses).toEqual({
      ok: 200,
      'not GraphQL': 400,
      'not JSON': 400,
      'no CSRF header': 400,
      unauthenticated: 401,
      'unknown path': 404,
      'malformed path': 400,
      'wrong method': 405,
      landing: 200,
      health: 200,
      metrics: 200,
      playground: 404,
    });
    for (const [name, { headers }] of Object.entries(answers)) {
      const values = (...names: string[]) => names.map((header) => headers.get(header));
      expect([name, ...values('cache-control', 'vary', 'x-content-type-options', 'x-frame-options')]).toEqual([
        name,
        'no-store',
        'authorization, x-purpose',
        'nosniff',
        'DENY',
      ]);
      expect([name, ...values('content-security-policy', 'x-request-id')]).toEqual([
        name,
        expect.stringContaining("default-src 'none'"),
        expect.stringMatching(/^[0-9a-f-]{36}$/),
      ]);
      expect([name, ...values('access-control-allow-origin', 'server', 'x-powered-by')]).toEqual([name, null, null, null]);
    }
  });

  test('that is not even HTTP has them too', async () => {
    for (const bytes of [
      'GARBAGE\r\n\r\n',
      'GET / HTTP/1.1\r\nbad header\r\n\r\n',
      `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`,
    ]) {
      const answer = await front.raw(bytes);
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(answer.toLowerCase()).toContain('cache-control: no-store');
      expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '').errors[0].extensions.code).toMatch(/BAD_USER_INPUT|LIMIT_EXCEEDED/);
    }
  });

  test('takes over the id that the caller gives when it is short and plain, else makes one', async () => {
    const idOf = async (id: string) => (await front.ask('{ consumer }', { 'x-request-id': id })).headers.get('x-request-id');
    for (const id of ['abc', 'A-1_b.2', 'x'.repeat(64)]) expect(await idOf(id)).toBe(id);
    for (const id of ['', 'x'.repeat(65), 'a b', 'a/../b', '<script>', `$\{jndi:x}`, '-x', 'é', 'a,b'])
      expect(await idOf(id)).toMatch(/^[0-9a-f-]{36}$/);
    await front.ask('{ consumer }', { 'x-request-id': 'seen-by-the-graph' });
    expect(front.contexts.at(-1)?.requestId).toBe('seen-by-the-graph');
  });
});

describe('headers', () => {
  test('that Node refuses by itself are refused in the shape of all other errors, and logged', async () => {
    front = await testFront();
    const post = (headers: string) =>
      front.raw(`POST /graphql HTTP/1.1\r\n${headers}content-type: application/json\r\ncontent-length: 24\r\n\r\n{"query":"{ consumer }"}`);
    for (const [headers, status] of [
      ['host: x\r\nexpect: nonsense\r\n', 417],
      ['host: x\r\nexpect:\r\n', 417],
      ['connection: close\r\n', 400],
    ] as const) {
      const answer = await post(headers);
      expect({ headers, answer }).toEqual({
        headers,
        answer: expect.stringMatching(
          new RegExp(`^HTTP/1\\.1 ${status} .*\r\ncache-control: no-store\r\n.*\r\n\r\n\\{"errors":.*BAD_USER_INPUT`, 's'),
        ),
      });
    }
    expect(await post('host: x\r\nexpect: 100-Continue\r\nconnection: close\r\n')).toMatch(/^HTTP\/1\.1 100 .*HTTP\/1\.1 200 /s);
    expect(front.lines.flatMap(({ status }) => status ?? [])).toEqual([417, 417, 400, 200]);
  });

  test('a thousand of them are refused, and so are 16 KB', async () => {
    const withHeaders = (count: number) =>
      front.raw(
        `GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${Array.from({ length: count }, (_, i) => `h${i}: 1\r\n`).join('')}\r\n`,
      );
    expect(await withHeaders(62)).toMatch(/^HTTP\/1\.1 200 /);
    for (const count of [63, 200, 1000, 1900])
      expect(`${count}: ${await withHeaders(count)}`).toMatch(/^\d+: HTTP\/1\.1 431 .*LIMIT_EXCEEDED/s);
    const large = Array.from({ length: 10 }, (_, i) => `h${i}: ${'x'.repeat(2000)}\r\n`).join('');
    expect(await front.raw(`GET / HTTP/1.1\r\nhost: x\r\n${large}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('Authorization or x-purpose twice is refused, even though node joins or drops the second', async () => {
    const token = await front.token({ purposes: ['PAYMENT_DELIVERY', 'SERVICE_VERIFICATION'] });
    const body = '{"query":"{ purpose }"}';
    const send = (lines: string[]) => {
      const head = [
        'POST /graphql HTTP/1.1',
        'host: x',
        'content-type: application/json',
        `content-length: ${body.length}`,
        'connection: close',
        ...lines,
      ];
      return front.raw(`${head.join('\r\n')}\r\n\r\n${body}`);
    };
    const auth = `authorization: Bearer ${token}`;
    expect(await send([auth, 'x-purpose: PAYMENT_DELIVERY'])).toContain('{"data":{"purpose":"PAYMENT_DELIVERY"}}');
    expect(await send([auth, auth, 'x-purpose: PAYMENT_DELIVERY'])).toMatch(/^HTTP\/1\.1 401 .*UNAUTHENTICATED/s);
    expect(await send(['authorization:', auth, 'x-purpose: PAYMENT_DELIVERY'])).toMatch(/^HTTP\/1\.1 401 /);
    expect(await send([auth, 'x-purpose: PAYMENT_DELIVERY', 'x-purpose: SERVICE_VERIFICATION'])).toMatch(
      /^HTTP\/1\.1 400 .*Send the header x-purpose once/s,
    );
    expect(await send([auth, 'x-purpose: PAYMENT_DELIVERY, SERVICE_VERIFICATION'])).toMatch(/^HTTP\/1\.1 403 .*PURPOSE_NOT_ALLOWED/s);
  });

  test('of our own hops, of federation and of traces stay at the door', async () => {
    await front.ask('{ consumer }', {
      'x-commonweal-hop': 'x',
      'x-commonweal-principal': 'ministry',
      'apollo-federation-include-trace': 'ftv1',
      'apollo-query-plan-experimental': '1',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    });
    expect(Object.keys(front.contexts.at(-1) ?? {}).sort()).toEqual(['principal', 'requestId', 'signal']);
    expect(front.passedHeaders.at(-1)).toEqual(['accept', 'content-type']);
    expect(front.contexts.at(-1)?.principal.consumer).toBe('anonymous');
  });
});

describe('who asks', () => {
  test('a token opens the graph for its consumer and purpose; none is anonymous', async () => {
    const response = await front.ask('{ consumer purpose }', { authorization: `Bearer ${await front.token()}` });
    expect(await response.json()).toEqual({ data: { consumer: 'river-bank', purpose: 'PAYMENT_DELIVERY' } });
    expect(await (await front.ask('{ consumer }')).json()).toEqual({ data: { consumer: 'anonymous' } });
  });

  test('a bad token is 401 in one way, for every fault, and the graph is not asked', async () => {
    const asked = front.contexts.length;
    const tokens = [
      'x',
      await front.sign(goodClaims({ exp: 1 })),
      await front.sign(goodClaims({ aud: `${AUDIENCE}/` })),
      await front.sign(goodClaims({ areas: null })),
    ];
    for (const token of tokens) {
      const response = await front.ask('{ consumer }', { authorization: `Bearer ${token}` });
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
      expect(await response.json()).toEqual({ errors: [{ message: 'The token is not valid.', extensions: { code: 'UNAUTHENTICATED' } }] });
    }
    expect(front.contexts.length).toBe(asked);
  });

  test('several purposes and none stated: told which there are', async () => {
    const token = await front.token({ purposes: ['PAYMENT_DELIVERY', 'SERVICE_VERIFICATION'] });
    const response = await front.ask('{ consumer }', { authorization: `Bearer ${token}` });
    expect(response.status).toBe(400);
    expect(await first(response)).toEqual({
      message: 'State one purpose in the header x-purpose; this token carries PAYMENT_DELIVERY, SERVICE_VERIFICATION.',
      extensions: { code: 'PURPOSE_REQUIRED', purposes: ['PAYMENT_DELIVERY', 'SERVICE_VERIFICATION'] },
    });
  });
});

describe('a client that goes away', () => {
  test('breaks off the work that was done for it', async () => {
    const gone = new AbortController();
    const asked = front.contexts.length;
    const answer = fetch(`${front.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ wait }"}',
      signal: gone.signal,
    });
    while (front.contexts.length === asked) await sleep(5);
    expect(front.signals.at(-1)?.aborted).toBe(false);
    gone.abort();
    await expect(answer).rejects.toThrow('aborted');
    for (let i = 0; i < 100 && !front.signals.at(-1)?.aborted; i++) await sleep(5);
    expect(front.signals.at(-1)?.aborted).toBe(true);
    await sleep(50);
    const { requestId } = front.contexts.at(-1) ?? {};
    expect(front.lines.filter((line) => line.requestId === requestId).map((line) => line.status)).toEqual([499]);
  });

  test('and one that stays does not', async () => {
    await front.ask('{ consumer }');
    await sleep(20);
    expect(front.signals.at(-1)?.aborted).toBe(false);
  });
});

test('a request that takes too long is broken off, and answered', async () => {
  const slow = await testFront({ config: (c) => ({ ...c, limits: { ...c.limits, timeoutMs: -900 }, audit: { waitMs: 0 } }) });
  try {
    const response = await slow.ask('{ wait }');
    expect(await response.json()).toEqual({ data: { wait: 'aborted' } });
    expect(slow.signals[0]?.aborted).toBe(true);
  } finally {
    await slow.stop();
  }
});

test('production says that it is to be reached by https only', async () => {
  const strict = await testFront({ config: (c) => ({ ...c, environment: 'production' }) });
  try {
    expect((await strict.ask('{ consumer }')).headers.get('strict-transport-security')).toBe('max-age=31536000');
  } finally {
    await strict.stop();
  }
});
