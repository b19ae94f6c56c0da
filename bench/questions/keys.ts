import { readFileSync } from 'node:fs';
import { registerOperation } from '@commonweal/consent/operation/register.ts';
import { openPool, References } from '@commonweal/kit';
import { documentIdOf, PERSONAS } from '@commonweal/schema';
import postgres from 'postgres';
import { signDevToken } from '../../scripts/dev-issuer.ts';
import type { Country } from './country.ts';

/** The three reference questions. */
export const QUESTIONS = ['VerifyBeneficiary', 'HouseholdAcrossPrograms', 'CoverageByCounty'] as const;
/** One of them. */
export type Question = (typeof QUESTIONS)[number];

/** A request as it is sent: body and bearer token. */
export interface Asked {
  readonly body: string;
  readonly token: string;
}

/** Most different keys of a question. */
const MOST = 4000;
/** Users of one consumer, each with a token. */
const USERS = 24;

const FILES: Readonly<Record<Question, string>> = {
  VerifyBeneficiary: 'verify-beneficiary.graphql',
  HouseholdAcrossPrograms: 'household-across-programs.graphql',
  CoverageByCounty: 'coverage-by-county.graphql',
};

const textOf = (question: Question) =>
  readFileSync(new URL(`../../gateway/e2e/questions/${FILES[question]}`, import.meta.url), 'utf8').replaceAll(/^#.*\n/gm, '');

/** Requests for each question: persons, households and users differ from one to the next, drawn at random from the registries (the same ones in every run). */
export async function drawRequests(country: Country): Promise<Record<Question, Asked[]>> {
  const sql = postgres(country.adminUrl, { max: 1, onnotice: () => {} });
  try {
    return {
      VerifyBeneficiary: await verifications(sql, country),
      HouseholdAcrossPrograms: await households(sql, country),
      CoverageByCounty: await coverages(country),
    };
  } finally {
    await sql.end();
  }
}

/**
 * The verification as a clinic asks it: a registered operation, by its id. Registers it first. The text of the operation is on the server then, and looked at once.
 */
export async function registeredVerifications(country: Country, { VerifyBeneficiary }: Record<Question, Asked[]>): Promise<Asked[]> {
  const text = textOf('VerifyBeneficiary');
  const pool = openPool(country.urls.consent.migratorUrl, 'consent', 1);
  try {
    const use = { consumer: 'clinic', purpose: 'SERVICE_VERIFICATION', name: 'VerifyBeneficiary' };
    await registerOperation(pool, { ...use, text, by: 'bench' });
  } finally {
    await pool.end();
  }
  const documentId = documentIdOf(text);
  return VerifyBeneficiary.map(({ body, token }) => {
    const { variables } = JSON.parse(body) as { variables: object };
    return { body: JSON.stringify({ documentId, variables }), token };
  });
}

const asked = (question: Question, variables: object, token: string): Asked => ({
  body: JSON.stringify({ query: textOf(question), variables, operationName: question }),
  token,
});

/** Tokens of several users of a persona. */
const tokensOf = (country: Country, name: string, purpose: string, users = USERS) =>
  Promise.all(
    Array.from({ length: users }, (_, n) =>
      signDevToken(country.data, { ...PERSONAS[name]!, person: undefined, user: `${name}-${n}`, purposes: [purpose] }),
    ),
  );

/**
 * Persons whose household is insured, and in a small country, where a number would come again before its last attempt is taken back, those of other programs too; with
 * the details that match. Asked by desks of the clinic.
 */
async function verifications(sql: postgres.Sql, country: Country): Promise<Asked[]> {
  // An earlier run that was stopped half-way may have left attempts that nobody took back, and with them locked numbers.
  await sql`truncate persons.verification`;
  const people = await sql<{ type: string; value: string; birth: string; surname: string; program: string }[]>`
    select i.type, i.value, p.birth_date::text as birth, p.surname, coalesce(min(g.code) filter (where g.code = 'SHIS'), min(g.code)) as program
    from programs.enrollment e join programs.program g on g.program_id = e.program_id and not g.sensitive
    join persons.person p on p.person_id = e.person_id and p.status = 'ACTIVE'
    join persons.identifier i on i.person_id = p.person_id
    where e.status = 'ENROLLED' group by 1, 2, 3, 4 order by bool_or(g.code = 'SHIS' and i.type = 'UIN') desc, md5(i.value) limit ${MOST}`;
  const tokens = await tokensOf(country, 'clinic', 'SERVICE_VERIFICATION');
  return people.map(({ type, value, birth, surname, program }, n) =>
    asked('VerifyBeneficiary', { identifier: { type, value }, birthDate: birth, surname, program }, tokens[n % tokens.length]!),
  );
}

/** Households of the whole country in which somebody is enrolled. Each is asked for by a case worker of its county. */
async function households(sql: postgres.Sql, country: Country): Promise<Asked[]> {
  const found = await sql<{ id: string; county: string }[]>`
    select household_id as id, subpath(area_path, 0, 2)::text as county from persons.household
    where cardinality(program_ids) > 0 order by md5(household_id::text) limit ${MOST}`;
  const references = new References(secretOf(country), 'government');
  const tokens = new Map<string, string>();
  for (const county of new Set(found.map((h) => h.county))) {
    tokens.set(
      county,
      await signDevToken(country.data, { ...PERSONAS['case-worker']!, person: undefined, user: `case-worker-${county}`, areas: [county] }),
    );
  }
  return found.map(({ id, county }) => asked('HouseholdAcrossPrograms', { id: references.encode('hh', id) }, tokens.get(county)!));
}

/** The whole country: there is no other key. Asked by officials of the ministry. */
const coverages = async (country: Country): Promise<Asked[]> =>
  (await tokensOf(country, 'official', 'POLICY')).map((token) => asked('CoverageByCounty', { under: 'KE' }, token));

/** The deployment's secret. */
export const secretOf = (country: Pick<Country, 'data'>): Buffer => Buffer.from(readFileSync(country.data.secret, 'utf8'), 'base64');
