import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BANK, CASE_WORKER, SNAPSHOT } from '../graph.fake/consumers.ts';
import { codes, type Reply, type System, startSystem } from '../graph.fake/system.ts';

const LIST = 'persons { nodes { id } }';
/** The case worker may not filter by income. */
const HIDDEN: readonly [string, object][] = [
  ['a value', { incomeLevel: ['LOW'] }],
  ['an empty list', { incomeLevel: [] }],
  ['null', { incomeLevel: null }],
  ['beside what is permitted', { sex: ['MALE'], incomeLevel: ['LOW'] }],
  ['in and', { and: [{ sex: ['MALE'] }, { incomeLevel: ['LOW'] }] }],
  ['in or', { or: [{ incomeLevel: ['LOW'] }] }],
  ['in not', { not: { incomeLevel: null } }],
  ['deep', { and: [{ or: [{ not: { and: [{ incomeLevel: ['LOW'] }] } }] }] }],
  ['through a relation, with a value', { household: { scoreBand: ['POOR'] } }],
  ['through a relation, as an empty object', { household: {} }],
  ['through a relation, as null', { household: null }],
];

/** What a test looks at of an answer to an operation that must not run, and how that is. */
const outcome = (reply: Reply) => [reply.status, reply.data, codes(reply), reply.fetches];
const REFUSED = [403, undefined, ['FORBIDDEN_INPUT'], []];

/** An input written as a literal. Words in capitals are enum values. */
const literal = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([k, v]) => `${k}: ${literal(v)}`)
      .join(', ')} }`;
  return typeof value === 'string' && /^[A-Z_]+$/.test(value) ? value : JSON.stringify(value);
};

describe('an input that may not be used refuses the whole operation', () => {
  let system: System;
  let ask: ReturnType<System['as']>;
  beforeAll(async () => {
    system = await startSystem();
    ask = system.as(CASE_WORKER);
  });
  afterAll(() => system.stop());

  describe.each(HIDDEN)('a filter that is hidden: %s', (_name, filter) => {
    it('as a literal', async () => expect(outcome(await ask(`{ persons(filter: ${literal(filter)}) { nodes { id } } }`))).toEqual(REFUSED));
    it('in a variable', async () =>
      expect(outcome(await ask(`query ($f: PersonFilter) { persons(filter: $f) { nodes { id } } }`, { variables: { f: filter } }))).toEqual(
        REFUSED,
      ));
    it('as a default of a variable, even one that is overridden', async () =>
      expect(
        outcome(
          await ask(`query ($f: PersonFilter = ${literal(filter)}) { persons(filter: $f) { nodes { id } } }`, { variables: { f: {} } }),
        ),
      ).toEqual(REFUSED));
    it('in a variable within a literal', async () =>
      expect(
        outcome(await ask('query ($f: PersonFilter!) { persons(filter: { and: [$f] }) { nodes { id } } }', { variables: { f: filter } })),
      ).toEqual(REFUSED));
    it('beside a field that is permitted', async () =>
      expect(outcome(await ask(`{ me { id } persons(filter: ${literal(filter)}) { nodes { id } } }`))).toEqual(REFUSED));
    it('in a branch that is skipped', async () =>
      expect(outcome(await ask(`{ me { id } persons(filter: ${literal(filter)}) @skip(if: true) { nodes { id } } }`))).toEqual(REFUSED));
  });

  it('a field of a variable that is hidden, named by a variable of its own', async () => {
    expect(outcome(await ask('query ($i: [IncomeLevel!]) { persons(filter: { incomeLevel: $i }) { nodes { id } } }'))).toEqual(REFUSED);
  });

  it('a sort that is hidden, as a literal and in a variable', async () => {
    expect(outcome(await ask('{ persons(orderBy: { by: BIRTH_DATE }) { nodes { id } } }'))).toEqual(REFUSED);
    expect(
      outcome(await ask('query ($o: PersonOrder) { persons(orderBy: $o) { nodes { id } } }', { variables: { o: { by: 'BIRTH_DATE' } } })),
    ).toEqual(REFUSED);
    expect(
      outcome(
        await ask('query ($o: PersonOrderField!) { persons(orderBy: { by: $o }) { nodes { id } } }', { variables: { o: 'REGISTERED_AT' } }),
      ),
    ).toEqual(REFUSED);
    const given = await ask('query ($o: PersonOrderField!) { persons(orderBy: { by: $o, descending: true }) { nodes { id } } }', {
      variables: { o: 'SURNAME' },
    });
    expect([given.errors, given.fetches.length]).toEqual([[], 1]);
  });

  it('an argument that is hidden, even as null', async () => {
    const narrowed = SNAPSHOT.policies.map((p) =>
      p.id === 'p1'
        ? { ...p, fieldsOnly: { PROGRAM: ['Person.enrollments', 'EnrollmentConnection.nodes', 'Enrollment.id', 'Enrollment.program'] } }
        : p,
    );
    const other = await startSystem({ policies: { ...SNAPSHOT, policies: narrowed } });
    const list = (args: string) => `{ person(id: "person-1") { enrollments${args} { nodes { program { id } } } } }`;
    expect((await other.as(CASE_WORKER)(list(''))).errors).toEqual([]);
    expect(outcome(await other.as(CASE_WORKER)(list('(status: null)')))).toEqual(REFUSED);
    expect(outcome(await other.as(CASE_WORKER)(list('(status: [ENROLLED])')))).toEqual(REFUSED);
    expect(outcome(await other.as(CASE_WORKER)(`query ($s: [EnrollmentStatus!]) ${list('(status: $s)')}`))).toEqual(REFUSED);
    await other.stop();
  });

  it('what stands in a part that was cut out is not asked for, and does not refuse the rest', async () => {
    const reply = await ask('query ($s: [PaymentStatus!]) { person(id: "person-1") { id payments(status: $s) { nodes { id } } } }', {
      variables: { s: ['SENT'] },
    });
    expect([reply.data, codes(reply)]).toEqual([{ person: { id: 'person-1', payments: null } }, ['FORBIDDEN_FIELD']]);
    expect(reply.fetches.map((f) => f.variables)).toEqual([{}]);
    // Nor what would be refused in another part.
    const filtered = await ask('query ($f: AccessLogFilter) { person(id: "person-1") { id } accessLog(filter: $f) { nodes { at } } }', {
      variables: { f: { consumer: 'bank' } },
    });
    expect([filtered.data, codes(filtered)]).toEqual([{ person: { id: 'person-1' }, accessLog: null }, ['FORBIDDEN_FIELD']]);
  });

  it('permitted filters go through, and nothing that was not asked for goes with them', async () => {
    const filter = { and: [{ sex: ['MALE'] }, { not: { surnameStartsWith: 'Abc' } }] };
    const reply = await ask(
      'query ($f: PersonFilter, $unused: Int) { persons(filter: $f) { nodes { id } } me { id @skip(if: false) } a: persons(first: $unused) { pageInfo { endCursor } } }',
      { variables: { f: filter, extra: 'x' } },
    );
    expect(reply.errors).toEqual([]);
    expect(reply.fetches.map((f) => f.variables)).toEqual([{ f: filter }]);
  });

  it('a wrong value is refused without being repeated', async () => {
    for (const variables of [
      { f: { sex: ['secret-1234'] } },
      { f: 'secret-1234' },
      { f: { secret1234: 1 } },
      { f: { first: { secret1234: ['secret-1234'] } } },
    ]) {
      const reply = await ask('query ($f: PersonFilter) { persons(filter: $f) { nodes { id } } }', { variables });
      expect([reply.status, codes(reply)]).toEqual([400, ['BAD_USER_INPUT']]);
      expect(reply.text).not.toMatch(/secret/);
      expect(reply.fetches).toEqual([]);
    }
  });

  it('a wrong value of a variable that stands only in a refused part is neither a crash nor an echo', async () => {
    const reply = await ask('query ($s: [PaymentStatus!]) { person(id: "person-1") { id payments(status: $s) { nodes { id } } } }', {
      variables: { s: ['secret-1234'] },
    });
    expect(codes(reply)).toEqual(['BAD_USER_INPUT']);
    expect(reply.text).not.toMatch(/secret/);
  });

  it('a variable that is missing or null where it must not be', async () => {
    const query = 'query ($id: ID!) { person(id: $id) { id } }';
    expect((await ask(query)).errors[0]?.message).toBe('Variable "$id" is required.');
    expect((await ask(query, { variables: { id: null } })).errors[0]?.message).toBe('Variable "$id" must not be null.');
  });
});

describe('for whom hidden inputs do not exist', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system.stop());

  it('a hidden field in a variable reads like one that never was', async () => {
    const ask = (name: string) =>
      system.as(BANK)('query ($f: PaymentFilter) { payments(filter: $f) { nodes { id } } }', { variables: { f: { [name]: 'x' } } });
    const [hidden, random] = [await ask('program'), await ask('xyzzy')];
    expect(hidden.text).toBe(random.text);
    expect([hidden.status, codes(hidden), hidden.fetches]).toEqual([400, ['BAD_USER_INPUT'], []]);
  });

  it('a hidden enum value reads like one that never was', async () => {
    const ask = (value: string) =>
      system.as(CASE_WORKER)('query ($o: HouseholdOrderField!) { households(orderBy: { by: $o }) { nodes { id } } }', {
        variables: { o: value },
      });
    // The case worker is told (DENY); the bank has no such list at all.
    expect(codes(await ask('SIZE'))).toEqual(['FORBIDDEN_INPUT']);
    const bank = (value: string) => system.as(BANK)(`{ households(orderBy: { by: ${value} }) { nodes { id } } }`);
    expect((await bank('SIZE')).text).toBe((await bank('SXZE')).text);
  });
});

it('the query without any filter is permitted', async () => {
  const system = await startSystem();
  expect((await system.as(CASE_WORKER)(`{ ${LIST} }`)).errors).toEqual([]);
  await system.stop();
});
