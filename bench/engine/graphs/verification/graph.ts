import { type BenchGraph, fileBeside } from '../graph.ts';

const file = (name: string) => fileBeside(import.meta.url, name);

/** Different persons who are asked for. */
const PERSONS = 500;
const PROGRAMS = [
  { code: 'SHIS', name: 'Social Health Insurance Subsidy' },
  { code: 'OPCT', name: 'Older Persons Cash Transfer' },
  { code: 'HSNP', name: 'Hunger Safety Net' },
];

/** Everybody has as long a number, so that all answers are of one length. */
const numberOf = (n: number) => String(10_000_000 + (n % PERSONS));

const person = (number: string) => ({
  id: `person-${number}`,
  number,
  name: { given: 'Nekesa', surname: 'Barasa' },
  birthDate: '1984-03-02',
  sex: 'FEMALE',
  status: 'ACTIVE',
  address: { county: 'KE.23.101', ward: 'KE.23.101.0007' },
});

const enrollments = () =>
  PROGRAMS.map((program, n) => ({
    program,
    status: n === 2 ? 'ENDED' : 'ENROLLED',
    since: `202${n}-07-01`,
    validUntil: n ? null : '2027-06-30',
  }));

const payments = ({ id }: { id: string }, { last }: { last: number | null }) =>
  Array.from({ length: last ?? 3 }, (_, n) => ({
    reference: `${id}-2026-0${n + 1}`,
    amount: 2000 + n / 2,
    currency: 'KES',
    paidOn: `2026-0${n + 1}-05`,
    state: 'DELIVERED',
  }));

const self = ({ id }: { id: string }) => ({ id });

/** A question as a registry is asked it all day: one person, three subgraphs, a thousand bytes, another person each time. */
export const verification: BenchGraph = {
  name: 'verification',
  query: file('query.graphql'),
  variables: (n) => ({ number: numberOf(n) }),
  different: PERSONS,
  subgraphs: {
    people: {
      sdl: file('people.graphql'),
      entities: { Person: ({ id }: { id: string }) => person(id.slice('person-'.length)) },
      fields: { 'Query.verify': (_: never, { number }: { number: string }) => person(number) },
    },
    enrollments: { sdl: file('enrollments.graphql'), entities: { Person: self }, fields: { 'Person.enrollments': enrollments } },
    payments: { sdl: file('payments.graphql'), entities: { Person: self }, fields: { 'Person.payments': payments } },
  },
};
