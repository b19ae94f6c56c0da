import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { ERROR_CODES } from '@commonweal/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestFront, testFront } from './front.examples.ts';

let front: TestFront;
beforeAll(async () => {
  front = await testFront({ env: { COMMONWEAL_RATE: '10000' } });
});
afterAll(() => front.stop());

/** Status and code of an answer; the code must be of the closed list. */
async function outcome(response: Response) {
  const { errors } = (await response.json()) as { errors?: { message: string; extensions: { code: string } }[] };
  const code = errors?.[0]?.extensions.code;
  if (code === undefined) return response.status;
  return `${response.status} ${Object.hasOwn(ERROR_CODES, code) ? code : `${code}, which is not on the list`}`;
}
const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  fetch(`${front.url}/graphql`, { method: 'POST', headers, body });
const get = (search: string, headers: Record<string, string> = {}) => fetch(`${front.url}/graphql?${search}`, { headers });
const OPERATION = '{"query":"{ consumer }"}';

describe('a body is JSON in UTF-8, and one operation', () => {
  test('an operation is answered, so that the refusals below mean something', async () => {
    const response = await post(OPERATION);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ data: { consumer: 'anonymous' } });
  });

  test('other types are refused: the ones that a form of another site can send, and all else', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/graphql',
      'application/xml',
      'text/plain; application/json',
      'application/jsonx',
      '*/*',
    ])
      expect([type, await outcome(await post(OPERATION, { 'content-type': type }))]).toEqual([type, '415 BAD_USER_INPUT']);
    expect(await outcome(await post(new TextEncoder().encode(OPERATION), {}))).toBe('415 BAD_USER_INPUT');
  });

  test('UTF-8 may be named; other charsets and bytes that are no UTF-8 are refused', async () => {
    for (const charset of ['utf-8', 'UTF-8', '"utf-8"', 'utf8'])
      expect([charset, await outcome(await post(OPERATION, { 'content-type': `application/json; charset=${charset}` }))]).toEqual([
        charset,
        200,
      ]);
    for (const charset of ['utf-7', 'utf-16', 'iso-8859-1', 'ibm037', 'utf-8x'])
      expect([charset, await outcome(await post(OPERATION, { 'content-type': `application/json; charset=${charset}` }))]).toEqual([
        charset,
        '415 BAD_USER_INPUT',
      ]);
    expect(await outcome(await post(new Uint8Array([...new TextEncoder().encode('{"query":"'), 0xc3, 0x28, 0x22, 0x7d])))).toBe(
      '400 BAD_USER_INPUT',
    );
  });

  test('nothing compressed is taken: a bomb is refused before a byte of it is read', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, 32));
    expect(bomb.length).toBeLessThan(60_000);
    const before = process.memoryUsage().rss;
    for (const encoding of ['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip', 'GZIP'])
      expect(await outcome(await post(new Uint8Array(bomb), { 'content-type': 'application/json', 'content-encoding': encoding }))).toBe(
        '415 BAD_USER_INPUT',
      );
    expect(process.memoryUsage().rss - before).toBeLessThan(40_000_000);
  });

  test('a body over the limit is refused, announced or in pieces, and memory stays flat', async () => {
    const large = JSON.stringify({ query: `{ consumer } #${'x'.repeat(1024 * 1024)}` });
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 20; i++) expect(await outcome(await post(large))).toBe('413 LIMIT_EXCEEDED');
    expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
    const chunk = 'x'.repeat(64 * 1024);
    const chunked = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${`${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(8)}0\r\n\r\n`;
    const answer = await front.raw(chunked);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('LIMIT_EXCEEDED');
  });

  test('keys that poison a prototype are refused, at any depth and spelling, in bodies and in query strings', async () => {
    const values = [
      '{"__proto__":{"a":1}}',
      '{"x":[{"__proto__":null}]}',
      '{"constructor":{"prototype":{"a":1}}}',
      '{"\\u005f_proto__":{"a":1}}',
      '{"\\u005f\\u005f\\u0070roto__":1}',
    ];
    for (const value of values) {
      expect([value, await outcome(await post(`{"query":"{ consumer }","variables":${value}}`))]).toEqual([value, '400 BAD_USER_INPUT']);
      expect([value, await outcome(await post(`{"query":"{ consumer }","extensions":${value}}`))]).toEqual([value, '400 BAD_USER_INPUT']);
      const search = new URLSearchParams({ query: '{ consumer }', variables: value });
      expect([value, await outcome(await get(search.toString(), { 'apollo-require-preflight': '1' }))]).toEqual([
        value,
        '400 BAD_USER_INPUT',
      ]);
    }
    expect(await outcome(await post('{"__proto__":{"query":"{ consumer }"}}'))).toBe('400 BAD_USER_INPUT');
    expect(({} as { a?: number }).a).toBeUndefined();
  });

  test('batches, operations known by hash, and odd shapes are refused', async () => {
    const hash = randomBytes(32).toString('hex');
    const bodies = [
      `[${OPERATION},${OPERATION}]`,
      '[]',
      'null',
      '1',
      '"x"',
      '{}',
      '',
      '{',
      '{"query":1}',
      '{"query":""}',
      '{"query":["{ consumer }"]}',
      '{"query":{"kind":"Document"}}',
      '{"query":"{ consumer }","variables":[]}',
      '{"query":"{ consumer }","variables":"{}"}',
      '{"query":"{ consumer }","operationName":{}}',
      '{"query":"{ consumer }","extensions":1}',
      `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"${hash}"}}}`,
      `{"query":"{ consumer }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"${hash}"}}}`,
    ];
    for (const body of bodies) expect([body, await outcome(await post(body))]).toEqual([body, '400 BAD_USER_INPUT']);
    expect(await (await post(`[${OPERATION}]`)).text()).toContain('Send one operation per request.');
  });

  test('refusals do not repeat what was sent', async () => {
    const canary = 'canary-0123456789';
    for (const response of [
      await post(`{"${canary}`),
      await post(`{"query":"x","${canary}":{"__proto__":1}}`),
      await get(`query=%7B&variables=${canary}`, { 'apollo-require-preflight': '1' }),
      await post('{}', { 'content-type': `x/${canary}` }),
    ])
      expect(await response.text()).not.toContain(canary);
  });
});

describe('a page of another site cannot make a browser ask', () => {
  test('a GET needs a header that such a page cannot send', async () => {
    expect(await outcome(await get('query=%7Bconsumer%7D'))).toMatch(/^400/);
    expect(await outcome(await get('query=%7Bconsumer%7D', { 'apollo-require-preflight': '1' }))).toBe(200);
    expect(await outcome(await get('query=%7Bconsumer%7D', { 'x-apollo-operation-name': 'x' }))).toBe(200);
  });

  test('a GET writes nothing, and says each parameter once', async () => {
    const headers = { 'apollo-require-preflight': '1' };
    expect((await get('query=mutation%7Bwrite%7D', headers)).status).toBe(405);
    expect(await (await get('query=%7Bconsumer%7D&query=%7Bpurpose%7D', headers)).text()).toContain('\\"query\\" is there twice.');
    expect(await outcome(await get('', headers))).toBe('400 BAD_USER_INPUT');
    expect(await outcome(await get('extensions=%7B%22persistedQuery%22%3A%7B%7D%7D', headers))).toBe('400 BAD_USER_INPUT');
  });

  test('no other method reaches the graph, and no other origin is let in', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const response = await fetch(`${front.url}/graphql`, {
        method,
        headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
      });
      expect([response.status, response.headers.get('allow'), response.headers.get('access-control-allow-origin')]).toEqual([
        405,
        'GET, POST',
        null,
      ]);
    }
    expect((await fetch(`${front.url}/graphql`, { method: 'HEAD' })).status).toBe(405);
  });
});
