import { References } from '@commonweal/kit';
import { print } from 'graphql';
import {
  CoverageByCountyDocument,
  EnrolledInMyProgramDocument,
  HouseholdAcrossProgramsDocument,
  PublicProgramsDocument,
  RegisterPersonDocument,
  VerifyBeneficiaryDocument,
} from '../generated/operations.ts';
import type { TestSystem } from '../system.ts';

/** What somebody asks, and may ask again: the answer stays the same. */
export interface Question {
  readonly persona: string;
  readonly purpose?: string;
  readonly person?: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Sent by its id. */
  readonly isRegistered?: boolean;
  /** Times that it may be asked in one storm: more attempts would lock the number. */
  readonly most?: number;
  /** What cannot be missing in a right answer, from the tables themselves. */
  readonly holds?: string;
}

/** A query without what is another one each time it is asked: references of attempts, moments, sealed cursors. */
const steady = (query: string) => query.replace(/\b(reference|verifiedAt|endCursor|asOf)\n/g, '');
const VERIFY = steady(print(VerifyBeneficiaryDocument));
const VERIFY_BY_NAME =
  'query ByName($identifier: IdentifierInput!, $surname: String, $program: String!) { areas(under: "KE") { nodes { code } } verifyBeneficiary(identifier: $identifier, surname: $surname, program: $program) { status } }';
const HOUSEHOLD = print(HouseholdAcrossProgramsDocument);
const ME =
  '{ me { id name { full } birthDate enrollments { nodes { status program { code } } } payments(first: 5) { nodes { id dueOn delivered { amount } } } } }';
const DELIVER =
  'query Deliver($after: Int!) { payments(filter: { status: [PENDING, SENT] }, first: $after) { nodes { id dueOn recipient { name { full } phones } account { number } } } }';

/** The questions that are also registered, by who may send their ids. */
export const REGISTERED = [
  { consumer: 'clinic', purpose: 'SERVICE_VERIFICATION', name: 'VerifyBeneficiary', text: VERIFY },
  { consumer: 'bank', purpose: 'PAYMENT_DELIVERY', name: 'Deliver', text: DELIVER },
] as const;

/** Many questions of many callers, most about somebody else than the others. */
export async function questionsOf({ database, secret }: TestSystem): Promise<Question[]> {
  const people = (await database.owner('persons')`
    select p.person_id as id, i.value, p.birth_date::text as "birthDate", p.surname from person p
    join identifier i on i.person_id = p.person_id and i.type = 'UIN' where p.status = 'ACTIVE' order by p.person_id`) as unknown as readonly Somebody[];
  const enrolled = (await database.owner('programs')`
    select distinct on (1) e.person_id as id, p.code, e.status = 'ENROLLED' as receives from enrollment e join program p using (program_id)
    where not p.sensitive order by 1, 3 desc, 2`) as unknown as readonly Enrolled[];
  const programs = new Map(enrolled.map((e) => [e.id, e]));
  const receiving = people.filter((p) => programs.has(p.id));
  const verify = (p: Somebody, n: number): Question => {
    const { code, receives } = programs.get(p.id)!;
    const isWrong = n % 7 === 6;
    const variables = { identifier: { type: 'UIN', value: p.value }, program: code };
    const surname = isWrong ? 'Nobody' : p.surname;
    const common = { purpose: 'SERVICE_VERIFICATION', most: 3, holds: receives && !isWrong ? '"ACTIVE"' : '"NOT_ACTIVE"' };
    if (n % 3 === 0) return { ...common, persona: 'bank', query: VERIFY_BY_NAME, variables: { ...variables, surname } };
    return {
      ...common,
      persona: 'clinic',
      query: VERIFY,
      variables: { ...variables, surname, birthDate: p.birthDate },
      isRegistered: n % 2 === 0,
    };
  };
  const households = await database.owner('persons')`
    select household_id as id from household where area_path <@ 'KE.23' order by household_id limit 8`;
  return [
    ...receiving.slice(0, 60).map(verify),
    ...households.flatMap(({ id }) => {
      const variables = { id: new References(secret, 'government').encode('hh', id as string) };
      return ['case-worker', 'program-admin-2', 'bank'].map((persona) => ({ persona, query: HOUSEHOLD, variables }));
    }),
    ...receiving.slice(0, 20).map(({ id, birthDate }) => ({ persona: 'beneficiary', person: id, query: ME, holds: birthDate })),
    ...['official', 'analyst'].flatMap((persona) =>
      ['KE', 'KE.23', 'KE.47'].map((under) => ({ persona, query: steady(print(CoverageByCountyDocument)), variables: { under } })),
    ),
    ...['program-admin', 'program-admin-2', 'case-worker'].map((persona) => ({
      persona,
      query: steady(print(EnrolledInMyProgramDocument)),
      variables: { program: 'OPCT' },
    })),
    ...[3, 5, 8].flatMap((after) =>
      [true, false].map((isRegistered) => ({ persona: 'bank', query: DELIVER, variables: { after }, isRegistered })),
    ),
    { persona: 'clinic', purpose: 'HEALTH_SERVICE', query: '{ persons(first: 5) { nodes { name { full } phones } } }' },
    { persona: 'analyst', query: '{ persons { nodes { id } } }' },
    { persona: 'case-worker', query: '{ persons(filter: { sex: [MALE] }, first: 3) { nodes { id incomeLevel name { full } } } }' },
    { persona: 'anonymous', query: print(PublicProgramsDocument) },
    { persona: 'anonymous', query: '{ programs(first: 2) { nodes { code } } }' },
  ];
}

interface Enrolled {
  readonly id: string;
  readonly code: string;
  readonly receives: boolean;
}

interface Somebody {
  readonly id: string;
  readonly value: string;
  readonly birthDate: string;
  readonly surname: string;
}

const REGISTER = print(RegisterPersonDocument);

/** A write that nobody else does, with a key of its own; of a woman, since a question is about men. */
export const registering = (number: number): Question => ({
  persona: 'field-worker',
  query: REGISTER,
  variables: {
    key: `storm-write-${number}`,
    input: {
      // No digits stand in a name.
      name: { surname: `Storm${String(number).replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!)}`, given: 'Nakiru' },
      sex: 'FEMALE',
      birthDate: '1958-03-14',
      area: 'KE.23.02',
    },
  },
});
