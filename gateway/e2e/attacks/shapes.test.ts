import { type ReferenceKind, References } from '@commonweal/kit';
import { CEILINGS, PERSONAS, REFERENCE_CONSUMERS } from '@commonweal/schema';
import { profiles } from '@commonweal/schema/permissions.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { coordinatesIn } from '../coordinates.ts';
import { type Answer, freshKey, startTestSystem, type TestSystem } from '../system.ts';

/** Attacks by the shape of a query. The numbers are those of the list of attacks. */
let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem(inject('adminUrl'), { households: 200 });
}, 120_000);
beforeEach(() => {
  system.fetches.length = 0;
});
afterAll(() => system?.stop());

const codes = (answer: Answer) => (answer.errors ?? []).map((e) => e.extensions.code);
const messages = (answer: Answer) => (answer.errors ?? []).map((e) => e.message);
/** Whatever an answer holds. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is that of each query
type Data = any;
const consumerOf = (persona: string) => REFERENCE_CONSUMERS.find((c) => c.id === PERSONAS[persona]!.consumer)!;
const refsOf = (persona: string) =>
  new References(system.secret, consumerOf(persona).outsideGovernment ? consumerOf(persona).id : 'government');
const owner = (name: 'persons' | 'programs' | 'payments' | 'consent') => system.database.owner(name);
const persons = async () => Number((await owner('persons')`select count(*) as n from person`)[0]!.n);

describe('what may not be seen, asked for in another shape (14-20)', () => {
  it('is fetched at no depth, under no alias and in no fragment', async () => {
    const inner = 'identifiers { type value } n: identifiers { v: value } ... on Person { identifiers { lastFour } } ...F';
    for (const query of [
      `{ persons(first: 2) { nodes { ${inner} } } } fragment F on Person { identifiers { issuer } }`,
      `{ households(first: 2) { nodes { head { ${inner} } members(first: 2) { nodes { person { ${inner} } } } } } } fragment F on Node { ... on Person { identifiers { issuer } } }`,
    ]) {
      const answer = await system.ask('program-admin', query);
      expect([...coordinatesIn(system.fetches)].filter((c) => c.startsWith('Identifier.') || c === 'Person.identifiers')).toEqual([]);
      expect(new Set(codes(answer))).toEqual(new Set(['FORBIDDEN_FIELD']));
      expect(answer.text).not.toMatch(/"(type|value|v|lastFour|issuer)":"/);
    }
  });

  it('stays with its field: an alias takes no right along', async () => {
    const answer = await system.ask(
      'program-admin',
      '{ persons(first: 1) { nodes { id: sex sex: identifiers { type } identifiers: name { given } } } }',
    );
    const [node] = answer.data.persons.nodes;
    expect(node).toEqual({ id: expect.stringMatching(/^(FE)?MALE$/), sex: null, identifiers: { given: expect.any(String) } });
    expect(codes(answer)).toEqual(['FORBIDDEN_FIELD']);
  });

  it('is an error only where it is included', async () => {
    const query = 'query ($v: Boolean!) { persons(first: 1) { nodes { id identifiers @include(if: $v) { type } } } }';
    expect(codes(await system.ask('program-admin', query, { v: false }))).toEqual([]);
    expect(codes(await system.ask('program-admin', query, { v: true }))).toEqual(['FORBIDDEN_FIELD']);
    for (const v of [true, false]) expect(codes(await system.ask('bank', query, { v }))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  it('has no effect in a fragment that only another operation uses', async () => {
    const query =
      'query A { persons(first: 1) { nodes { id } } } query B { persons(first: 1) { nodes { ...F } } } fragment F on Person { identifiers { type } }';
    expect((await system.ask('bank', query, undefined, { operationName: 'A' })).errors).toBeUndefined();
  });

  it('leaves the shape of the answer, without a fetch', async () => {
    const answer = await system.ask('system-admin', '{ persons { nodes { id } } x: payments { nodes { id } } __typename }');
    expect(answer.data).toEqual({ persons: null, x: null, __typename: 'Query' });
    expect(system.fetches).toEqual([]);
  });

  it('under the name of a key leads nowhere else: registries find each other by the key', async () => {
    const plain = (await system.ask('bank', '{ payments(first: 3) { nodes { recipient { id name { full } } } } }')).data.payments.nodes;
    const answer = await system.ask(
      'bank',
      '{ payments(first: 3) { nodes { recipient { ref: id id: name { full } code: __typename ticket: name { given } } } } }',
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data.payments.nodes.map((n: Data) => [n.recipient.ref, n.recipient.id])).toEqual(
      plain.map((n: Data) => [n.recipient.id, n.recipient.name]),
    );
  });

  it('with names that mean something to JavaScript is the same answer', async () => {
    const names = [
      'constructor',
      '__proto__',
      'hasOwnProperty',
      'toString',
      'then',
      'toJSON',
      'prototype',
      'cwExists',
      'representations',
      '__typename',
    ];
    const answer = await system.ask('bank', `{ persons(first: 1) { nodes { ${names.map((n) => `${n}: id`).join(' ')} } } }`);
    const texts = [...answer.text.matchAll(/"(\w+)":"(per_[^"]+)"/g)];
    expect(texts.map((m) => m[1])).toEqual(names);
    expect(new Set(texts.map((m) => m[2])).size).toBe(1);
  });
});

describe('a variable (21)', () => {
  it('of a wrong type is told by its name, never by its value', async () => {
    const query = 'query ($f: PersonFilter, $n: Int) { persons(filter: $f, first: $n) { nodes { id } } }';
    for (const variables of [
      { f: 'CANARY-1' },
      { f: { sex: 'CANARY-1' } },
      { f: { 'CANARY-1': 1 } },
      { n: 'CANARY-1' },
      { n: 2 ** 31 },
      { n: 1.5 },
      { f: [{ area: { a: 'CANARY-1' } }] },
    ]) {
      const answer = await system.ask('case-worker', query, variables);
      expect(codes(answer)).toEqual(['BAD_USER_INPUT']);
      expect(answer.text).not.toContain('CANARY');
    }
  });

  it('that is enormous is refused before anything is planned', async () => {
    const query = 'query ($f: PersonFilter) { persons(filter: $f, first: 1) { nodes { id } } }';
    const deep = (n: number): unknown => (n === 0 ? { sex: ['MALE'] } : { not: deep(n - 1) });
    for (const f of [
      { or: Array.from({ length: 5000 }, () => ({ sex: ['MALE'] })) },
      { sex: Array.from({ length: 20_000 }, () => 'MALE') },
      deep(1500),
    ]) {
      expect(codes(await system.ask('case-worker', query, { f }))).toEqual(['LIMIT_EXCEEDED']);
    }
    expect(system.fetches).toEqual([]);
    expect((await system.ask('case-worker', query, { f: deep(10) })).errors).toBeUndefined();
  });
});

describe('a document of several operations (22, 23)', () => {
  const document = 'query Open { programs(first: 1) { nodes { code } } } query Closed { persons(first: 1) { nodes { sex } } }';
  it('is judged by the operation that is meant, whichever came first', async () => {
    for (const operationName of ['Closed', 'Open', 'Closed']) {
      const answer = await system.ask('bank', document, undefined, { operationName });
      expect(codes(answer)).toEqual(operationName === 'Open' ? [] : ['GRAPHQL_VALIDATION_FAILED']);
    }
    expect(codes(await system.ask('bank', document))).toEqual(['OPERATION_RESOLUTION_FAILURE']);
    expect(codes(await system.ask('bank', document, undefined, { operationName: 'constructor' }))).toEqual([
      'OPERATION_RESOLUTION_FAILURE',
    ]);
  });

  it('takes an empty name for none', async () => {
    const send = async (operationName?: string) =>
      (
        await fetch(`${system.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: '{ emptyName: __typename }', operationName }),
        })
      ).json();
    expect([await send(''), await send(), await send('')]).toEqual(Array(3).fill({ data: { emptyName: 'Query' } }));
  });
});

describe('one thing by different ways (24-26)', () => {
  /** Of each kind two rows, one of them of the sensitive program where there is one; and one that does not exist. */
  async function examples(): Promise<{ kind: ReferenceKind; type: string; field: string; keys: [string, string | undefined][] }[]> {
    const rows = async (name: 'persons' | 'programs' | 'payments' | 'consent', table: string, id: string, order: string, isOwned = true) =>
      (
        await owner(name).unsafe(
          `(select ${id} as id, ${isOwned ? 'person_id' : 'null'} as owner from ${table} order by ${order} limit 1) union (select ${id}, ${isOwned ? 'person_id' : 'null'} from ${table} order by ${order} desc limit 1)`,
        )
      ).map((r) => [r.id, r.owner ?? undefined] as [string, string | undefined]);
    const absent: [string, string | undefined] = ['99999999-9999-4999-8999-999999999999', '99999999-9999-4999-8999-999999999998'];
    const of = async (kind: ReferenceKind, type: string, field: string, found: Promise<[string, string | undefined][]>) => ({
      kind,
      type,
      field,
      keys: [...(await found), absent],
    });
    return [
      await of('per', 'Person', 'person', rows('persons', 'person', 'person_id', "area_path <@ 'KE.23', person_id", false)),
      await of('hh', 'Household', 'household', rows('persons', 'household', 'household_id', "area_path <@ 'KE.23', household_id", false)),
      await of('prg', 'Program', 'program', rows('programs', 'program', 'program_id', 'sensitive, program_id', false)),
      await of('enr', 'Enrollment', 'enrollment', rows('programs', 'enrollment', 'enrollment_id', 'sensitive, enrollment_id')),
      await of('ben', 'Benefit', 'benefit', rows('programs', 'benefit', 'benefit_id', 'sensitive, benefit_id')),
      await of('pay', 'Payment', 'payment', rows('payments', 'payment', 'payment_id', 'sensitive, payment_id')),
      await of('acc', 'Account', 'account', rows('payments', 'account', 'account_id', 'account_id')),
      await of('con', 'ConsentRecord', 'consentRecord', rows('consent', 'consent_record', 'consent_id', 'recipient_id, consent_id')),
    ];
  }

  it('is the same through node(id) as through its own field, for every type and every profile', async () => {
    const known = await examples();
    let given = 0;
    for (const { persona, purpose } of profiles()) {
      const refs = refsOf(persona);
      for (const { kind, type, field, keys } of known) {
        const shown = await system.ask(
          persona,
          `{ __type(name: "${type}") { fields { name args { name } type { kind ofType { kind } } } } }`,
          undefined,
          { purpose },
        );
        const isLeaf = (t: { kind: string; ofType: { kind: string } | null }) => ['SCALAR', 'ENUM'].includes(t.ofType?.kind ?? t.kind);
        const fields = (shown.data.__type?.fields ?? [])
          .filter((f: { args: unknown[]; type: never }) => f.args.length === 0 && isLeaf(f.type))
          .map((f: { name: string }) => f.name);
        const references = keys.map(([id, person]) => refs.encode(kind, id, person));
        const ask = (door: string, selection: string) =>
          system.ask(persona, `{ ${references.map((r, i) => `n${i}: ${door}(id: "${r}") { ${selection} }`).join(' ')} }`, undefined, {
            purpose,
          });
        if (fields.length === 0) {
          // What may not be met is not met behind the interface either.
          const behind = await ask('node', '__typename id');
          expect({ persona, purpose, type, met: Object.values(behind.data ?? {}).filter((n) => n !== null) }).toEqual({
            persona,
            purpose,
            type,
            met: [],
          });
          continue;
        }
        const selection = `... on ${type} { __typename ${fields.join(' ')} }`;
        const [direct, node] = [await ask(field, selection), await ask('node', selection)];
        if (direct.data === undefined) continue; // the door itself is closed
        expect({ persona, type, data: node.data }).toEqual({ persona, type, data: direct.data });
        given += Object.values(direct.data).filter((n) => n !== null).length;
      }
    }
    expect(given).toBeGreaterThan(40);
  }, 90_000);

  it('has the same fields by every way there, cold and warm', async () => {
    const fields =
      '__typename id name { full surname given } sex birthDate ageBand status phones address { landmark locality } area { code name } household { id size } incomeLevel';
    const person = String(
      (await owner('payments')`select person_id from payment where area_path <@ 'KE.23' and not sensitive limit 1`)[0]!.person_id,
    );
    const household = String((await owner('persons')`select household_id from person where person_id = ${person}`)[0]!.household_id);
    const refs = refsOf('case-worker');
    const id = refs.encode('per', person);
    const home = `household(id: "${refs.encode('hh', household)}")`;
    const of = `payments(filter: { recipient: "${id}" }, first: 2)`;
    const ways: readonly [string, (data: Data) => Data[]][] = [
      [`{ person(id: "${id}") { ...P } }`, (d) => [d.person]],
      [`{ node(id: "${id}") { ...P } }`, (d) => [d.node]],
      [`{ ${home} { members { nodes { person { ...P } } } } }`, (d) => d.household.members.nodes.map((n: Data) => n.person)],
      [
        `{ ${home} { members(first: 9) { nodes { person { household { members(first: 9) { nodes { person { ...P } } } } } } } } }`,
        (d) => d.household.members.nodes.flatMap((n: Data) => n.person.household.members.nodes.map((m: Data) => m.person)),
      ],
      [`{ ${of} { nodes { recipient { ...P } } } }`, (d) => d.payments.nodes.map((n: Data) => n.recipient)],
      [
        `{ ${of} { nodes { enrollment { person { ...P } } benefit { enrollment { person { ...P } } } } } }`,
        (d) => d.payments.nodes.flatMap((n: Data) => [n.enrollment?.person, n.benefit?.enrollment?.person]),
      ],
    ];
    const seen = new Set<string>();
    let times = 0;
    for (const _ of ['cold', 'warm']) {
      for (const [query, people] of ways) {
        const { data } = await system.ask('case-worker', `${query} fragment P on Person { ${fields} }`);
        for (const p of people(data)) {
          if (p?.id !== id || !p.name) continue;
          seen.add(JSON.stringify(p));
          times += 1;
        }
      }
    }
    expect({ different: seen.size, everyWay: times >= 2 * ways.length }).toEqual({ different: 1, everyWay: true });
  });
});

describe('a mutation (27, 28)', () => {
  const input = '{ name: { surname: "Lokol", given: "Ana" }, sex: FEMALE, birthDate: "1990-01-01", area: "KE.23" }';
  it('with one refused field among three runs none of them', async () => {
    const before = await persons();
    const document = `mutation { a: registerPerson(key: "${freshKey()}", input: ${input}) { receipt { number } }
      b: recordPaymentStatus(key: "${freshKey()}", input: { payment: "pay_x", status: SENT, occurredAt: "2026-01-01T00:00:00Z" }) { payment { id } }
      c: registerPerson(key: "${freshKey()}", input: ${input}) { receipt { number } } }`;
    const answer = await system.ask('case-worker', document);
    expect({ data: answer.data, codes: codes(answer), status: answer.status }).toEqual({
      data: undefined,
      codes: ['FORBIDDEN_ACTION'],
      status: 403,
    });
    expect(codes(await system.ask('bank', document))).toEqual(['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_VALIDATION_FAILED']);
    expect(system.fetches).toEqual([]);
    expect(await persons()).toBe(before);
  });

  it('whose answer asks for what is hidden writes only where the question stands', async () => {
    const [p] = await owner(
      'payments',
    )`select payment_id as id, person_id as owner from payment where status = 'SENT' and provider_id = (select provider_id from provider where code = 'HIGHLAND') and not sensitive limit 1`;
    const payment = p ? refsOf('bank').encode('pay', p.id as string, p.owner as string) : 'pay_x';
    const write = (selection: string) =>
      `mutation { recordPaymentStatus(key: "${freshKey()}", input: { payment: "${payment}", status: DELIVERED, occurredAt: "2030-01-01T00:00:00Z" }) { payment { ${selection} } refusals { code } } }`;
    expect(codes(await system.ask('bank', write('enrollment { id }')))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(system.fetches).toEqual([]);

    const before = await persons();
    const denied = await system.ask(
      'field-worker',
      `mutation { registerPerson(key: "${freshKey()}", input: ${input}) { receipt { personId } } }`,
    );
    const person = denied.data.registerPerson.receipt.personId;
    const household = await system.ask(
      'field-worker',
      `mutation { registerHousehold(key: "${freshKey()}", input: { area: "KE.23", members: [{ person: "${person}", relationship: HEAD }] }) { household { size povertyScore { value } head { id incomeLevel identifiers { value } } } } }`,
    );
    expect(household.data.registerHousehold.household).toEqual({
      size: 1,
      povertyScore: null,
      head: { id: person, incomeLevel: null, identifiers: null },
    });
    expect(codes(household)).toEqual(['FORBIDDEN_FIELD', 'FORBIDDEN_FIELD', 'FORBIDDEN_FIELD']);
    expect(await persons()).toBe(before + 1);
  });

  it('is no way to write what may not be written', async () => {
    const before = await persons();
    const answer = await system.ask(
      'case-worker',
      `mutation ($i: RegisterPersonInput!) { registerPerson(key: "${freshKey()}", input: $i) { receipt { number } } }`,
      {
        i: {
          name: { surname: 'A', given: 'B' },
          sex: 'MALE',
          birthDate: '1990-01-01',
          area: 'KE.23',
          disabilities: [{ type: 'VIS', severity: 1 }],
        },
      },
    );
    expect(codes(answer)).toEqual(['FORBIDDEN_INPUT']);
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const url = `${system.url}/graphql?query=${encodeURIComponent(`mutation{registerPerson(key:"12345678",input:${input}){receipt{number}}}`)}`;
      expect(
        (
          await fetch(url, {
            method,
            headers: { authorization: `Bearer ${await system.token('case-worker')}`, 'apollo-require-preflight': '1' },
          })
        ).status,
      ).toBe(405);
    }
    expect(await persons()).toBe(before);
  });
});

describe('what a bank learns of the graph (30-33)', () => {
  const HIDDEN = [
    'Enrollment',
    'Benefit',
    'Coverage',
    'EnrollmentStatus',
    'EnrollInput',
    'PovertyScore',
    'Disability',
    'SharingPolicy',
    'ProgramOverlap',
    'AccessLogFilter',
  ];
  it('is its own part of it, however it asks', async () => {
    for (const query of [
      '{ __schema { types { name fields { name type { name ofType { name } } args { name type { name } } } inputFields { name } enumValues { name } possibleTypes { name } } } }',
      '{ programs(first: 1) { nodes { code } } s: __schema { t: types { n: name f: fields(includeDeprecated: true) { n: name t: type { n: name } } } } }',
      'query ($n: String = "Node") { __type(name: $n) { possibleTypes { name } } ...S } fragment S on Query { x: __schema { queryType { fields { name type { name } } } mutationType { fields { name args { name type { name ofType { name } } } } } } }',
    ]) {
      const answer = await system.ask('bank', query);
      expect(answer.errors).toBeUndefined();
      for (const name of HIDDEN) expect(answer.text).not.toContain(`"${name}"`);
      expect(answer.text).not.toMatch(/"(ref|ticket|_entities|_service|incomeLevel|identifiers|overlap|registerPerson)"/);
    }
    for (const name of [...HIDDEN, '_Service', '_Any', 'join__Graph'])
      expect((await system.ask('bank', `{ __type(name: "${name}") { name } }`)).data).toEqual({ __type: null });
  });

  it('is nothing by misspelling, by the words of an error, or by a type condition', async () => {
    for (const [hidden, random] of [
      ['incomeLevel', 'inqomeLevel'],
      ['identifiers', 'identifierz'],
      ['enrollments', 'xyzzyplugh1'],
    ] as const) {
      const say = async (name: string) =>
        messages(await system.ask('bank', `{ persons { nodes { ${name} } } }`)).map((m) => m.replaceAll(name, '*'));
      expect(await say(hidden)).toEqual(await say(random));
      expect(JSON.stringify(await say(random))).not.toMatch(/did you mean/i);
    }
    const condition = async (type: string) =>
      messages(await system.ask('bank', `{ node(id: "x") { ... on ${type} { id } } }`)).map((m) => m.replaceAll(type, '*'));
    expect(await condition('Enrollment')).toEqual(await condition('Nonsense'));
    const argument = async (name: string) =>
      messages(await system.ask('bank', `{ persons(filter: { ${name}: [] }) { nodes { id } } }`)).map((m) => m.replaceAll(name, '*'));
    expect(await argument('incomeLevel')).toEqual(await argument('nonsense'));
  });

  it('is neither the type of what it may not meet nor the doors between registries', async () => {
    const [e] = await owner('programs')`select enrollment_id as id, person_id as owner from enrollment limit 1`;
    const foreign = refsOf('bank').encode('enr', e!.id as string, e!.owner as string);
    expect((await system.ask('bank', `{ node(id: "${foreign}") { __typename id } }`)).data).toEqual({ node: null });
    for (const persona of Object.keys(PERSONAS)) {
      const answer = await system.ask(
        persona,
        '{ _service { sdl } _entities(representations: [{ __typename: "Person", id: "x" }]) { __typename } }',
      );
      expect({ persona, codes: codes(answer), data: answer.data }).toEqual({
        persona,
        codes: expect.arrayContaining(['GRAPHQL_VALIDATION_FAILED']),
        data: undefined,
      });
      const keys = await system.ask(persona, '{ persons(first: 1) { nodes { ref } } }');
      expect(codes(keys)).toEqual(expect.arrayContaining(['GRAPHQL_VALIDATION_FAILED']));
      // An administrator's token goes through no other purpose, either.
      expect(CEILINGS[consumerOf(persona).kind].purposes).toContain(PERSONAS[persona]!.purposes[0]);
    }
    expect(system.fetches.filter((f) => f.subgraph !== 'persons' && f.subgraph !== 'programs')).toEqual([]);
  });
});

describe('small things that cost much (103-106)', () => {
  const times = (n: number, part: (i: number) => string) => Array.from({ length: n }, (_, i) => part(i)).join(' ');
  const BOMBS: readonly [string, string][] = [
    [
      'fragments that double 40 times',
      `{ me { ...F0 } } ${times(40, (i) => `fragment F${i} on Person { ...F${i + 1} ...F${i + 1} }`)} fragment F40 on Person { id }`,
    ],
    [
      'fragments that double around introspection',
      `{ ...F0 } ${times(40, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)} fragment F40 on Query { __schema { types { name } } }`,
    ],
    ['5,000 aliases', `{ ${times(5000, (i) => `a${i}: __typename`)} }`],
    ['3,000 times one field', `{ me { ${times(3000, () => 'id')} } }`],
    ['1,000 levels', `{ me ${'{ household { head '.repeat(500)}{ id }${' } }'.repeat(500)} }`],
    ['10,000 directives', `{ __typename ${times(10_000, () => '@skip(if: false)')} }`],
    ['errors without end', `{ ${times(900, (i) => `nonsense${i}`)} }`],
    ['a subscription', 'subscription { payments { nodes { id } } }'],
    ['brackets', '['.repeat(50_000)],
    ['a long text', `{ program(code: "${'x'.repeat(200_000)}") { id } }`],
    ['conditions 450 deep', `{ persons(filter: ${'{ not: '.repeat(450)}{ sex: [MALE] }${' }'.repeat(450)}, first: 1) { nodes { id } } }`],
    ['deep introspection', `{ __schema { types ${'{ fields { type '.repeat(6)}{ name }${' } }'.repeat(6)} } }`],
  ];
  it('are answered at once, and with few errors', async () => {
    const figures: Record<string, number> = {};
    for (const [name, query] of BOMBS) {
      await system.ask('case-worker', '{ __typename }');
      const before = process.cpuUsage();
      const answer = await system.ask('case-worker', query);
      const { user, system: kernel } = process.cpuUsage(before);
      figures[name] = Math.round((user + kernel) / 1000);
      expect({ name, ms: figures[name] }).toEqual({ name, ms: expect.toSatisfy((ms: number) => ms < 500) });
      expect((answer.errors ?? []).length).toBeLessThanOrEqual(10);
    }
  });

  it('are refused by what they are, not by what they say: batches, kept operations, other types and charsets', async () => {
    const send = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
      (await fetch(`${system.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })).status;
    const fine = '{"query":"{__typename}"}';
    expect(await send(fine)).toBe(200);
    expect(await send(`[${fine},${fine}]`)).toBe(400);
    expect(await send('{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}')).toBe(400);
    expect(await send('{"query":"{__typename}","extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}')).toBe(400);
    expect(await send('{"query":"{__typename}","variables":{"__proto__":{"polluted":1}}}')).toBe(400);
    expect(await send(fine, { 'content-type': 'text/plain' })).toBe(415);
    expect(await send(fine, { 'content-type': 'application/json; charset=utf-16' })).toBe(415);
    expect(await send(new Uint8Array([31, 139, 8, 0]), { 'content-encoding': 'gzip' })).toBe(415);
    expect(await send(JSON.stringify({ query: 'x'.repeat(1_200_000) }))).toBe(413);
    expect(await send(fine, Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-h${i}`, '1'])))).toBe(431);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect((await fetch(`${system.url}/graphql?query={__typename}`)).status).toBe(400);
  });

  it('make one error for a refused field, however many rows there are', async () => {
    const answer = await system.ask(
      'program-admin',
      '{ persons(first: 100) { nodes { identifiers { type value lastFour } x: identifiers { issuer } } } }',
    );
    expect(answer.data.persons.nodes.length).toBeGreaterThan(10);
    expect(codes(answer)).toEqual(['FORBIDDEN_FIELD']);
  });
});
