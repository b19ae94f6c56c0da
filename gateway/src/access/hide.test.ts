import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANALYST, BANK, CLINIC, STRANGER } from '../graph.fake/consumers.ts';
import { codes, fetched, type System, startSystem } from '../graph.fake/system.ts';

describe('what may not be seen does not exist (HIDE)', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system.stop());

  /** Both texts with the name that is asked for taken out. */
  const same = async (hidden: string, random: string, query: (name: string) => string, who = BANK) => {
    expect(random.length).toBe(hidden.length);
    const [a, b] = [await system.as(who)(query(hidden)), await system.as(who)(query(random))];
    expect(a.text.replaceAll(hidden, random)).toBe(b.text);
    expect([a.status, a.fetches.length]).toEqual([b.status, 0]);
    return a;
  };

  it('a bank is given the payments it delivers and whom to pay', async () => {
    const reply = await system.as(BANK)('{ payment(id: "payment-1") { status recipient { name { full } } } }');
    expect(reply.data).toEqual({ payment: { status: 'CANCELLED', recipient: { name: { full: 'canary PersonName.full of person-1' } } } });
  });

  it('a hidden field reads, byte for byte, like one that never was', async () => {
    const reply = await same('phones', 'xhones', (f) => `{ person(id: "person-1") { id ${f} } }`);
    expect(reply.errors).toEqual([
      {
        message: 'Cannot query field "phones" on type "Person".',
        locations: [{ line: 1, column: 31 }],
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      },
    ]);
    expect(reply.status).toBe(400);
  });

  it.each([
    ['at the top', 'accessLog', 'accessLxg', (f: string) => `{ ${f} { nodes { at } } }`],
    ['in an inline fragment on an interface', 'phones', 'xhones', (f: string) => `{ node(id: "person-1") { ... on Person { ${f} } } }`],
    [
      'in a named fragment on an interface',
      'phones',
      'xhones',
      (f: string) => `{ node(id: "person-1") { ...N } } fragment N on Node { ... on Person { id ${f} } }`,
    ],
    [
      'in nested fragments',
      'phones',
      'xhones',
      (f: string) => `{ person(id: "person-1") { ... { ... on Node { ... on Person { ${f} } } } } }`,
    ],
    ['behind a payment', 'phones', 'xhones', (f: string) => `{ payment(id: "payment-1") { recipient { ${f} } } }`],
    ['under an alias that may be seen', 'phones', 'xhones', (f: string) => `{ person(id: "person-1") { name: ${f} } }`],
    ['with @skip', 'phones', 'xhones', (f: string) => `query ($v: Boolean = true) { person(id: "person-1") { ${f} @skip(if: $v) } }`],
    ['a hidden argument', 'program', 'xrogram', (f: string) => `{ payments(filter: { ${f}: "cash" }) { nodes { id } } }`],
    ['a hidden type in a fragment', 'AccessLogEntry', 'AccessLxgEntry', (f: string) => `{ payments { nodes { ... on ${f} { at } } } }`],
    [
      'a hidden input type of a variable',
      'PersonFilter',
      'PersxnFilter',
      (f: string) => `query ($f: ${f}) { payments { nodes { id } } me { id @skip(if: $f) } }`,
    ],
    ['a hidden mutation', 'registerPerson', 'xegisterPerson', (f: string) => `mutation { ${f}(key: "k") { receipt { number } } }`],
    [
      'a hidden field called the wrong way',
      'registeredAt',
      'xegisteredAt',
      (f: string) => `{ person(id: "person-1") { ${f}(x: 1) { y } } }`,
    ],
  ])('so it does %s', async (_where, hidden, random, query) => {
    expect(codes(await same(hidden, random, query))).toContain('GRAPHQL_VALIDATION_FAILED');
  });

  it('a misspelt hidden field is not mended with a suggestion', async () => {
    const reply = await system.as(BANK)('{ person(id: "person-1") { phone nam } }');
    expect(reply.text).not.toMatch(/mean|phones|name/i);
  });

  it('a caller without actions has no mutations, and hears what a graph without any would say', async () => {
    const [known, random] = [
      await system.as(CLINIC)('mutation { registerPerson(key: "k") { receipt { number } } }'),
      await system.as(CLINIC)('mutation { nothing(key: "k") { x } }'),
    ];
    expect(known.text).toBe(random.text);
    expect(known.errors[0]?.message).toBe('The schema has no mutations.');
  });

  it('federation’s own fields are unknown', async () => {
    for (const query of [
      '{ _service { sdl } }',
      '{ _entities(representations: []) { __typename } }',
      '{ person(id: "person-1") { ref } }',
    ]) {
      expect(codes(await system.as(BANK)(query))).toContain('GRAPHQL_VALIDATION_FAILED');
    }
  });

  it('an object of a type that may not be met is not there, and its registry is not asked', async () => {
    const reply = await system.as(STRANGER)(
      '{ a: node(id: "person-1") { __typename id } b: node(id: "program-1") { __typename id } c: node(id: "program-gone") { __typename id } }',
    );
    expect(reply.data).toEqual({ a: null, b: { __typename: 'Program', id: 'program-1' }, c: null });
    expect(reply.errors).toEqual([]);
    expect([...fetched(reply)].sort()).toEqual(['Program.id', 'Program.ref', 'Query.node']);
  });

  it('absent and out of scope are null without an error', async () => {
    const reply = await system.as(BANK)('{ person(id: "person-gone") { id } node(id: "payment-gone") { id } }');
    expect([reply.data, reply.errors]).toEqual([{ person: null, node: null }, []]);
  });

  it('an analyst counts and meets no person', async () => {
    const counted = await system.as(ANALYST)('{ coverage(programs: ["cash"]) { cells { beneficiaries } } }');
    expect(counted.data.coverage.cells).toHaveLength(2);
    expect(codes(await system.as(ANALYST)('{ persons { nodes { id } } }'))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });
});
