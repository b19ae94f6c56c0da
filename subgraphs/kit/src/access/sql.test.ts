import { type Alternative, type Decision, decide, personaPrincipal, type RowScope, referenceSnapshot } from '@commonweal/schema';
import { type SQL, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { toRun } from '../db/statement.ts';
import { type TestDatabase, testCatalog, testDatabase } from '../testing.ts';
import { alternativesFor, consentJoin, masked, type ScopeColumns, withinAny } from './sql.ts';

/** The conditions of statements by themselves: as the owner of the tables, whom no row-level security confines. */
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  // Grants alone matter here, not the records of how they came about.
  await database.owner(
    'consent',
  )`alter table consent_grant drop constraint consent_grant_person_id_consent_id_recipient_id_purpose_id_fkey`;
});
afterAll(() => database?.drop());

const id = (n: number) => `a0000000-0000-4000-8000-00000000000${n}`;
const [PERSON, OTHER, MINE, FOREIGN, BANK, RIVAL] = [1, 2, 3, 4, 5, 6].map(id) as [string, string, string, string, string, string];
const catalog = testCatalog();

/** A row as each table might know it: of Turkana, in one program, paid by one bank. */
const ROW = { person: PERSON, area: 'KE.23.01', program: MINE, sensitive: false, provider: BANK };
type ExampleRow = { readonly [K in keyof typeof ROW]: (typeof ROW)[K] | null };
const from = (
  row: ExampleRow,
) => sql`(select ${row.person}::uuid as person, ${row.area}::text::ltree as area, ${row.program}::uuid as program,
  ${row.sensitive}::boolean as sensitive, ${row.provider}::uuid as provider) r`;
const columns = {
  person: sql`r.person`,
  members: sql`array[r.person]`,
  area: sql`r.area`,
  program: { id: sql`r.program`, sensitive: sql`r.sensitive` },
  programs: sql`array[r.program]`,
  provider: sql`r.provider`,
  providers: sql`array[r.provider]`,
};
/** A table that knows one program and one provider of its rows, one that knows those of a person, and one of people. */
const PAYMENTS: ScopeColumns = { person: columns.person, area: columns.area, program: columns.program, provider: columns.provider };
const PERSONS: ScopeColumns = { person: columns.person, area: columns.area, programs: columns.programs, providers: columns.providers };
const HOUSEHOLDS: ScopeColumns = { members: columns.members, area: columns.area, programs: columns.programs, providers: columns.providers };

const ROWS: RowScope = {
  ...{ self: null, areas: ['KE.23'], programs: [MINE], allOrdinaryPrograms: false },
  ...{ providers: [BANK], allProviders: false, consentForRows: false },
};
const alternative = (rows: Partial<RowScope>) => ({ rows: { ...ROWS, ...rows } }) as Alternative;
async function run<T>(statement: SQL): Promise<T[]> {
  const { text, params } = toRun(statement);
  return database.owner('consent').unsafe<never[]>(text, params as never[]);
}
const covers = async (rows: Partial<RowScope>, table: ScopeColumns, row: Partial<ExampleRow> = {}) =>
  (await run(sql`select 1 from ${from({ ...ROW, ...row })} where ${withinAny([alternative(rows)], table)}`)).length === 1;

describe('the rows of an alternative', () => {
  it.each([
    ['payments', PAYMENTS],
    ['persons', PERSONS],
    ['households', HOUSEHOLDS],
  ] as const)('are those within its areas, programs and providers alike: %s', async (_, table) => {
    expect(await covers({}, table)).toBe(true);
    for (const outside of [{ area: 'KE.47' }, { area: 'KE.2' }, { area: 'KE' }, { program: FOREIGN }, { provider: RIVAL }])
      expect([outside, await covers({}, table, outside)]).toEqual([outside, false]);
    for (const unknown of [{ area: null }, { program: null }, { provider: null }])
      expect([unknown, await covers({}, table, unknown)]).toEqual([unknown, false]);
    for (const nothing of [{ areas: [] }, { areas: [''] }, { programs: [] }, { providers: [] }])
      expect([nothing, await covers(nothing, table)]).toEqual([nothing, false]);
    expect(await covers({ areas: ['KE.47', 'KE.23'], programs: [FOREIGN, MINE], providers: [RIVAL, BANK] }, table)).toBe(true);
    expect(await covers({ allOrdinaryPrograms: true, allProviders: true }, table, { program: FOREIGN, provider: RIVAL })).toBe(true);
  });

  it('are none in a table that does not say what an alternative is confined by', async () => {
    const without = (column: keyof ScopeColumns, table: ScopeColumns): ScopeColumns => ({ ...table, [column]: undefined });
    expect(await covers({}, without('area', PAYMENTS))).toBe(false);
    expect(await covers({}, without('program', PAYMENTS))).toBe(false);
    expect(await covers({}, without('provider', PAYMENTS))).toBe(false);
    expect(await covers({}, without('programs', PERSONS))).toBe(false);
    expect(await covers({}, without('providers', PERSONS))).toBe(false);
    expect(await covers({ allOrdinaryPrograms: true, allProviders: true }, { area: columns.area })).toBe(true);
  });

  it('are of a sensitive program only where that is named', async () => {
    const sensitive = { program: FOREIGN, sensitive: true };
    expect(await covers({ allOrdinaryPrograms: true }, PAYMENTS, { program: FOREIGN })).toBe(true);
    expect(await covers({ allOrdinaryPrograms: true }, PAYMENTS, sensitive)).toBe(false);
    expect(await covers({ allOrdinaryPrograms: true, programs: [MINE, FOREIGN] }, PAYMENTS, sensitive)).toBe(true);
  });

  it('are about one person where it is confined to one, wherever that person lives', async () => {
    const elsewhere = { area: 'KE.47', program: FOREIGN, provider: RIVAL };
    for (const table of [PAYMENTS, PERSONS, HOUSEHOLDS]) {
      expect(await covers({ self: PERSON }, table, elsewhere)).toBe(true);
      expect(await covers({ self: OTHER }, table)).toBe(false);
      expect(await covers({ self: 'nobody' }, table)).toBe(false);
      expect(await covers({ self: `${PERSON}' or true --` }, table)).toBe(false);
    }
    expect(await covers({ self: PERSON }, { area: columns.area })).toBe(false);
  });

  it('are all, where rows are public, but those of sensitive programs that it does not name', async () => {
    const table: ScopeColumns = { public: true, program: columns.program };
    expect(await covers({ programs: [], areas: [] }, table)).toBe(true);
    expect(await covers({ programs: [] }, table, { sensitive: true })).toBe(false);
    expect(await covers({ programs: [MINE] }, table, { sensitive: true })).toBe(true);
    expect(await covers({ programs: [] }, { public: true }, { sensitive: true })).toBe(true);
  });

  it('are none of no alternative, and of two those of each, not of one by the other', async () => {
    const many = async (alternatives: Alternative[], row: Partial<ExampleRow> = {}) =>
      (await run(sql`select 1 from ${from({ ...ROW, ...row })} where ${withinAny(alternatives, PERSONS)}`)).length === 1;
    const two = [alternative({}), alternative({ areas: ['KE.47'], programs: [FOREIGN] })];
    expect(await many([])).toBe(false);
    expect(await many(two)).toBe(true);
    expect(await many(two, { area: 'KE.47', program: FOREIGN })).toBe(true);
    expect(await many(two, { area: 'KE.47' })).toBe(false);
  });
});

describe('the value of a column', () => {
  const clinic = { programs: { HSNP: MINE }, providers: {} };
  const all = referenceSnapshot(clinic);
  /** The decision for a clinic under policies for its health service. */
  const decided = (...policies: object[]): Decision => {
    const [first] = all.policies.filter((p) => p.consumer === 'clinic' && p.purpose === 'HEALTH_SERVICE');
    const own = { ...first!, areas: ['KE.23'], allOrdinaryPrograms: true, allProviders: true, consentForRows: false, consentClasses: [] };
    const written = policies.map((p, i) => ({ ...own, id: `policy-${i}`, grants: { REFERENCE: ['READ'] as const }, ...p }));
    const principal = { ...personaPrincipal('clinic', { purpose: 'HEALTH_SERVICE' }), purpose: 'HEALTH_SERVICE' };
    return decide(catalog, { ...all, policies: written }, principal, new Date());
  };
  const told = async (decision: Decision, row: Partial<ExampleRow> = {}, coordinates = ['Person.phones']) => {
    const value = masked(catalog, decision, coordinates, PERSONS, sql`'254'`, decision.alternatives);
    if (!value) return 'not named';
    const join = consentJoin(decision, decision.alternatives, columns.person);
    return (await run<{ value: string | null }>(sql`select ${value} as value from ${from({ ...ROW, ...row })} ${join}`))[0]!.value;
  };
  const CONTACT = { grants: { REFERENCE: ['READ'], CONTACT: ['READ'] } };
  const consents = (person: string, recipient: string, purpose: string, categories: number, until: string) => database.owner('consent')`
    insert into consent_grant (person_id, recipient_id, purpose_id, consent_id, categories, valid_from, valid_until)
    values (${person}, ${recipient}, ${purpose}, gen_random_uuid(), ${categories}, now() - interval '2 days', now() + ${until}::interval)`;

  it('stands in no statement where no alternative gives it, or only one by which the row is not visible', async () => {
    expect(await told(decided({}))).toBe('not named');
    const decision = decided({}, CONTACT);
    expect(masked(catalog, decision, ['Person.phones'], PERSONS, sql`'254'`, [decision.alternatives[0]!])).toBeNull();
    expect(masked(catalog, decision, ['Person.phones', 'Person.none'], PERSONS, sql`'254'`, decision.alternatives)).toBeNull();
  });

  it('needs the consent of that person to this consumer, for this purpose or one above it, that covers it and holds now', async () => {
    expect(await told(decided(CONTACT))).toBeNull();
    await consents(OTHER, 'clinic', 'HEALTH_SERVICE', 4, '1 day');
    await consents(PERSON, 'bank', 'HEALTH_SERVICE', 4, '1 day');
    await consents(PERSON, 'clinic', 'SERVICE_VERIFICATION', 4, '1 day');
    expect(await told(decided(CONTACT))).toBeNull();
    await consents(PERSON, 'clinic', 'HEALTH_SERVICE', 3, '1 day');
    expect(await told(decided(CONTACT))).toBeNull();
    await database.owner('consent')`update consent_grant set categories = 7 where recipient_id = 'clinic'`;
    expect(await told(decided(CONTACT))).toBe('254');
    for (const ended of [
      'valid_until = now()',
      'valid_until = null, withdrawn_at = now()',
      `valid_from = now() + interval '1 hour', withdrawn_at = null`,
    ]) {
      await database.owner('consent').unsafe(`update consent_grant set ${ended}`);
      expect([ended, await told(decided(CONTACT))]).toEqual([ended, null]);
    }
  });

  it('is given only in the rows of an alternative that gives it', async () => {
    await database.owner('consent')`update consent_grant set categories = 7, valid_from = now(), valid_until = now() + interval '1 day'`;
    const decision = decided({ areas: ['KE'] }, CONTACT);
    expect(await told(decision)).toBe('254');
    expect(await told(decision, { area: 'KE.47' })).toBeNull();
    expect(await told(decision, { person: OTHER })).toBe('254');
    expect(await told(decision, { person: id(9) })).toBeNull();
  });

  it('needs every right that leads to it, for the use it is put to', async () => {
    const decision = decided(CONTACT);
    expect(await told(decision, {}, ['Person.id', 'Person.phones'])).toBe('254');
    expect(await told(decision, {}, ['Person.birthDate', 'Person.phones'])).toBe('not named');
    expect(masked(catalog, decision, ['Person.phones'], PERSONS, sql`'254'`, decision.alternatives, 'FILTER')).toBeNull();
    expect(alternativesFor(catalog, decision, ['Person.phones'], 'READ')).toHaveLength(1);
    expect(alternativesFor(catalog, decision, ['Person.phones', 'Person.birthDate'], 'READ')).toEqual([]);
    expect(alternativesFor(catalog, decision, ['Person.phones'], 'FILTER')).toEqual([]);
  });

  it('needs consent to its class where its alternative asks for that, to no other, and is never had where no consent opens it', async () => {
    const NAME = { grants: { ...CONTACT.grants, NAME: ['READ'] } };
    await database.owner('consent')`update consent_grant set categories = 4`;
    expect(await told(decided(NAME), {}, ['Person.name', 'Person.phones'])).toBe('254');
    expect(await told(decided({ ...NAME, consentClasses: ['NAME'] }), {}, ['Person.name'])).toBeNull();
    expect(await told(decided({ ...NAME, consentClasses: ['REFERENCE'] }), {}, ['Person.id'])).toBeNull();
    const apart = decided({ ...NAME, consentClasses: ['NAME'] }, { ...NAME, areas: ['KE.47'] });
    expect(await told(apart, {}, ['Person.name'])).toBeNull();
    expect(await told(apart, { area: 'KE.47' }, ['Person.name'])).toBe('254');
  });

  it('is not had, and neither is the row, where rows need a consent and there is none', async () => {
    const decision = decided({ ...CONTACT, consentForRows: true });
    const rows = async (person: string) =>
      (
        await run(
          sql`select 1 from ${from({ ...ROW, person })} ${consentJoin(decision, decision.alternatives, columns.person)} where ${withinAny(decision.alternatives, PERSONS)}`,
        )
      ).length;
    expect([await rows(PERSON), await rows(id(9))]).toEqual([1, 0]);
    const unknown = consentJoin(decision, decision.alternatives, undefined);
    expect(await run(sql`select 1 from ${from(ROW)} ${unknown} where ${withinAny(decision.alternatives, PERSONS)}`)).toEqual([]);
  });
});
