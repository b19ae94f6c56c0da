import type { TestDatabase, TestSubgraph } from '@commonweal/kit/testing.ts';
import { type Principal, personaPrincipal } from '@commonweal/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { ID, startExamples, stopExamples } from '../examples.ts';
import { type Country, holds, randomFilter, seeded, tellCountry } from './filters.oracle.ts';

let database: TestDatabase;
let registry: TestSubgraph;
let country: Country;
const office = personaPrincipal('program-admin');
const caseWorker = personaPrincipal('case-worker');

interface PersonPage {
  readonly nodes: { name: { given: string } }[];
  readonly pageInfo: { hasNextPage: boolean; endCursor: string | null };
}
const QUERY = `query ($filter: PersonFilter, $orderBy: PersonOrder, $first: Int, $after: String) {
  persons(filter: $filter, orderBy: $orderBy, first: $first, after: $after) { nodes { name { given } } pageInfo { hasNextPage endCursor } }
}`;
const ask = (variables: object, as: Principal = office) => registry.ask(as, QUERY, { first: 100, ...variables });
/** Given names, which are unique here, of the persons that a filter finds, sorted. */
async function found(filter: object | null, as: Principal = office): Promise<string[]> {
  const answer = await ask({ filter }, as);
  expect(answer.errors).toBeUndefined();
  return (answer.data!.persons as PersonPage).nodes.map((n) => n.name.given).sort();
}
const expected = (filter: object) =>
  country.people
    .filter((p) => holds(filter, p, country))
    .map((p) => p.given)
    .sort();

beforeAll(async () => {
  ({ database, registry } = await startExamples(inject('adminUrl')));
  await database.owner('persons')`update person set program_ids = '{}' where true`;
  country = await tellCountry(database, { persons: 90, program: ID.opct, seed: 7 });
});
beforeEach(() => {
  registry.statements.length = 0;
});
afterAll(() => stopExamples({ database, registry }));

describe('a filter', () => {
  it.each<[string, object]>([
    ['by area, and all below it', { area: 'KE.23' }],
    ['by one of some values', { sex: ['FEMALE', 'OTHER'] }],
    ['by none of no values', { sex: [] }],
    ['by age band', { ageBand: ['AGE_60_69', 'AGE_70_PLUS'] }],
    ['by the beginning of the surname, folded', { surnameStartsWith: "NA-k'" }],
    ['by the household', { household: { sizeAtLeast: 2, sizeAtMost: 4, scoreBand: ['POOREST', 'POOR'] } }],
    ['by the opposite of a value, where not known counts too', { not: { incomeLevel: ['LOW'] } }],
    ['by several, all of which hold', { status: ['ACTIVE'], employmentStatus: ['CASUAL', 'EMPLOYED'] }],
    ['by one of two', { or: [{ sex: ['MALE'] }, { ageBand: ['AGE_0_4'] }] }],
    ['by none of no alternatives', { or: [] }],
    ['by all of no conditions', { and: [] }],
    ['that is empty', {}],
  ])('finds %s', async (_, filter) => {
    expect(await found(filter)).toEqual(expected(filter));
  });

  it('of any shape finds what it says', async () => {
    const random = seeded(20_240_229);
    for (let i = 0; i < 120; i++) {
      const filter = randomFilter(random, 3);
      expect(await found(filter), JSON.stringify(filter)).toEqual(expected(filter));
    }
  });

  it.each([
    { area: null },
    { surnameStartsWith: null },
    { and: null },
    { or: null },
    { not: null },
    { and: [{ sex: null }] },
    { not: { or: [{ area: null }] } },
    { household: null },
    { household: { sizeAtLeast: null } },
  ])('with a null is refused: %j', async (filter) => {
    expect((await ask({ filter })).errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    expect(registry.statements).toEqual([]);
  });

  it('without the right finds nobody and asks the database nothing, wherever it stands', async () => {
    for (const filter of [
      { incomeLevel: ['LOW'] },
      { not: { incomeLevel: ['LOW'] } },
      { or: [{ sex: ['MALE'] }, { incomeLevel: [] }] },
      { disabilityType: ['VIS'] },
    ]) {
      expect(await found(filter, caseWorker)).toEqual([]);
    }
    expect(registry.statements).toEqual([]);
  });
});

describe('texts that mean something elsewhere', () => {
  const INJECTIONS = [
    "'",
    "''",
    '"',
    '\\',
    ';',
    '--',
    "' or '1'='1",
    "'; drop table person; --",
    "' union select value from identifier --",
    '%',
    '%%%%',
    '.*',
    'KE.*',
    '*{1,9}',
    '!KE',
    'KE | KE',
    '$1',
    '{}',
    '{KE}',
    "a' || (select 1) || '",
    'KE.23) or (true',
    '$$; select pg_sleep(9); $$',
    '\u0000',
    '\ud800',
    '\u202e',
    'x'.repeat(5000),
  ];
  it.each(INJECTIONS)('are no area code: %j', async (text) => {
    for (const filter of [{ area: text }, { household: { area: text } }, { not: { or: [{ area: text }] } }]) {
      const answer = await ask({ filter });
      expect(answer.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
      expect(JSON.stringify(answer.errors)).not.toMatch(/ltree|syntax|postgres/i);
    }
    for (const field of ['area(code: $t) { name }', 'areas(under: $t) { nodes { name } }']) {
      expect((await registry.ask(office, `query ($t: ID!) { ${field} }`, { t: text })).errors?.[0]?.extensions?.code).toBe(
        'BAD_USER_INPUT',
      );
    }
    expect(registry.statements).toEqual([]);
  });

  it.each(INJECTIONS)('are a surname like any other, or none: %j', async (text) => {
    const letters = text
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, '');
    const answer = await ask({ filter: { surnameStartsWith: text } });
    if (letters.length < 3) expect(answer.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    else expect((answer.data!.persons as PersonPage).nodes).toEqual([]);
    expect(registry.statements.join()).not.toContain(text.length > 2 ? text : '\u0001');
  });

  it.each(INJECTIONS)('are no number, no reference and no cursor of anybody: %j', async (text) => {
    const byNumber = await registry.ask(
      caseWorker,
      'query ($v: String!) { personByIdentifier(identifier: { type: UIN, value: $v }) { sex } }',
      { v: text },
    );
    const byReference = await registry.ask(
      caseWorker,
      'query ($v: ID!) { person(id: $v) { sex } household(id: $v) { size } node(id: $v) { id } }',
      { v: text },
    );
    expect([byNumber.errors, byNumber.data]).toEqual([undefined, { personByIdentifier: null }]);
    expect([byReference.errors, byReference.data]).toEqual([undefined, { person: null, household: null, node: null }]);
    expect((await ask({ after: text })).errors?.[0]?.extensions?.code).toBe('INVALID_CURSOR');
  });

  it.each(['', 'a', 'ab', 'a-b', "a' b", ' ab ', '%a%', 'á'])('and a surname of less than three letters is no search: %j', async (text) => {
    const answer = await ask({ filter: { not: { surnameStartsWith: text } } });
    expect([answer.errors?.[0]?.extensions?.code, registry.statements]).toEqual(['BAD_USER_INPUT', []]);
  });
});

describe('an order', () => {
  it.each([
    ['SURNAME', false],
    ['SURNAME', true],
    ['BIRTH_DATE', false],
    ['BIRTH_DATE', true],
    ['REGISTERED_AT', false],
    ['REGISTERED_AT', true],
    [null, false],
  ] as const)('by %s (descending: %s) pages through all rows without gaps or doubles, at any size of page', async (by, descending) => {
    const random = seeded(by?.length ?? 1);
    for (const filter of [{}, { sex: ['FEMALE'] }]) {
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const variables: object = { filter, orderBy: by === null ? null : { by, descending }, first: 1 + Math.floor(random() * 9), after };
        const { nodes, pageInfo }: PersonPage = (await ask(variables)).data!.persons as PersonPage;
        seen.push(...nodes.map((n) => n.name.given));
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      } while (after !== null);
      expect([...seen].sort()).toEqual(expected(filter));
      const key = {
        SURNAME: (p: Country['people'][number]) => `${p.surname}\n${p.given}`,
        BIRTH_DATE: (p: Country['people'][number]) => p.birth,
        REGISTERED_AT: (p: Country['people'][number]) => p.registered,
      };
      if (by === null) continue;
      const keys = seen.map((given) => key[by](country.people.find((p) => p.given === given)!));
      expect(keys).toEqual([...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0) * (descending ? -1 : 1)));
    }
  });

  it('without the right gives no row and asks the database nothing', async () => {
    const answer = await ask({ orderBy: { by: 'SURNAME' } }, personaPrincipal('field-worker'));
    expect([(answer.data!.persons as PersonPage).nodes, registry.statements]).toEqual([[], []]);
  });

  it.each([0, -1, 101, 1_000_000])('gives no page of %d rows', async (first) => {
    expect((await ask({ first })).errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });
});

describe('the number of rows', () => {
  const total = async (filter: object, as: Principal = office) =>
    registry.ask(as, 'query ($filter: PersonFilter) { persons(filter: $filter) { totalCount } }', { filter });

  it('is rounded down to tens, and not told under ten', async () => {
    const random = seeded(11);
    for (const filter of [
      {},
      { area: 'KE.23' },
      { surnameStartsWith: 'nakiru' },
      ...Array.from({ length: 30 }, () => randomFilter(random, 2)),
    ]) {
      const exact = expected(filter).length;
      expect((await total(filter)).data?.persons, JSON.stringify(filter)).toEqual({
        totalCount: exact < 10 ? null : Math.floor(exact / 10) * 10,
      });
    }
  });

  it('is not given without the right to count, nor of what may not be filtered by', async () => {
    const refused = await total({}, caseWorker);
    expect([refused.errors?.[0]?.extensions?.code, registry.statements]).toEqual(['FORBIDDEN_FIELD', []]);
    expect((await total({ disabilityType: ['VIS'] })).data?.persons).toEqual({ totalCount: null });
    expect(registry.statements).toEqual([]);
  });
});
