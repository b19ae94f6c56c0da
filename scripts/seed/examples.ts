import type { GeneratedProvider } from './country/reference.ts';
import type { GeneratedHousehold, GeneratedPerson } from './country/types.ts';

/** A person to show things with. Ids are the registry's own, not references of the API. */
export interface ExamplePerson {
  readonly person: string;
  readonly uin: string;
  readonly birthDate: string;
  readonly surname: string;
  readonly householdId: string;
  /** Code of a program in which the person is enrolled. */
  readonly program: string;
}

/** Whom the playground and the README speak of. The same for the same country. */
export interface Examples {
  /** A head of a household who is paid; in Turkana, by Highland, with consent given, as far as the country has such a person. */
  readonly beneficiary: ExamplePerson | null;
  /** Somebody whose household is insured, for whom a clinic waives the fees. */
  readonly clinic: ExamplePerson | null;
}

/** Looks through households for the examples. */
export interface ExampleSearch {
  look(household: GeneratedHousehold): void;
  found(): Examples;
}

const BEST = 63;
const transfers: ReadonlySet<string> = new Set(['OPCT', 'HSNP']);

/** Starts looking: the first household with the most of what is wished for wins. */
export function searchExamples(providers: readonly GeneratedProvider[], asOf: string): ExampleSearch {
  const highland = providers.find(({ code }) => code === 'HIGHLAND')?.id;
  let beneficiary = { merit: -1, example: null as ExamplePerson | null };
  let clinic = { merit: -1, example: null as ExamplePerson | null };
  return {
    look(household) {
      if (beneficiary.merit < BEST) {
        const found = payee(household, highland);
        if (found !== null && found.merit > beneficiary.merit) beneficiary = found;
      }
      if (clinic.merit < 3) {
        const found = insured(household, asOf);
        if (found !== null && found.merit > clinic.merit) clinic = found;
      }
    },
    found: () => ({ beneficiary: beneficiary.example, clinic: clinic.example }),
  };
}

interface Found {
  readonly merit: number;
  readonly example: ExamplePerson;
}

/** What each wish that is met counts: a more important one more than all that follow it together. */
const merit = (...wishes: boolean[]): number => wishes.reduce((sum, isMet) => sum * 2 + (isMet ? 1 : 0), 0);

const isTurkana = (household: GeneratedHousehold): boolean => household.household.areaCode.startsWith('KE.23.');

function payee(source: GeneratedHousehold, highland: string | undefined): Found | null {
  const { household, enrollments, payments, accounts, consents } = source;
  const person = source.persons.find(({ id }) => id === household.headPersonId);
  if (person === undefined || person.status !== 'ACTIVE') return null;
  const enrollment = enrollments.find((one) => one.personId === person.id && transfers.has(one.programCode) && one.status === 'ENROLLED');
  if (enrollment === undefined) return null;
  const isPaid = payments.some((one) => one.enrollmentId === enrollment.id && one.recipientId === person.id && one.status === 'DELIVERED');
  const account = accounts.find((one) => one.personId === person.id && one.primary && one.status === 'ACTIVE');
  const example = exampleOf(source, person, enrollment.programCode);
  if (!isPaid || example === null) return null;
  const consented = consents.some((one) => one.personId === person.id && one.recipient === 'bank' && one.status === 'GIVEN');
  return {
    merit: merit(
      isTurkana(source),
      account !== undefined && account.providerId === highland,
      consented,
      person.phones.length > 0,
      enrollment.programCode === 'OPCT',
      household.size > 2,
    ),
    example,
  };
}

function insured(source: GeneratedHousehold, asOf: string): Found | null {
  const enrollment = source.enrollments.find((one) => one.programCode === 'SHIS' && one.status === 'ENROLLED');
  const person = source.persons.find(({ id }) => id === enrollment?.personId);
  if (person === undefined || person.status !== 'ACTIVE') return null;
  // Insured now: what the running year entitles to has been issued.
  const isInsured = source.benefits.some(
    (one) => one.enrollmentId === enrollment?.id && one.status === 'ISSUED' && one.validFrom <= asOf && one.validUntil > asOf,
  );
  if (!isInsured) return null;
  const example = exampleOf(source, person, 'SHIS');
  const consented = source.consents.some((one) => one.personId === person.id && one.recipient === 'clinic' && one.status === 'GIVEN');
  return example && { merit: merit(isTurkana(source), consented), example };
}

function exampleOf(source: GeneratedHousehold, { id, birthDate, surname }: GeneratedPerson, program: string): ExamplePerson | null {
  const uin = source.identifiers.find((one) => one.personId === id && one.type === 'UIN')?.value;
  // Somebody registered twice is an example of something else.
  if (uin === undefined || source.duplicates.some(({ personId }) => personId === id)) return null;
  return { person: id, uin, birthDate, surname, householdId: source.household.id, program };
}
