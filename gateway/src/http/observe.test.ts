import { type TracerProvider, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, test } from 'vitest';
import { inFetchSpan } from '../execute/observe.ts';
import { type TestFront, testFront } from './front.examples.ts';
import { createReadiness } from './health.ts';
import { createLog } from './log.ts';

let front: TestFront;
afterEach(() => front?.stop());

describe('the log', () => {
  test('has one line for each request: who, for what, which operation, how it ended', async () => {
    front = await testFront();
    await front.ask(
      'query Payments { consumer }',
      { authorization: `Bearer ${await front.token()}`, 'x-request-id': 'r-1' },
      { operationName: 'Payments' },
    );
    await front.ask('{ consumer }', { authorization: 'Bearer x', 'x-request-id': 'r-2' });
    const requests = front.lines.filter((line) => line.msg === 'request');
    expect(requests.map(({ time: _time, ms: _ms, ...line }) => line)).toEqual([
      {
        level: 'info',
        service: 'gateway',
        requestId: 'r-1',
        route: '/graphql',
        status: 200,
        consumer: 'river-bank',
        kind: 'payment_provider',
        purpose: 'PAYMENT_DELIVERY',
        operation: 'Payments',
        outcome: 'OK',
        msg: 'request',
      },
      {
        level: 'info',
        service: 'gateway',
        requestId: 'r-2',
        route: '/graphql',
        status: 401,
        code: 'UNAUTHENTICATED',
        token: 'MALFORMED',
        msg: 'request',
      },
    ]);
    expect(requests.every((line) => typeof line.ms === 'number' && typeof line.time === 'string')).toBe(true);
  });

  test('says why a token was refused, to those who set up the issuer and not to the caller', async () => {
    front = await testFront();
    const ask = async (claims: Record<string, unknown>) => {
      const answer = await front.ask('{ consumer }', { authorization: `Bearer ${await front.token(claims)}` });
      return answer.text();
    };
    const told = [await ask({ purposes: undefined }), await ask({ aud: 'canary' }), await ask({ exp: undefined }), await ask({ exp: 1 })];
    expect(new Set(told)).toEqual(
      new Set(['{"errors":[{"message":"The token is not valid.","extensions":{"code":"UNAUTHENTICATED"}}]}\n']),
    );
    expect(front.lines.filter((line) => line.msg === 'request').map((line) => line.token)).toEqual([
      'CLAIM: purposes is not a list of at most 1000',
      'CLAIM: aud is not the one that is configured, or does not hold now',
      'CLAIM: exp is missing',
      'EXPIRED',
    ]);
    expect(front.logged()).not.toContain('canary');
  });

  test('at its most talkative holds no token, body, variable, header, path, address or person, nor do the figures', async () => {
    front = await testFront();
    const person = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
    const token = await front.token({ person, sub: 'canary-user', areas: ['canary-area'] });
    const nid = '19870412345678';
    const headers = {
      authorization: `Bearer ${token}`,
      'x-purpose': 'PAYMENT_DELIVERY',
      'x-anything': 'canary-header',
      cookie: 'canary-cookie',
    };
    await front.ask(`query($t: String) { echo(text: $t) consumer # canary-body ${nid}\n}`, headers, {
      variables: { t: `canary-variable ${nid}` },
    });
    await front.ask(`query Find${nid} { consumer }`, headers, { operationName: `Find${nid}` });
    await front.ask('{ breaks }', headers);
    await front.ask('{ canaryField }', headers);
    await front.ask('{ consumer }', { authorization: `Bearer ${token}canary` });
    await fetch(`${front.url}/graphql?query=%7Bconsumer%7D&variables=canary-variable-${nid}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    await fetch(`${front.url}/canary-path/${nid}`);
    await fetch(`${front.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"canary-body":"${nid}`,
    });
    await front.raw(`GET /canary-path HTTP/1.1\r\ncanary header ${nid}\r\n\r\n`);
    const written = front.logged() + (await (await fetch(`${front.url}/metrics`)).text());
    expect(front.lines.length).toBeGreaterThanOrEqual(8);
    for (const canary of [token, token.split('.')[2] ?? '', 'canary', nid, person, '127.0.0.1', 'secret detail'])
      expect(written).not.toContain(canary);
  });

  test('of a fault of ours holds its kind and place, and the caller gets the id that finds it', async () => {
    front = await testFront();
    front.metrics.badToken = () => {
      throw Object.assign(new TypeError('canary text'), { code: 'E_CANARY' });
    };
    const response = await front.ask('{ consumer }', { authorization: 'Bearer x', 'x-request-id': 'r-3' });
    expect([response.status, await response.json()]).toEqual([
      500,
      { errors: [{ message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL', requestId: 'r-3' } }] },
    ]);
    expect(front.lines.find((line) => line.msg === 'a request failed')).toMatchObject({
      level: 'error',
      requestId: 'r-3',
      fault: 'TypeError',
      code: 'E_CANARY',
    });
    expect(front.logged()).not.toContain('canary text');
  });
});

test('whoever logs an error logs its kind and place, not its text', () => {
  let written = '';
  const log = createLog('info', {
    write(text) {
      written += text;
    },
  });
  log.error({ err: Object.assign(new RangeError('canary'), { code: 'E_RANGE', detail: 'canary' }) }, 'something failed');
  expect(JSON.parse(written)).toMatchObject({ err: { fault: 'RangeError', code: 'E_RANGE' }, msg: 'something failed' });
  expect(written).not.toContain('canary');
});

test('spans hold what the log holds, and no more', async () => {
  const ended: { name: string; attributes: Record<string, unknown>; parent?: unknown }[] = [];
  const tracer = {
    startSpan(name: string, options: { attributes?: Record<string, unknown> } = {}) {
      const attributes = { ...options.attributes };
      const span = {
        setAttribute: (key: string, value: unknown) => Object.assign(attributes, { [key]: value }),
        setStatus: () => span,
        end: () => void ended.push({ name, attributes }),
        spanContext: () => ({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }),
      };
      return span;
    },
  };
  trace.setGlobalTracerProvider({ getTracer: () => tracer } as unknown as TracerProvider);
  try {
    front = await testFront();
    const token = await front.token();
    await front.ask(
      'query Payments($t: String) { echo(text: $t) }',
      { authorization: `Bearer ${token}`, 'x-request-id': 'r-4' },
      { variables: { t: 'canary' } },
    );
    expect(ended).toEqual([
      {
        name: 'request',
        attributes: {
          'request.id': 'r-4',
          consumer: 'river-bank',
          kind: 'payment_provider',
          purpose: 'PAYMENT_DELIVERY',
          operation: 'Payments',
          outcome: 'OK',
          'http.response.status_code': 200,
        },
      },
    ]);
    const call = { subgraph: 'persons', query: '{ canary }', variables: { id: 'canary' }, operation: 'query' } as const;
    await expect(inFetchSpan(call, () => Promise.reject(new Error('canary')))).rejects.toThrow('canary');
    expect(ended[1]).toEqual({ name: 'fetch', attributes: { subgraph: 'persons', fault: 'UNREACHABLE' } });
  } finally {
    trace.disable();
  }
});

describe('health', () => {
  test('live is live, ready says what is missing', async () => {
    let missing: string[] = ['no sharing policies are loaded', 'the persons subgraph does not answer'];
    front = await testFront({
      checks: {
        all: async () => missing,
        issuer: async () => {
          if (missing.length > 0) throw new Error('canary');
          return [];
        },
      },
    });
    const ready = async () => {
      const response = await fetch(`${front.url}/health/ready`);
      return [response.status, await response.json()];
    };
    expect(await (await fetch(`${front.url}/health/live`)).json()).toEqual({ status: 'live' });
    expect(await ready()).toEqual([
      503,
      {
        status: 'not ready',
        missing: ['no sharing policies are loaded', 'the persons subgraph does not answer', 'issuer cannot be reached'],
      },
    ]);
    missing = [];
    expect(await ready()).toEqual([200, { status: 'ready', missing: [] }]);
  });

  test('asks its checks once a second at most, and does not wait for one that hangs', async () => {
    let asked = 0;
    let at = 0;
    const readiness = createReadiness(
      {
        counted: async () => {
          asked++;
          return [];
        },
        'the consent subgraph': () => new Promise(() => {}),
      },
      () => at,
    );
    const states = await Promise.all([readiness(), readiness(), readiness()]);
    expect([asked, states[0]]).toEqual([1, { status: 'not ready', missing: ['the consent subgraph does not answer in time'] }]);
    at = 1000;
    void readiness();
    expect(asked).toBe(2);
  });
});

describe('metrics', () => {
  test('count operations, fetches, refusals and the tripwire, with bounded labels', async () => {
    front = await testFront();
    const { metrics } = front;
    for (let i = 0; i < 500; i++) metrics.operation(`Op${String.fromCharCode(97 + (i % 26))}${i.toString(36)}`, 'OK', 0.01);
    metrics.operation(null, 'OK', 0.01);
    metrics.operation('not a name\n# HELP', 'OK', 0.01);
    metrics.fetch('persons', 'OK', 0.002);
    metrics.denied('Person.phone', 'payment_provider');
    metrics.tripwire('Person.phone');
    metrics.audit('OK', 0.25);
    const text = await (await fetch(`${front.url}/metrics`)).text();
    const names = new Set([...text.matchAll(/graph_operation_seconds_count\{operation="([^"]*)"/g)].map((m) => m[1]));
    expect(names.size).toBe(201);
    expect(names).toContain('other');
    expect(text).toContain('subgraph_fetch_seconds_count{subgraph="persons",outcome="OK"} 1');
    expect(text).toContain('access_denied_fields_total{kind="payment_provider"} 1');
    expect(text).toContain('access_tripwire_total 1');
    expect(text).toContain('audit_lag_seconds 0.25');
    expect(text).toContain('process_resident_memory_bytes');
  });

  test('show a tripwire that was never touched as 0, so that an alarm can be tested', async () => {
    front = await testFront();
    expect(await (await fetch(`${front.url}/metrics`)).text()).toContain('access_tripwire_total 0');
  });

  test('in production exist only behind their token', async () => {
    const production = { config: (c: TestFront['config']) => ({ ...c, environment: 'production' as const }) };
    front = await testFront(production);
    expect((await fetch(`${front.url}/metrics`)).status).toBe(404);
    await front.stop();
    const secret = 'a-token-for-figures-of-32-characters-or-more';
    front = await testFront({ ...production, env: { COMMONWEAL_METRICS_TOKEN: secret } });
    const status = async (authorization?: string) =>
      (await fetch(`${front.url}/metrics`, authorization ? { headers: { authorization } } : {})).status;
    expect([await status(), await status('Bearer x'), await status(`Bearer ${secret}`)]).toEqual([401, 401, 200]);
  });
});
