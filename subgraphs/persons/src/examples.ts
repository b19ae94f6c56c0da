import { randomUUID } from 'node:crypto';
import { TEST_SECRET, type TestDatabase, type TestSubgraph, testDatabase, testSubgraph } from '@commonweal/kit/testing.ts';
import { hopKey, referenceSnapshot } from '@commonweal/schema';
import { persons } from './index.ts';
import { identifierHash, lastFour } from './person/identifiers.ts';
import { foldName } from './person/names.ts';

/** Ids of the small world that the examples of this registry are told in. */
export const ID = {
  opct: '10000000-0000-4000-8000-000000000001',
  hsnp: '10000000-0000-4000-8000-000000000002',
  secret: '10000000-0000-4000-8000-000000000009',
  highland: '20000000-0000-4000-8000-000000000001',
  ekiruHousehold: '30000000-0000-4000-8000-000000000001',
  wanjiruHousehold: '30000000-0000-4000-8000-000000000002',
  ekiru: '40000000-0000-4000-8000-000000000001',
  akai: '40000000-0000-4000-8000-000000000002',
  wanjiru: '40000000-0000-4000-8000-000000000003',
  lokwang: '40000000-0000-4000-8000-000000000004',
} as const;

interface Example {
  readonly id: string;
  readonly household: string | null;
  readonly area: string;
  readonly surname: string;
  readonly given: string;
  readonly sex: string;
  readonly birth: string;
  readonly phones: string[];
  readonly uin: string;
  readonly programs: string[];
  readonly providers: string[];
  readonly relationship: string;
  readonly income: string;
  readonly disability: string[];
}

/** Ekiru, 75, heads a household in Turkana with his wife Akai, 41: he has the old-age transfer through the bank, she the hunger safety net. Wanjiru lives alone in Nairobi. Lokwang in Turkana is in no program. */
export const EXAMPLES: readonly Example[] = [
  {
    id: ID.ekiru,
    household: ID.ekiruHousehold,
    area: 'KE.23.01',
    surname: 'Ekiru',
    given: 'Peter',
    sex: 'MALE',
    birth: '1951-03-04',
    phones: ['+254711000001'],
    uin: '11111111',
    programs: [ID.opct],
    providers: [ID.highland],
    relationship: 'HEAD',
    income: 'LOW',
    disability: ['VIS'],
  },
  {
    id: ID.akai,
    household: ID.ekiruHousehold,
    area: 'KE.23.01',
    surname: 'Akai',
    given: 'Mary',
    sex: 'FEMALE',
    birth: '1985-06-07',
    phones: ['+254711000002'],
    uin: '22222222',
    programs: [ID.hsnp],
    providers: [],
    relationship: 'SPOUSE',
    income: 'NONE',
    disability: [],
  },
  {
    id: ID.wanjiru,
    household: ID.wanjiruHousehold,
    area: 'KE.47.01',
    surname: 'Wanjiru',
    given: 'Grace',
    sex: 'FEMALE',
    birth: '1950-01-02',
    phones: ['+254711000003'],
    uin: '33333333',
    programs: [ID.opct],
    providers: [],
    relationship: 'HEAD',
    income: 'MIDDLE',
    disability: [],
  },
  {
    id: ID.lokwang,
    household: null,
    area: 'KE.23.02',
    surname: 'Lokwang',
    given: 'John',
    sex: 'MALE',
    birth: '1990-10-11',
    phones: [],
    uin: '44444444',
    programs: [],
    providers: [],
    relationship: 'NONE',
    income: 'LOW',
    disability: ['MOB'],
  },
];

/** Puts the small world into a registry. */
export async function tellExamples(database: TestDatabase): Promise<void> {
  const sql = database.owner('persons');
  await sql`insert into area (path, name, level, population) values ('KE', 'Kenya', 'COUNTRY', 47564296), ('KE.23', 'Turkana', 'COUNTY', 926976), ('KE.23.01', 'Turkana Central', 'SUB_COUNTY', 185305),
    ('KE.23.02', 'Turkana North', 'SUB_COUNTY', 65218), ('KE.47', 'Nairobi City', 'COUNTY', 4397073), ('KE.47.01', 'Dagoretti', 'SUB_COUNTY', 434208)`;
  for (const e of EXAMPLES) {
    await sql`insert into person (person_id, household_id, area_path, program_ids, provider_ids, surname, given_name, surname_key, sex, birth_date, marital_status, income_level, phones, disability_types, disability_severities)
      values (${e.id}, ${e.household}, ${e.area}, ${e.programs}, ${e.providers}, ${e.surname}, ${e.given}, ${foldName(e.surname)}, ${e.sex}, ${e.birth}, 'MARRIED', ${e.income}, ${e.phones}, ${e.disability}, ${e.disability.map(() => 2)})`;
    await sql`insert into identifier (person_id, identifier_id, area_path, type, value, last_four) values (${e.id}, gen_random_uuid(), ${e.area}, 'UIN', ${e.uin}, ${lastFour(e.uin)})`;
    await sql`insert into identifier_key (value_hash, person_id) values (${identifierHash(hopKey(TEST_SECRET, 'identifier-hash'), 'UIN', e.uin)}, ${e.id})`;
  }
  for (const [id, head, area] of [
    [ID.ekiruHousehold, ID.ekiru, 'KE.23.01'],
    [ID.wanjiruHousehold, ID.wanjiru, 'KE.47.01'],
  ] as const) {
    const members = EXAMPLES.filter((e) => e.household === id);
    await sql`insert into household (household_id, area_path, head_person_id, member_ids, program_ids, provider_ids, size, adults, elderly, score, score_band, landmark)
      values (${id}, ${area}, ${head}, ${members.map((m) => m.id)}, ${[...new Set(members.flatMap((m) => m.programs))]}, ${[...new Set(members.flatMap((m) => m.providers))]}, ${members.length}, 1, 1, 21.5, 'POOREST', 'Behind the water point')`;
    for (const m of members) {
      await sql`with new as (select gen_random_uuid() as id), mine as (insert into membership (membership_id, person_id, household_id, area_path, relationship, valid_from) select id, ${m.id}, ${id}, ${area}::ltree, ${m.relationship}, '2022-01-01' from new)
        insert into roster (membership_id, person_id, household_id, area_path, relationship, valid_from) select id, ${m.id}, ${id}, ${area}::ltree, ${m.relationship}, '2022-01-01' from new`;
    }
  }
}

/** Puts one more person into a registry, in Turkana and in no household unless told otherwise. Gives the id. */
export async function tellPerson(
  database: TestDatabase,
  of: { area?: string; birth?: string; programs?: string[]; providers?: string[]; uin?: string; surname?: string; status?: string } = {},
): Promise<string> {
  const sql = database.owner('persons');
  const id = randomUUID();
  const { area = 'KE.23.01', birth = '1980-01-01', programs = [], providers = [], uin, surname = 'Eyanae', status = 'ACTIVE' } = of;
  await sql`insert into person (person_id, area_path, program_ids, provider_ids, surname, given_name, surname_key, sex, birth_date, status)
    values (${id}, ${area}, ${programs}, ${providers}, ${surname}, 'Paul', ${foldName(surname)}, 'MALE', ${birth}, ${status})`;
  if (uin !== undefined) {
    await sql`insert into identifier (person_id, identifier_id, area_path, type, value, last_four) values (${id}, gen_random_uuid(), ${area}, 'UIN', ${uin}, ${lastFour(uin)})`;
    await sql`insert into identifier_key (value_hash, person_id) values (${identifierHash(hopKey(TEST_SECRET, 'identifier-hash'), 'UIN', uin)}, ${id})`;
  }
  return id;
}

/** Records that a person consents to a mask of categories for a recipient and purpose, from yesterday on. */
export async function tellConsent(
  database: TestDatabase,
  person: string,
  recipient: string,
  purpose: string,
  categories: number,
): Promise<void> {
  const sql = database.owner('consent');
  await sql`insert into consumer (consumer_id, kind, name, outside_government) values (${recipient}, 'service_provider', 'x', true) on conflict do nothing`;
  await sql`insert into purpose (purpose_id, name) values (${purpose}, 'x') on conflict do nothing`;
  await sql`insert into agreement (code, version, controller, lawful_basis, legal_reference, purposes, categories, recipients, retention_days, notices, hash)
    values ('EXAMPLE', 1, 'x', 'CONSENT', 'x', ${[purpose]}, 1023, ${[recipient]}, 30, '{"en":"x"}', 'x') on conflict do nothing`;
  const [record] =
    await sql`insert into consent_record (person_id, consent_id, area_path, agreement_code, agreement_version, agreement_hash, recipient_id, purpose_id, categories, given_by, method, valid_from)
    values (${person}, gen_random_uuid(), 'KE.23', 'EXAMPLE', 1, 'x', ${recipient}, ${purpose}, ${categories}, 'SELF', 'PAPER', now() - interval '1 day') returning consent_id`;
  await sql`insert into consent_grant (person_id, recipient_id, purpose_id, consent_id, categories, valid_from) values (${person}, ${recipient}, ${purpose}, ${record!.consent_id as string}, ${categories}, now() - interval '1 day')`;
}

/** The persons registry over the small world, on a database of its own. */
export interface RunningExamples {
  readonly database: TestDatabase;
  readonly registry: TestSubgraph;
}

/** Starts the registry for a test file, under the reference policies. */
export async function startExamples(serverUrl: string): Promise<RunningExamples> {
  const database = await testDatabase(serverUrl);
  await tellExamples(database);
  const policies = referenceSnapshot({ programs: { OPCT: ID.opct, HSNP: ID.hsnp }, providers: { HIGHLAND: ID.highland } });
  return { database, registry: await testSubgraph(persons, database, policies) };
}

/** Stops what was started, also after a start that failed half way. */
export async function stopExamples({ database, registry }: Partial<RunningExamples>): Promise<void> {
  await registry?.stop();
  await database?.drop();
}
