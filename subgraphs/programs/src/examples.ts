import { References } from '@commonweal/kit';
import { TEST_SECRET, type TestDatabase } from '@commonweal/kit/testing.ts';
import { type PolicySnapshot, referenceSnapshot, type SharingPolicy } from '@commonweal/schema';

/** Ids of the small world that the examples of this registry are told in. */
export const ID = {
  opct: '10000000-0000-4000-8000-000000000001',
  hsnp: '10000000-0000-4000-8000-000000000002',
  waiver: '10000000-0000-4000-8000-000000000003',
  pension: '10000000-0000-4000-8000-000000000004',
  secret: '10000000-0000-4000-8000-000000000009',
  highland: '20000000-0000-4000-8000-000000000001',
  ekiruHousehold: '30000000-0000-4000-8000-000000000001',
  ekiru: '40000000-0000-4000-8000-000000000001',
  akai: '40000000-0000-4000-8000-000000000002',
  wanjiru: '40000000-0000-4000-8000-000000000003',
  lokwang: '40000000-0000-4000-8000-000000000004',
  /** Has no row anywhere. */
  nobody: '40000000-0000-4000-8000-00000000ffff',
  ekiruOpct: '50000000-0000-4000-8000-000000000001',
  ekiruWaiver: '50000000-0000-4000-8000-000000000002',
  ekiruSecret: '50000000-0000-4000-8000-000000000003',
  akaiHsnp: '50000000-0000-4000-8000-000000000004',
  wanjiruOpct: '50000000-0000-4000-8000-000000000005',
} as const;

/** References as government consumers see them. */
export const government = new References(TEST_SECRET, 'government');
/** References of enrollments, persons and households as government consumers see them. */
export const ref = {
  enrollment: (id: string, person: string) => government.encode('enr', id, person),
  person: (id: string) => government.encode('per', id),
  household: (id: string) => government.encode('hh', id),
};

/** The reference policies over this world; `more` are put in place of those of the same consumer. */
export function policies(...more: (Partial<SharingPolicy> & Pick<SharingPolicy, 'consumer' | 'purpose' | 'grants'>)[]): PolicySnapshot {
  const snapshot = referenceSnapshot({ programs: { OPCT: ID.opct, HSNP: ID.hsnp }, providers: { HIGHLAND: ID.highland } });
  const replaced = new Set(more.map((p) => p.consumer));
  const written = more.map(
    (p, i): SharingPolicy => ({
      id: `90000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      lawfulBasis: 'PUBLIC_TASK',
      agreement: null,
      areas: ['KE'],
      programs: {},
      allOrdinaryPrograms: true,
      providers: [],
      allProviders: true,
      selfOnly: false,
      fieldsOnly: {},
      actions: [],
      consentClasses: [],
      consentForRows: false,
      disclosure: 'DENY',
      validFrom: '2020-01-01T00:00:00Z',
      validUntil: null,
      ...p,
      grants: { OPEN: ['READ'], ...p.grants },
    }),
  );
  return { ...snapshot, policies: [...snapshot.policies.filter((p) => !replaced.has(p.consumer)), ...written] };
}

const PROGRAMS = [
  [ID.opct, 'OPCT', 'UNIVERSAL_CATEGORICAL', 'PERSON', 'CASH', '4000.00', false],
  [ID.hsnp, 'HSNP', 'UNCONDITIONAL_CASH', 'HOUSEHOLD', 'CASH', '5400.00', false],
  [ID.waiver, 'HFW', 'FEE_WAIVER', 'PERSON', 'INSURANCE', null, false],
  [ID.pension, 'PENSION', 'UNIVERSAL_CATEGORICAL', 'PERSON', 'CASH', '2000.00', false],
  [ID.secret, 'ARTS', 'OTHER_ASSISTANCE', 'PERSON', 'CASH', '1000.00', true],
] as const;

const ENROLLMENTS = [
  [ID.ekiruOpct, ID.ekiru, ID.opct, null, 'KE.23.01', 'ENROLLED', '2021-01-01', false],
  [ID.ekiruWaiver, ID.ekiru, ID.waiver, null, 'KE.23.01', 'ENROLLED', '2022-02-02', false],
  [ID.ekiruSecret, ID.ekiru, ID.secret, null, 'KE.23.01', 'ENROLLED', '2023-03-03', true],
  [ID.akaiHsnp, ID.akai, ID.hsnp, ID.ekiruHousehold, 'KE.23.01', 'ENROLLED', '2020-05-05', false],
  [ID.wanjiruOpct, ID.wanjiru, ID.opct, null, 'KE.47.01', 'SUSPENDED', '2021-06-06', false],
] as const;

/** Puts the small world into a registry: Ekiru in Turkana is in OPCT, the fee waiver and a sensitive program; his wife Akai stands for the household in HSNP; Wanjiru in Nairobi is in OPCT; Lokwang in none. */
export async function tellExamples(database: TestDatabase): Promise<void> {
  const sql = database.owner('programs');
  for (const [id, code, type, target, benefitType, amount, sensitive] of PROGRAMS) {
    await sql`insert into program (program_id, code, name, type, target, benefit_type, amount, sensitive, starts_on) values (${id}, ${code}, ${`Program ${code}`}, ${type}, ${target}, ${benefitType}, ${amount}, ${sensitive}, '2018-01-01')`;
    await sql`insert into cycle (program_id, sequence, starts_on, ends_on, status) values (${id}, 1, '2024-01-01', '2024-02-29', 'ENDED'), (${id}, 2, '2024-03-01', '2024-04-30', 'DISTRIBUTED')`;
  }
  await sql`insert into compatibility (program_id, other_program_id, level, valid_from, verdict) values (${ID.opct}, ${ID.pension}, 'PERSON', '2018-01-01', 'FORBIDDEN'), (${ID.opct}, ${ID.secret}, 'PERSON', '2018-01-01', 'ALLOWED')`;
  for (const [person, household, area] of [
    [ID.ekiru, ID.ekiruHousehold, 'KE.23.01'],
    [ID.akai, ID.ekiruHousehold, 'KE.23.01'],
    [ID.wanjiru, null, 'KE.47.01'],
    [ID.lokwang, null, 'KE.23.02'],
  ] as const) {
    await sql`insert into subject (person_id, household_id, area_path) values (${person}, ${household}, ${area})`;
  }
  for (const [id, person, program, household, area, status, on, sensitive] of ENROLLMENTS) {
    await sql`insert into enrollment (person_id, enrollment_id, household_id, program_id, sensitive, area_path, status, status_since, starts_on, source_system, source_taken_on)
      values (${person}, ${id}, ${household}, ${program}, ${sensitive}, ${area}, ${status}, ${on}, ${on}, 'OLDMIS', '2020-01-01')`;
    await sql`insert into enrollment_event (person_id, enrollment_id, event_id, program_id, sensitive, area_path, to_status, on_date, reason, actor)
      values (${person}, ${id}, gen_random_uuid(), ${program}, ${sensitive}, ${area}, ${status}, ${on}, 'CRITERIA_MET', 'seed')`;
  }
  const benefit = (
    person: string,
    enrollment: string,
    program: string,
    amount: string | null,
    from: string,
    until: string,
    status: string,
    sensitive = false,
  ) => sql`
    insert into benefit (person_id, benefit_id, enrollment_id, program_id, sensitive, area_path, cycle_sequence, type, amount, currency, valid_from, valid_until, status)
    values (${person}, gen_random_uuid(), ${enrollment}, ${program}, ${sensitive}, 'KE.23.01', 1, 'CASH', ${amount}, ${amount === null ? null : 'KES'}, ${from}, ${until}, ${status})`;
  await benefit(ID.ekiru, ID.ekiruOpct, ID.opct, '4000.00', '2024-01-01', '2024-02-29', 'ISSUED');
  await benefit(ID.ekiru, ID.ekiruOpct, ID.opct, '4000.00', '2024-03-01', '2024-04-30', 'ISSUED');
  await benefit(ID.ekiru, ID.ekiruWaiver, ID.waiver, null, '2024-01-01', '2099-12-31', 'ISSUED');
}
