import { TEST_SECRET, type TestDatabase, testDatabase } from '@commonweal/kit/testing.ts';
import { identifierHash } from '@commonweal/persons/person/identifiers.ts';
import { hopKey } from '@commonweal/schema';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { generateHouseholds } from '../country/lives.ts';
import { type Seeded, seed } from '../seed.ts';
import { identifierHasher } from './identifier-hash.ts';

const country = { households: 60, seed: 7, asOf: '2025-06-30' };
const generated = [...generateHouseholds(country)];

let database: TestDatabase;
let admin: postgres.Sql;
let made: Seeded;

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  admin = postgres(database.adminUrl, { max: 1, onnotice: () => {} });
  made = await seed({ ...country, urls: database.urls, secret: TEST_SECRET });
}, 120_000);
afterAll(async () => {
  await admin.end();
  await database.drop();
});

/** Rows of a statement that must find nothing: each statement works out anew what is stored, and asks for what differs. */
const wrong = async (statement: string): Promise<unknown[]> => [...(await admin.unsafe(`${statement} limit 3`))];

describe('what is derived', () => {
  const known = `select p.person_id, array(
      select distinct program_id from programs.enrollment e
      where e.person_id = p.person_id or (e.household_id is not null and e.household_id = p.household_id) order by 1) as programs,
    array(select distinct provider_id from (
      select provider_id from payments.account a where a.person_id = p.person_id
      union all select provider_id from payments.payment y where coalesce(y.recipient_id, y.person_id) = p.person_id) x order by 1) as providers
    from persons.person p`;
  const sorted = (column: string) => `array(select unnest(${column}) order by 1)`;

  test('persons: household, band, programs and providers that know of them, and the folded surname', async () => {
    expect(
      await wrong(`select p.person_id from persons.person p left join persons.membership m on m.person_id = p.person_id and m.valid_to is null
        left join persons.household h on h.household_id = m.household_id
        where p.household_id is distinct from m.household_id or p.score_band is distinct from h.score_band or (h.area_path <> p.area_path)
          or (p.status = 'DECEASED') <> (m.person_id is null)`),
    ).toEqual([]);
    expect(
      await wrong(`select p.person_id from persons.person p join (${known}) k using (person_id)
        where ${sorted('p.program_ids')} <> k.programs or ${sorted('p.provider_ids')} <> k.providers`),
    ).toEqual([]);
    expect(
      await wrong(`select surname, surname_key from persons.person where surname_key <> regexp_replace(lower(surname), '[^a-z]', '', 'g')`),
    ).toEqual([]);
    const [some] =
      await admin`select count(*) filter (where program_ids <> '{}')::int as programs, count(*) filter (where provider_ids <> '{}')::int as providers from persons.person`;
    expect(some?.programs).toBeGreaterThan(20);
    expect(some?.providers).toBeGreaterThan(10);
  });

  test('households: members, head, counts, programs and providers as when they are counted anew', async () => {
    expect(
      await wrong(`select h.household_id from persons.household h left join lateral (
          select coalesce(array_agg(r.person_id order by r.person_id), '{}') as ids, count(*) as size,
            (array_agg(r.person_id) filter (where r.relationship = 'HEAD'))[1] as head,
            count(*) filter (where p.birth_date > date '2025-06-30' - interval '18 years') as children,
            count(*) filter (where p.birth_date <= date '2025-06-30' - interval '60 years') as elderly
          from persons.roster r join persons.person p using (person_id) where r.household_id = h.household_id and r.valid_to is null
        ) m on true
        where ${sorted('h.member_ids')} <> m.ids or h.size <> m.size or h.head_person_id is distinct from m.head or h.children <> m.children
          or h.elderly <> m.elderly or h.adults <> m.size - m.children - m.elderly
          or ${sorted('h.program_ids')} <> array(select distinct unnest(program_ids) from persons.person p where p.household_id = h.household_id order by 1)
          or ${sorted('h.provider_ids')} <> array(select distinct unnest(provider_ids) from persons.person p where p.household_id = h.household_id order by 1)`),
    ).toEqual([]);
    expect(
      await wrong(
        `select household_id from persons.roster where valid_to is null group by 1 having count(*) filter (where relationship = 'HEAD') <> 1`,
      ),
    ).toEqual([]);
  });

  test('a membership holds up to its last day, by person and by household the same', async () => {
    const ended = generated.flatMap(({ memberships }) => memberships).find(({ validTo }) => validTo !== null);
    const [row] = await admin`select (valid_to - 1)::text as last from persons.membership where membership_id = ${ended?.id ?? ''}`;
    expect(row?.last).toBe(ended?.validTo);
    expect(
      await wrong(
        '(table persons.membership except select person_id, membership_id, household_id, area_path, relationship, recipient_role, valid_from, valid_to from persons.roster)',
      ),
    ).toEqual([]);
    expect(
      await wrong(`select a.person_id from persons.membership a join persons.membership b on a.person_id = b.person_id and a.membership_id < b.membership_id
        and daterange(a.valid_from, a.valid_to) && daterange(b.valid_from, b.valid_to)`),
    ).toEqual([]);
  });

  test('a number leads to its person', async () => {
    const key = hopKey(TEST_SECRET, 'identifier-hash');
    const identifiers = await admin<
      { type: string; value: string; person_id: string; last_four: string }[]
    >`select * from persons.identifier`;
    const keys = new Map(
      (await admin`select encode(value_hash, 'hex') as hash, person_id from persons.identifier_key`).map(({ hash, person_id }) => [
        hash,
        person_id,
      ]),
    );
    expect(
      identifiers.filter(({ type, value, person_id }) => keys.get(identifierHash(key, type, value).toString('hex')) !== person_id),
    ).toEqual([]);
    expect(identifiers.filter(({ value, last_four }) => !value.endsWith(last_four) || last_four.length > value.length / 2)).toEqual([]);
    const hash = identifierHasher(key);
    for (const value of ['1', 'a-b c/12', 'ÅÉ９'.repeat(30), ''])
      expect(hash('UIN', value)).toBe(identifierHash(key, 'UIN', value).toString('hex'));
  });

  test('coverage counts the enrolled', async () => {
    const counted = "select program_id, area_path, count(*) as n from programs.enrollment where status = 'ENROLLED' group by 1, 2";
    expect(
      await wrong(
        `select * from (${counted}) e full join programs.coverage_cell c using (program_id, area_path) where c.beneficiaries is distinct from e.n`,
      ),
    ).toEqual([]);
  });

  test('an enrollment ends up in the state of its last event, and its steps are allowed', async () => {
    expect(
      await wrong(`select e.enrollment_id from programs.enrollment e join lateral (
          select to_status, on_date from programs.enrollment_event v where v.person_id = e.person_id and v.enrollment_id = e.enrollment_id order by on_date desc limit 1
        ) v on true where v.to_status <> e.status or v.on_date <> e.status_since`),
    ).toEqual([]);
    expect(
      await wrong(`select v.event_id from programs.enrollment_event v
        where not exists (select 1 from programs.allowed_transition t where t.from_status = coalesce(v.from_status, '') and t.to_status = v.to_status)`),
    ).toEqual([]);
  });

  test('a payment ends up in the state of its last event; the account is the collector’s', async () => {
    expect(
      await wrong(`select p.payment_id from payments.payment p join lateral (
          select to_status, occurred_at, amount_delivered from payments.payment_event v where v.person_id = p.person_id and v.payment_id = p.payment_id order by occurred_at desc, from_status is null limit 1
        ) v on true where v.to_status <> p.status or v.occurred_at <> p.status_at or v.amount_delivered <> p.amount_delivered`),
    ).toEqual([]);
    expect(
      await wrong(
        `select payment_id from payments.payment where due_on >= date '2025-06-30' - 182 except select payment_id from payments.payment_event`,
      ),
    ).toEqual([]);
    expect(
      await wrong(
        `select payment_id from payments.payment_event except select payment_id from payments.payment where due_on >= date '2025-06-30' - 182`,
      ),
    ).toEqual([]);
    expect(
      await wrong(`select p.payment_id from payments.payment p left join payments.account a on a.account_id = p.account_id
        where a.person_id is distinct from coalesce(p.recipient_id, p.person_id) or a.provider_id <> p.provider_id or p.recipient_id = p.person_id`),
    ).toEqual([]);
    expect(
      await wrong(
        `select account_id from payments.account a join persons.person p using (person_id) where a.program_ids <> p.program_ids or a.area_path <> p.area_path`,
      ),
    ).toEqual([]);
    expect(
      await wrong(
        `select payment_id from payments.payment where status_at < sent_at or status_at < delivered_at or status_at >= '2025-07-01T00:00Z'`,
      ),
    ).toEqual([]);
  });

  test('what is granted is what was given and not taken back, under the agreement as published', async () => {
    expect(
      await wrong(`select r.consent_id from consent.consent_record r left join consent.agreement a on a.code = r.agreement_code and a.version = r.agreement_version
        where a.hash is distinct from r.agreement_hash or not r.recipient_id = any (a.recipients) or not r.purpose_id = any (a.purposes) or r.categories & ~a.categories <> 0`),
    ).toEqual([]);
    const last = `select distinct on (consent_id) consent_id, status, at from consent.consent_event order by consent_id, at desc`;
    expect(
      await wrong(`select l.consent_id from (${last}) l full join consent.consent_grant g using (consent_id)
        where (l.status in ('GIVEN', 'WITHDRAWN')) is distinct from (g.consent_id is not null) or (l.status = 'WITHDRAWN') <> (g.withdrawn_at is not null) and g.consent_id is not null`),
    ).toEqual([]);
    const given = generated.flatMap(({ consents }) => consents).filter(({ status }) => status === 'GIVEN').length;
    expect(await admin`select count(*)::int as given from consent.consent_grant where withdrawn_at is null`).toEqual([{ given }]);
  });

  test('registries speak of the same persons in the same places', async () => {
    for (const table of ['programs.subject', 'consent.subject']) {
      expect(
        await wrong(
          `select person_id from persons.person p full join ${table} s using (person_id) where p.area_path is distinct from s.area_path`,
        ),
      ).toEqual([]);
    }
    expect(
      await wrong(
        'select person_id from consent.subject s join persons.person p using (person_id) where s.program_ids <> p.program_ids or s.provider_ids <> p.provider_ids',
      ),
    ).toEqual([]);
    expect(
      await wrong(
        'select person_id from programs.subject s join persons.person p using (person_id) where s.household_id is distinct from p.household_id',
      ),
    ).toEqual([]);
    const about = [
      'programs.enrollment',
      'programs.enrollment_event',
      'programs.benefit',
      'payments.account',
      'payments.payment',
      'payments.payment_event',
      'consent.consent_record',
    ];
    for (const table of about) {
      expect([
        table,
        await wrong(`select 1 from ${table} t left join persons.person p using (person_id) where p.area_path is distinct from t.area_path`),
      ]).toEqual([table, []]);
    }
    expect(await wrong('select 1 from persons.roster r left join persons.person p using (person_id) where p.person_id is null')).toEqual(
      [],
    );
    expect(
      await wrong(
        'select 1 from payments.payment y left join programs.benefit b using (person_id, benefit_id, enrollment_id, program_id, sensitive) where b.benefit_id is null',
      ),
    ).toEqual([]);
    expect(
      await wrong(
        'select 1 from payments.payment y left join persons.person p on p.person_id = y.recipient_id where y.recipient_id is not null and p.person_id is null',
      ),
    ).toEqual([]);
    expect(await wrong('select 1 from persons.person p left join persons.area a on a.path = p.area_path where a.path is null')).toEqual([]);
    expect(
      await wrong(
        'select 1 from programs.benefit b left join programs.cycle c on c.program_id = b.program_id and c.sequence = b.cycle_sequence where c.sequence is null',
      ),
    ).toEqual([]);
  });

  test('the example is enrolled, is paid and has the number that is told', async () => {
    const { beneficiary, uin, birthDate, householdId, program } = made.examples;
    expect(beneficiary).toBe(made.demoBeneficiary);
    const rows = await admin`
      select i.value as uin, p.birth_date::text as "birthDate", h.household_id as "householdId", g.code as program from persons.person p
      join persons.household h on h.head_person_id = p.person_id join persons.identifier i on i.person_id = p.person_id and i.type = 'UIN'
      join programs.enrollment e on e.person_id = p.person_id and e.status = 'ENROLLED' join programs.program g using (program_id)
      where p.person_id = ${beneficiary} and g.code = ${program ?? ''} and exists (select 1 from payments.payment y where y.person_id = p.person_id)`;
    expect(rows).toEqual([{ uin, birthDate, householdId, program }]);
  });
});
