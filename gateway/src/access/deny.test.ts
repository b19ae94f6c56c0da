import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CASE_WORKER } from '../graph.fake/consumers.ts';
import { codes, fetched, type System, startSystem } from '../graph.fake/system.ts';

describe('what may not be seen is null, and said so (DENY)', () => {
  let system: System;
  let ask: ReturnType<System['as']>;
  beforeAll(async () => {
    system = await startSystem();
    ask = system.as(CASE_WORKER);
  });
  afterAll(() => system.stop());

  it('a refused field is null with one error, and no registry is asked for it', async () => {
    const reply = await ask('{ person(id: "person-1") { name { full } phones address { line1 } } }');
    expect(reply.status).toBe(200);
    expect(reply.data).toEqual({ person: { name: { full: 'canary PersonName.full of person-1' }, phones: null, address: null } });
    expect(reply.errors.map((e) => [e.extensions.code, e.path])).toEqual([
      ['FORBIDDEN_FIELD', ['person', 'phones']],
      ['FORBIDDEN_FIELD', ['person', 'address']],
    ]);
    expect([...fetched(reply)].sort()).toEqual(['Person.name', 'PersonName.full', 'Query.person']);
  });

  it('one error for each coordinate, not for each row', async () => {
    const reply = await ask('{ persons { nodes { phones household { members { nodes { person { phones emails } } } } } } }');
    expect(reply.data.persons.nodes).toHaveLength(2);
    expect(reply.errors.map((e) => [e.extensions.coordinate, e.path])).toEqual([
      ['Person.phones', ['persons', 'nodes', 0, 'phones']],
      ['Person.emails', ['persons', 'nodes', 0, 'household', 'members', 'nodes', 0, 'person', 'emails']],
    ]);
    expect(fetched(reply)).not.toContain('Person.phones');
  });

  it('a field that is skipped is not refused', async () => {
    const query = 'query ($v: Boolean!) { person(id: "person-1") { id phones @include(if: $v) } }';
    const [without, withIt] = [await ask(query, { variables: { v: false } }), await ask(query, { variables: { v: true } })];
    expect([without.data, without.errors]).toEqual([{ person: { id: 'person-1' } }, []]);
    expect([withIt.data, codes(withIt)]).toEqual([{ person: { id: 'person-1', phones: null } }, ['FORBIDDEN_FIELD']]);
  });

  it('a field that is refused in a fragment nobody uses changes nothing', async () => {
    const reply = await ask('{ person(id: "person-1") { id } } fragment Unused on Person { phones }');
    expect([reply.data, reply.errors]).toEqual([{ person: { id: 'person-1' } }, []]);
  });

  it('where all below an object is refused, only its existence is asked for', async () => {
    const reply = await ask('{ person(id: "person-1") { phones emails } }');
    expect(reply.data).toEqual({ person: { phones: null, emails: null } });
    expect(reply.fetches.map((f) => f.query)).toEqual(['{person(id:"person-1"){__typename}}']);
  });

  it('where everything is refused, nothing is asked at all', async () => {
    const reply = await ask('{ accessLog { nodes { at } } sharingPolicies { nodes { purpose } } }');
    expect(reply.data).toEqual({ accessLog: null, sharingPolicies: null });
    expect([reply.fetches, codes(reply)]).toEqual([[], ['FORBIDDEN_FIELD', 'FORBIDDEN_FIELD']]);
  });

  it('an alias is no disguise', async () => {
    const reply = await ask('{ person(id: "person-1") { name: phones phones: name { full } } }');
    expect(reply.data.person).toEqual({ name: null, phones: { full: 'canary PersonName.full of person-1' } });
    expect(reply.errors.map((e) => e.extensions.coordinate)).toEqual(['Person.phones']);
  });

  it('absent, out of scope and not consented look the same', async () => {
    const reply = await ask(
      '{ person(id: "person-gone") { id } household(id: "household-gone") { id } node(id: "payment-gone") { id } n: node(id: "nothing") { id } me { id } area(code: "gone") { code } }',
    );
    expect(reply.errors.map((e) => [e.extensions.code, e.path])).toEqual([
      ['NOT_AVAILABLE', ['person']],
      ['NOT_AVAILABLE', ['household']],
      ['NOT_AVAILABLE', ['node']],
      ['NOT_AVAILABLE', ['n']],
    ]);
    expect(new Set(reply.errors.map((e) => e.message)).size).toBe(1);
  });

  it('what is refused is not absent as well, however often it is asked for', async () => {
    const reply = await ask(
      '{ a: payment(id: "payment-1") { id } b: payment(id: "payment-2") { id } c: payment(id: "payment-gone") { id } }',
    );
    expect([reply.data, codes(reply)]).toEqual([{ a: null, b: null, c: null }, ['FORBIDDEN_FIELD']]);
  });

  it('what is absent is not refused as well', async () => {
    const reply = await ask('{ person(id: "person-gone") { phones } }');
    expect(codes(reply)).toEqual(['NOT_AVAILABLE']);
  });

  it('a mutation with one refused field among three does nothing', async () => {
    const change = (n: number) =>
      `m${n}: changeMembership(key: "key-${n}", input: { person: "person-1", validFrom: "2026-01-01" }) { membership { validFrom } }`;
    const reply = await ask(
      `mutation { ${change(1)} enroll(key: "key-9", input: { person: "person-1", program: "cash", startsOn: "2026-01-01" }) { enrollment { id } } ${change(2)} }`,
    );
    expect([reply.status, reply.data, reply.fetches, codes(reply)]).toEqual([403, undefined, [], ['FORBIDDEN_ACTION']]);
  });

  it('a mutation with one refused input does nothing', async () => {
    const input = { area: 'KE.23', members: [{ person: 'person-1', relationship: 'HEAD' }], address: { line1: 'secret' } };
    const reply = await ask('mutation ($i: RegisterHouseholdInput!) { registerHousehold(key: "key-1", input: $i) { household { id } } }', {
      variables: { i: input },
    });
    expect([reply.status, reply.fetches, codes(reply)]).toEqual([403, [], ['FORBIDDEN_INPUT']]);
    expect(reply.text).not.toContain('secret');
  });

  it('a mutation whose inputs are permitted is done, and what its answer may not hold is null', async () => {
    const reply = await ask(
      'mutation { changeMembership(key: "key-1", input: { person: "person-1", validFrom: "2026-01-01" }) { membership { relationship person { id phones } } } }',
    );
    expect(reply.data.changeMembership.membership.person).toEqual({ id: 'person-1', phones: null });
    expect([codes(reply), reply.fetches.length]).toEqual([['FORBIDDEN_FIELD'], 1]);
    expect(reply.fetches[0]?.hop.operation).toBe('mutation');
  });

  it('mutations are sent in the order in which they stand, with fragments and conditions between them, and each once', async () => {
    const change = (n: number) =>
      `m${n}: changeMembership(key: "key-${n}", input: { person: "person-1", validFrom: "2026-01-01" }) { membership { person { id phones } } }`;
    const query = `mutation ($x: Boolean!) { ...A ${change(2)} ... @include(if: $x) { ${change(3)} } ${change(4)} ... @include(if: $x) { ${change(5)} ...A } ...B }
      fragment A on Mutation { ${change(1)} } fragment B on Mutation { ...A ... @skip(if: $x) { ${change(6)} } ${change(7)} }`;
    for (const [x, order] of [
      [true, [1, 2, 3, 4, 5, 7]],
      [false, [1, 2, 4, 6, 7]],
    ] as const) {
      const reply = await ask(query, { variables: { x } });
      expect(Object.keys(reply.data)).toEqual(order.map((n) => `m${n}`));
      const sent = reply.fetches.filter((f) => f.hop.operation === 'mutation').flatMap((f) => [...f.query.matchAll(/"key-(\d)"/g)]);
      expect(sent.map(([, n]) => Number(n))).toEqual(order);
    }
  });

  it('refused coordinates are counted and stand in the audit record', async () => {
    const before = system.counted.denied.length;
    await ask('{ person(id: "person-1") { phones } }');
    expect(system.counted.denied.slice(before)).toEqual(['case_worker Person.phones']);
    expect(system.records.at(-1)).toMatchObject({ denied: ['Person.phones'], errors: { FORBIDDEN_FIELD: 1 }, outcome: 'OK' });
  });

  it('what a condition leaves out is not refused: nobody asked for it', async () => {
    const query = `query ($x: Boolean! = true) { person(id: "person-1") { id phones @skip(if: $x) ... @include(if: $x) { ...F } } }
      fragment F on Person { household @include(if: false) { id } emails }`;
    for (const [variables, denied] of [
      [{}, ['Person.emails']],
      [{ x: false }, ['Person.phones']],
    ] as const) {
      const before = system.counted.denied.length;
      const reply = await ask(query, { variables });
      expect(codes(reply)).toEqual(['FORBIDDEN_FIELD']);
      expect(system.counted.denied.slice(before)).toEqual(denied.map((coordinate) => `case_worker ${coordinate}`));
      expect(system.records.at(-1)).toMatchObject({ denied });
    }
  });
});
