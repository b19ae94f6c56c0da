import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@commonweal/kit/testing.ts';
import { type AuditRecord, type ConsentCategory, categoriesToMask } from '@commonweal/schema';
import { agreementHash, REFERENCE_AGREEMENTS, seedReference } from './reference.ts';

/** Ids of the small world that the examples of this registry are told in. */
export const ID = {
  opct: '10000000-0000-4000-8000-000000000001',
  hsnp: '10000000-0000-4000-8000-000000000002',
  highland: '20000000-0000-4000-8000-000000000001',
  ekiru: '40000000-0000-4000-8000-000000000001',
  akai: '40000000-0000-4000-8000-000000000002',
  wanjiru: '40000000-0000-4000-8000-000000000003',
  lokwang: '40000000-0000-4000-8000-000000000004',
  ekiruToBank: '50000000-0000-4000-8000-000000000001',
  ekiruToClinic: '50000000-0000-4000-8000-000000000002',
  akaiToClinic: '50000000-0000-4000-8000-000000000003',
  wanjiruToResearch: '50000000-0000-4000-8000-000000000004',
} as const;

/** Ids by code, as the other registries have them. */
export const IDS = { programIds: { OPCT: ID.opct, HSNP: ID.hsnp }, providerIds: { HIGHLAND: ID.highland } };

const SUBJECTS = [
  { id: ID.ekiru, area: 'KE.23.01', programs: [ID.opct], providers: [ID.highland] },
  { id: ID.akai, area: 'KE.23.01', programs: [ID.hsnp], providers: [] },
  { id: ID.wanjiru, area: 'KE.47.01', programs: [ID.opct], providers: [] },
  { id: ID.lokwang, area: 'KE.23.02', programs: [], providers: [] },
];

interface Given {
  readonly person: string;
  readonly consent: string;
  readonly agreement: string;
  readonly recipient: string;
  readonly purpose: string;
  readonly categories: readonly ConsentCategory[];
  readonly until?: string;
}

/** Puts a consent into the registry as given on the first of March 2024. */
export async function tellConsent(database: TestDatabase, g: Given): Promise<void> {
  const sql = database.owner('consent');
  const agreement = REFERENCE_AGREEMENTS.find((a) => a.code === g.agreement)!;
  const area = SUBJECTS.find((s) => s.id === g.person)!.area;
  const at = '2024-03-01T08:00:00Z';
  const mask = categoriesToMask(g.categories);
  await sql`insert into consent_record (person_id, consent_id, area_path, agreement_code, agreement_version, agreement_hash, recipient_id, purpose_id, categories, given_by, giver_id, method, valid_from, valid_until, recorded_at)
    values (${g.person}, ${g.consent}, ${area}, ${g.agreement}, 1, ${agreementHash(agreement)}, ${g.recipient}, ${g.purpose}, ${mask}, 'SELF', ${g.person}, 'PAPER', ${at}, ${g.until ?? null}, ${at})`;
  await sql`insert into consent_event (person_id, consent_id, event_id, status, actor, at) values (${g.person}, ${g.consent}, ${randomUUID()}, 'GIVEN', 'example', ${at})`;
  await sql`insert into consent_grant (person_id, recipient_id, purpose_id, consent_id, categories, valid_from, valid_until) values (${g.person}, ${g.recipient}, ${g.purpose}, ${g.consent}, ${mask}, ${at}, ${g.until ?? null})`;
}

/** Ekiru in Turkana lets his bank and his clinic in; Akai, in another program, her clinic until the end of 2024; Wanjiru in Nairobi the researchers. Lokwang gave no consent. */
export async function tellExamples(database: TestDatabase): Promise<void> {
  const sql = database.owner('consent');
  await seedReference(sql, IDS);
  for (const s of SUBJECTS)
    await sql`insert into subject (person_id, area_path, program_ids, provider_ids) values (${s.id}, ${s.area}, ${s.programs}, ${s.providers})`;
  await tellConsent(database, {
    person: ID.ekiru,
    consent: ID.ekiruToBank,
    agreement: 'PAYMENTS',
    recipient: 'bank',
    purpose: 'PAYMENT_DELIVERY',
    categories: ['CONTACT'],
  });
  await tellConsent(database, {
    person: ID.ekiru,
    consent: ID.ekiruToClinic,
    agreement: 'HEALTH',
    recipient: 'clinic',
    purpose: 'HEALTH_SERVICE',
    categories: ['NAME', 'CONTACT'],
  });
  await tellConsent(database, {
    person: ID.akai,
    consent: ID.akaiToClinic,
    agreement: 'HEALTH',
    recipient: 'clinic',
    purpose: 'HEALTH_SERVICE',
    categories: ['NAME'],
    until: '2024-12-31T00:00:00Z',
  });
  await tellConsent(database, {
    person: ID.wanjiru,
    consent: ID.wanjiruToResearch,
    agreement: 'RESEARCH',
    recipient: 'research-lab',
    purpose: 'RESEARCH',
    categories: ['DEMOGRAPHIC'],
  });
}

/** An access record as the gateway writes it: the county's case worker looked at Ekiru's name and telephone number. */
export function exampleRecord(changes: Partial<AuditRecord> = {}, persons: readonly string[] = [ID.ekiru]): AuditRecord {
  return {
    id: randomUUID(),
    at: new Date().toISOString(),
    requestId: 'request-1',
    consumer: 'county-services',
    user: 'case-worker-1',
    onBehalfOf: null,
    purpose: 'CASE_MANAGEMENT',
    lawfulBasis: 'PUBLIC_TASK',
    agreements: [],
    operationName: 'Visit',
    operationHash: Buffer.alloc(32, 1).toString('base64url'),
    epoch: 2,
    digest: 'ab'.repeat(32),
    reports: [
      {
        subgraph: 'persons',
        persons,
        fields: ['Person.name', 'PersonName.full', 'Person.phones'],
        rows: persons.length,
        withheld: {},
        searched: [],
        statements: 1,
      },
    ],
    errors: {},
    denied: [],
    outcome: 'OK',
    ...changes,
  };
}
