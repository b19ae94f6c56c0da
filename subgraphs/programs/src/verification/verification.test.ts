import { Sealer } from '@commonweal/kit';
import { TEST_SECRET, type TestDatabase, type TestSubgraph, testDatabase, testSubgraph } from '@commonweal/kit/testing.ts';
import { type PolicySnapshot, personaPrincipal } from '@commonweal/schema';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ID, policies, tellExamples } from '../examples.ts';
import { programs } from '../index.ts';

let database: TestDatabase;
let registry: TestSubgraph;
const clinic = personaPrincipal('clinic');
const tickets = new Sealer(TEST_SECRET, 'ticket');
const QUERY =
  'query ($r: [_Any!]!) { _entities(representations: $r) { ... on BeneficiaryVerification { status entitled entitledUntil } } }';
const askWith = (ticket: string, as = clinic) => registry.ask(as, QUERY, { r: [{ __typename: 'BeneficiaryVerification', ticket }] });
const COMPARED = ['Person.birthDate'];
const verify = async (person: string, program: string, matched = true, as = clinic) => {
  const answer = await askWith(tickets.seal({ person, program, matched, compared: COMPARED }, 'verification'), as);
  expect(answer.errors).toBeUndefined();
  return (answer.data!._entities as unknown[])[0];
};
const NOT = { status: 'NOT_ACTIVE', entitled: null, entitledUntil: null };

/** Under one policy a consumer may verify persons of OPCT, by name or day of birth; under the other it hears of the fee waiver and may identify nobody. */
function snapshot(): PolicySnapshot {
  const [consumer, unnamed] = ['verifies-crosswise', 'names-no-program'];
  const { consumers, ...rest } = policies(
    {
      consumer,
      purpose: 'SERVICE_VERIFICATION',
      grants: { IDENTIFIER: ['VERIFY'], NAME: ['VERIFY'], DEMOGRAPHIC: ['VERIFY'], PROGRAM: ['VERIFY'] },
      actions: ['beneficiary.verify'],
      allOrdinaryPrograms: false,
      programs: { OPCT: ID.opct },
    },
    {
      consumer,
      purpose: 'SERVICE_VERIFICATION',
      grants: { PROGRAM: ['VERIFY'], BENEFIT: ['VERIFY'] },
      allOrdinaryPrograms: false,
      programs: { HFW: ID.waiver },
    },
    // May verify, but name no program: that stands in another policy, with nothing else.
    {
      consumer: unnamed,
      purpose: 'SERVICE_VERIFICATION',
      grants: { IDENTIFIER: ['VERIFY'], NAME: ['VERIFY'], DEMOGRAPHIC: ['VERIFY'], PROGRAM: ['VERIFY'] },
      fieldsOnly: { PROGRAM: ['BeneficiaryVerification.status'] },
      actions: ['beneficiary.verify'],
    },
    {
      consumer: unnamed,
      purpose: 'SERVICE_VERIFICATION',
      grants: { PROGRAM: ['VERIFY'] },
      fieldsOnly: { PROGRAM: ['Enrollment.program'] },
    },
  );
  const like = (id: string) => ({ [id]: { ...consumers.clinic!, id } });
  return { ...rest, consumers: { ...consumers, ...like(consumer), ...like(unnamed) } };
}

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await tellExamples(database);
  registry = await testSubgraph(programs, database, snapshot());
});
afterAll(async () => {
  await registry?.stop();
  await database?.drop();
});

describe('verifying a beneficiary', () => {
  it('says whether the person receives now, and whether a fee is waived', async () => {
    expect(await verify(ID.ekiru, 'OPCT')).toEqual({ status: 'ACTIVE', entitled: null, entitledUntil: null });
    expect(await verify(ID.ekiru, 'HFW')).toEqual({ status: 'ACTIVE', entitled: true, entitledUntil: '2099-12-31' });
    expect(await verify(ID.wanjiru, 'OPCT')).toEqual(NOT);
  });

  it('gives one and the same answer for nobody, for somebody else and for details that do not match', async () => {
    expect(await verify(ID.nobody, 'OPCT')).toEqual(NOT);
    expect(await verify(ID.lokwang, 'OPCT')).toEqual(NOT);
    expect(await verify(ID.ekiru, 'OPCT', false)).toEqual(NOT);
    const no = { status: 'NOT_ACTIVE', entitled: false, entitledUntil: null };
    expect(await verify(ID.nobody, 'HFW')).toEqual(no);
    expect(await verify(ID.ekiru, 'HFW', false)).toEqual(no);
  });

  it('puts on record what was told of the person, and of an entitlement only where it was asked for and there can be one', async () => {
    const recorded = async (program: string, fields: string) => {
      const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on BeneficiaryVerification { ${fields} } } }`;
      const ticket = tickets.seal({ person: ID.ekiru, program, matched: true, compared: COMPARED }, 'verification');
      const answer = await registry.ask(clinic, query, { r: [{ __typename: 'BeneficiaryVerification', ticket }] });
      return (answer.extensions!.report as { fields: string[] }).fields.map((f) => f.replace('BeneficiaryVerification.', ''));
    };
    expect(await recorded('HFW', 'status entitled entitledUntil')).toEqual(['entitled', 'entitledUntil', 'status']);
    expect(await recorded('HFW', 'status entitled')).toEqual(['entitled', 'status']);
    expect(await recorded('HFW', 'status')).toEqual(['status']);
    expect(await recorded('OPCT', 'status entitled entitledUntil')).toEqual(['status']);
  });

  it('says so when there is no such program, whoever is asked about, and takes a sensitive one for one that does not exist', async () => {
    const refused = async (person: string, program: string, matched: boolean) => {
      const answer = await askWith(tickets.seal({ person, program, matched, compared: COMPARED }, 'verification'));
      return [answer.data, answer.errors?.map(({ message, extensions }) => [message, extensions?.code, extensions?.argument])];
    };
    const none = await refused(ID.ekiru, 'NONE', true);
    expect(none).toEqual([
      { _entities: [null] },
      [['There is no program with this code, or none that may be verified for this purpose.', 'BAD_USER_INPUT', 'program']],
    ]);
    for (const [person, program, matched] of [
      [ID.ekiru, 'ARTS', true],
      [ID.ekiru, 'opct', false],
      [ID.nobody, 'NONE', false],
    ] as const)
      expect(await refused(person, program, matched)).toEqual(none);
  });

  it('runs the same statements whoever is asked about', async () => {
    const texts = async (person: string, program: string, matched: boolean) => {
      registry.statements.length = 0;
      await askWith(tickets.seal({ person, program, matched, compared: COMPARED }, 'verification'));
      return [...registry.statements];
    };
    const first = await texts(ID.ekiru, 'HFW', true);
    expect(first.length).toBeGreaterThan(0);
    expect(await texts(ID.nobody, 'HFW', false)).toEqual(first);
    expect(await texts(ID.ekiru, 'NONE', false)).toEqual(first);
  });

  it('opens only tickets that the persons registry sealed for this', async () => {
    for (const ticket of [
      'x',
      tickets.seal({ person: ID.ekiru, program: 'OPCT', matched: true, compared: COMPARED }, 'elsewhere'),
      tickets.seal({ person: "'", program: 'OPCT', matched: true, compared: COMPARED }, 'verification'),
      tickets.seal({ person: ID.ekiru, program: 'OPCT', matched: true }, 'verification'),
    ]) {
      expect((await askWith(ticket)).data).toEqual({ _entities: [null] });
    }
  });

  it('does not read benefits for a consumer that may not verify them', async () => {
    registry.statements.length = 0;
    const answer = await registry.ask(
      personaPrincipal('bank', { purpose: 'SERVICE_VERIFICATION' }),
      QUERY.replace(' entitled entitledUntil', ''),
      {
        r: [
          {
            __typename: 'BeneficiaryVerification',
            ticket: tickets.seal({ person: ID.ekiru, program: 'HFW', matched: true, compared: ['PersonName.surname'] }, 'verification'),
          },
        ],
      },
    );
    expect(answer.data).toEqual({ _entities: [{ status: 'ACTIVE' }] });
    expect(registry.statements.join('\n')).toContain('"enrollment"');
    expect(registry.statements.join('\n')).not.toContain('"benefit"');
  });

  it('tells of no program by one policy for a person who was identified by another', async () => {
    const crossing = { ...clinic, consumer: 'verifies-crosswise' };
    expect(await verify(ID.ekiru, 'OPCT', true, crossing)).toEqual({ status: 'ACTIVE', entitled: null, entitledUntil: null });
    expect(await verify(ID.ekiru, 'HFW', true, crossing)).toEqual(await verify(ID.nobody, 'HFW', false, crossing));
    const unnamed = { ...clinic, consumer: 'names-no-program' };
    const status = (await registry.ask(unnamed, QUERY.replace(' entitled entitledUntil', ''), {
      r: [
        {
          __typename: 'BeneficiaryVerification',
          ticket: tickets.seal({ person: ID.ekiru, program: 'OPCT', matched: true, compared: COMPARED }, 'verification'),
        },
      ],
    })) as { data: unknown; errors?: readonly { extensions?: { argument?: unknown } }[] };
    expect([status.data, status.errors?.map((e) => e.extensions?.argument)]).toEqual([{ _entities: [null] }, ['program']]);
  });
});
