import { HeaderMap } from '@apollo/server';
import { ApiError, ERROR_CODES, type SubgraphAnswer } from '@commonweal/schema';
import { GraphQLError } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BANK, CASE_WORKER, STRANGER } from '../graph.fake/consumers.ts';
import { codes, type System, startSystem } from '../graph.fake/system.ts';
import { isTellable, refusal, tellable } from './errors.ts';

const answer = (
  code: string | undefined,
  message = 'select secret-1234 from person',
  path: (string | number)[] = ['person', 'name'],
): SubgraphAnswer => ({
  data: { person: { id: 'person-1', name: null } },
  errors: [
    {
      message,
      path,
      extensions: {
        ...(code ? { code } : {}),
        serviceName: 'persons',
        stacktrace: ['at /secret-1234.ts'],
        exception: { secret: 1 },
        sql: { text: 'secret-1234' },
      },
    },
  ],
});
const PERSON = '{ person(id: "person-1") { id name { full } } }';

describe('of whatever was thrown', () => {
  const told = (thrown: unknown) => {
    const { message, extensions } = tellable(thrown, 'request-1');
    return { message, extensions };
  };
  const INTERNAL = { code: 'INTERNAL', requestId: 'request-1' };

  it('only what was made for telling is told', () => {
    const own = refusal('FORBIDDEN_FIELD', 'A sentence for the caller.');
    expect([tellable(own, 'request-1') === own, isTellable(own)]).toEqual([true, true]);
    const refused = new ApiError('RATE_LIMITED', 'Later.', { seconds: 3 });
    expect([told(refused), isTellable(refused)]).toEqual([{ message: 'Later.', extensions: { seconds: 3, code: 'RATE_LIMITED' } }, true]);
    for (const thrown of [
      new GraphQLError('select secret-1234', { extensions: { code: 'FORBIDDEN_FIELD' } }),
      new Error('secret-1234'),
      'secret-1234',
      null,
    ]) {
      expect(told(thrown)).toEqual({ message: expect.not.stringContaining('1234'), extensions: INTERNAL });
      expect(isTellable(thrown)).toBe(false);
    }
  });
});

describe('errors', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ limits: { timeoutMs: 60, auditWaitMs: 200 } });
  });
  beforeEach(() => {
    system.intercept = null;
    system.audit = 'writes';
  });
  afterAll(() => system.stop());

  describe('from a subgraph', () => {
    it('with a code of the list keep it, their text and their place', async () => {
      system.intercept = () => answer('VERIFICATION_LOCKED', 'Locked until tomorrow.');
      const reply = await system.as(CASE_WORKER)(PERSON);
      expect([reply.status, reply.data]).toEqual([200, { person: { id: 'person-1', name: null } }]);
      expect(reply.errors).toEqual([
        { message: 'Locked until tomorrow.', path: ['person', 'name'], extensions: { code: 'VERIFICATION_LOCKED' } },
      ]);
    });

    it.each([[undefined], ['INTERNAL_SERVER_ERROR'], ['DOWNSTREAM_SERVICE_ERROR'], ['INTERNAL'], ['constructor'], ['__proto__']])(
      'with %s are INTERNAL, and nothing of them is told',
      async (code) => {
        system.intercept = () => answer(code);
        const reply = await system.as(CASE_WORKER)(PERSON);
        expect(codes(reply)).toEqual(['INTERNAL']);
        expect(reply.errors[0]?.extensions.requestId).toMatch(/^request-\d+$/);
        expect(reply.text).not.toMatch(/secret|serviceName|stack|persons/);
      },
    );

    it('places below names of ours are the client’s own', async () => {
      system.intercept = () => ({
        data: { cwka: null } as never,
        errors: [{ message: 'x', path: ['cwkcwA', 'cwkconstructor'], extensions: { code: 'INVALID_CURSOR' } }],
      });
      expect((await system.as(CASE_WORKER)('{ cwA: person(id: "person-1") { constructor: id } }')).errors[0]?.path).toEqual([
        'cwA',
        'constructor',
      ]);
    });

    it('a field refused there is a tripwire: an alarm, and no word of a permission', async () => {
      system.intercept = () => answer('FORBIDDEN_FIELD', 'PersonName.full may not be seen');
      const reply = await system.as(BANK)(PERSON);
      expect([codes(reply), system.counted.tripwire]).toEqual([['INTERNAL'], ['persons']]);
      expect(reply.text).not.toContain('may not be seen');
    });

    it('one that cannot be reached takes only its own part away', async () => {
      system.intercept = (subgraph) => {
        if (subgraph === 'programs') throw new Error('connect ECONNREFUSED secret-1234');
        return null;
      };
      const reply = await system.as(CASE_WORKER)('{ person(id: "person-1") { id enrollments { nodes { id } } } }');
      expect([reply.status, reply.data, codes(reply)]).toEqual([200, { person: { id: 'person-1', enrollments: null } }, ['UNAVAILABLE']]);
      expect([reply.errors[0]?.path, reply.text.includes('secret')]).toEqual([['person'], false]);
    });

    it('one whose answer is none takes only its own part away, and nothing of it is told', async () => {
      system.intercept = (subgraph) => (subgraph === 'programs' ? { data: { _entities: ['secret-1234', 'secret-1234'] } } : null);
      const reply = await system.as(CASE_WORKER)('{ person(id: "person-1") { id enrollments { nodes { id } } } }');
      expect([reply.data, codes(reply)]).toEqual([{ person: { id: 'person-1', enrollments: null } }, ['INTERNAL']]);
      expect([reply.errors[0]?.path, /secret|programs|entities/.test(reply.text)]).toEqual([['person'], false]);
    });

    it('what could not be had for a reason that is told is not also said to be absent', async () => {
      system.intercept = () => ({
        data: { person: null },
        errors: [{ message: 'Slower.', path: ['person'], extensions: { code: 'RATE_LIMITED' } }],
      });
      expect(codes(await system.as(CASE_WORKER)(PERSON))).toEqual(['RATE_LIMITED']);
    });

    it('for each of many rows are told a hundred times at the most', async () => {
      system.intercept = () => ({
        data: { persons: { nodes: Array.from({ length: 500 }, () => ({ name: null })) } },
        errors: Array.from({ length: 500 }, (_, i) => ({
          message: 'x',
          path: ['persons', 'nodes', i, 'name'],
          extensions: { code: 'TIMEOUT' },
        })),
      });
      expect((await system.as(CASE_WORKER)('{ persons { nodes { name { full } } } }')).errors).toHaveLength(100);
    });

    it('one that does not answer in time is left behind', async () => {
      system.intercept = () => new Promise(() => {});
      const began = performance.now();
      const reply = await system.as(CASE_WORKER)(PERSON);
      expect([reply.data, codes(reply)]).toEqual([{ person: null }, ['TIMEOUT']]);
      expect(performance.now() - began).toBeLessThan(1000);
    });

    it('is told to stop when the client is gone', async () => {
      const gone = new AbortController();
      let stopped = false;
      system.intercept = (_s, _r, signal) =>
        new Promise((_, reject) =>
          signal?.addEventListener('abort', () => {
            stopped = true;
            reject(new Error('aborted'));
          }),
        );
      const pending = system.as(CASE_WORKER)(PERSON, { signal: gone.signal });
      await new Promise((r) => setTimeout(r, 10));
      gone.abort();
      await pending;
      expect(stopped).toBe(true);
    });

    it('a slow one with many refused parents gives one error for each coordinate', async () => {
      const reply = await system.as(CASE_WORKER)(
        '{ persons { nodes { phones emails household { members { nodes { person { phones } } } } } } }',
      );
      expect(reply.errors).toHaveLength(2);
    });
  });

  it('whatever a call carries is signed for it alone, and nothing of the client goes along', async () => {
    const headers = {
      'x-commonweal-hop': 'forged',
      'apollo-federation-include-trace': 'ftv1',
      'apollo-query-plan-experimental': '1',
      authorization: 'Bearer secret-1234',
    };
    const reply = await system.as(CASE_WORKER)('{ person(id: "person-1") { id enrollments { nodes { id } } } }', { headers });
    expect(reply.text).not.toMatch(/plan|ftv1|extensions/i);
    expect(reply.fetches.map((f) => [f.hop.audience, f.hop.operation, f.hop.principal])).toEqual([
      ['persons', 'query', CASE_WORKER],
      ['programs', 'query', CASE_WORKER],
    ]);
    expect(new Set(reply.fetches.map((f) => f.hop.id)).size).toBe(2);
    expect(JSON.stringify(reply.fetches)).not.toContain('secret-1234');
  });

  describe('of a request that is no operation', () => {
    it.each([
      ['no GraphQL', { query: '{ me { ' }, 400, 'GRAPHQL_PARSE_FAILED'],
      ['an empty text', { query: '' }, 400, 'BAD_USER_INPUT'],
      ['no text', { variables: {} }, 400, 'BAD_USER_INPUT'],
      ['a batch', [{ query: '{ me { id } }' }, { query: '{ me { id } }' }], 400, 'BAD_USER_INPUT'],
      [
        'a persisted query by its hash',
        { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } },
        400,
        'BAD_USER_INPUT',
      ],
      [
        'a persisted query to register',
        { query: '{ me { id } }', extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } },
        400,
        'BAD_USER_INPUT',
      ],
      ['a subscription', { query: 'subscription { me { id } }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
      ['@defer', { query: '{ me { id ... @defer { sex } } }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
      ['a schema', { query: 'type Query { a: Int }' }, 400, 'OPERATION_RESOLUTION_FAILURE'],
      [
        'two operations of one name',
        { query: 'query A { me { id } } query A { me { sex } }', operationName: 'A' },
        400,
        'GRAPHQL_VALIDATION_FAILED',
      ],
      ['variables as text', { query: '{ me { id } }', variables: '{}' }, 400, 'BAD_USER_INPUT'],
    ])('%s', async (_name, body, status, code) => {
      const reply = await system.as(CASE_WORKER)('', { body });
      expect([reply.status, codes(reply)[0], reply.data, reply.fetches]).toEqual([status, code, undefined, []]);
      expect(Object.keys(ERROR_CODES)).toContain(code);
    });

    it('a mutation by GET, and a form that a browser sends unasked', async () => {
      const get = (search: string, headers: [string, string][]) =>
        system.graph.apollo.executeHTTPGraphQLRequest({
          httpGraphQLRequest: { method: 'GET', headers: new HeaderMap(headers), search, body: undefined },
          context: async () => ({ principal: CASE_WORKER, requestId: 'r' }),
        });
      const mutation = await get(`?query=${encodeURIComponent('mutation { enroll(key: "k") { refusals { code } } }')}`, [
        ['content-type', 'application/json'],
      ]);
      expect(mutation.status).toBe(405);
      const unasked = await get(`?query=${encodeURIComponent('{ me { id } }')}`, [['content-type', 'text/plain']]);
      expect(unasked.status).toBe(400);
      expect((await get(`?query=${encodeURIComponent('{ me { id } }')}`, [['content-type', 'application/json']])).status ?? 200).toBe(200);
    });

    it('to a client that takes nothing but JSON, faults of the document are 200, as GraphQL over HTTP wants', async () => {
      expect((await system.as(CASE_WORKER)('{ nothing }', { headers: { accept: 'application/json' } })).status).toBe(200);
      expect((await system.as(CASE_WORKER)('{ nothing }', { headers: { accept: 'application/graphql-response+json' } })).status).toBe(400);
      expect((await system.as(CASE_WORKER)('{ nothing }', { headers: { accept: '*/*' } })).status).toBe(400);
      expect(
        (
          await system.as(BANK)(
            'mutation { recordPaymentStatus(key: "k", input: { payment: "p", status: SENT, amountDelivered: "1", occurredAt: "2026-01-01T00:00:00Z" }) { refusals { code } } }',
            { headers: { accept: 'application/json' } },
          )
        ).status,
      ).toBe(200);
    });
  });
});

describe('the audit record', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ limits: { auditWaitMs: 200 } });
  });
  beforeEach(() => {
    system.intercept = null;
    system.audit = 'writes';
    system.records.length = 0;
  });
  afterAll(() => system.stop());

  it('is one for each operation, also for one that was refused', async () => {
    await system.as(CASE_WORKER)('query Named { person(id: "person-1") { id } }');
    await system.as(CASE_WORKER)('{ me { ');
    await system.as(BANK)('{ accessLog { nodes { at } } }');
    await system.as(CASE_WORKER)('{ coverage { asOf } persons(filter: { incomeLevel: [LOW] }) { nodes { id } } }');
    await system.as({ ...BANK, purpose: 'RESEARCH' })('{ me { id } }');
    expect(system.records.map((r) => [r.consumer, r.operationName, r.outcome, Object.keys(r.errors), r.reports.length])).toEqual([
      ['district', 'Named', 'OK', [], 1],
      ['district', null, 'REFUSED', ['GRAPHQL_PARSE_FAILED'], 0],
      ['bank', null, 'REFUSED', ['GRAPHQL_VALIDATION_FAILED'], 0],
      ['district', null, 'REFUSED', ['FORBIDDEN_INPUT'], 0],
      ['bank', null, 'REFUSED', ['PURPOSE_NOT_ALLOWED'], 0],
    ]);
    expect(system.records[0]).toMatchObject({
      user: 'user of district',
      purpose: 'CASE_MANAGEMENT',
      lawfulBasis: 'PUBLIC_TASK',
      agreements: ['agreement of district'],
      epoch: 1,
      reports: [{ subgraph: 'persons', persons: ['person-1'] }],
    });
    expect(system.records[0]?.operationHash).toMatch(/^[\w-]{43}$/);
  });

  it('holds no values', async () => {
    await system.as(CASE_WORKER)(
      'query ($n: String!) { persons(filter: { surnameStartsWith: $n }) { nodes { name { full } } } a: persons(filter: { surnameStartsWith: "secret-5678" }) { nodes { id } } }',
      { variables: { n: 'secret-1234' } },
    );
    expect(system.records).toHaveLength(1);
    expect(JSON.stringify(system.records)).not.toMatch(/secret|canary/);
  });

  it('a stranger’s public question leaves none unless something was fetched', async () => {
    await system.as(STRANGER)('{ nothing }');
    expect(system.records).toEqual([]);
    await system.as(STRANGER)('{ programs { nodes { code } } }');
    expect(system.records).toHaveLength(1);
  });

  it('that cannot be written takes the answer away', async () => {
    system.audit = 'fails';
    const reply = await system.as(CASE_WORKER)('{ person(id: "person-1") { name { full } } }');
    expect([reply.status, reply.data, codes(reply)]).toEqual([503, undefined, ['UNAVAILABLE']]);
    expect(reply.text).not.toContain('canary');
    const write = await system.as(CASE_WORKER)(
      'mutation { changeMembership(key: "key-1", input: { person: "person-1", validFrom: "2026-01-01" }) { membership { validFrom } } }',
    );
    expect(write.errors[0]?.message).toBe('The answer cannot be given now. The write may have been done: send it again with the same key.');
  });

  it('of many requests at once are written together', async () => {
    system.audit = 'writes slowly';
    const batches: number[] = [];
    const push = system.records.push.bind(system.records);
    system.records.push = (...items) => {
      batches.push(items.length);
      return push(...items);
    };
    await Promise.all(Array.from({ length: 100 }, () => system.as(CASE_WORKER)('{ me { id } }')));
    expect(batches.reduce((a, b) => a + b)).toBe(100);
    expect(batches.length).toBeLessThan(20);
    expect(new Set(system.records.map((r) => r.requestId)).size).toBe(100);
  });
});
