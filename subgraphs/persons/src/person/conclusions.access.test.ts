import { References } from '@commonweal/kit';
import { TEST_SECRET, type TestDatabase, type TestSubgraph, testDatabase, testSubgraph } from '@commonweal/kit/testing.ts';
import { type PolicySnapshot, type Principal, personaPrincipal, referenceSnapshot, type SharingPolicy } from '@commonweal/schema';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ID, tellExamples } from '../examples.ts';
import { persons } from '../index.ts';

/** What may be concluded from answers that hold nothing hidden: by searching, by asking for one day after another, by taking somebody else's place in a list. */

let database: TestDatabase;
let registry: TestSubgraph;
const government = new References(TEST_SECRET, 'government');
const caseWorker = personaPrincipal('case-worker');
/** A consumer that may look for numbers in Turkana, and sees names in Nairobi. */
const crossing: Principal = { ...caseWorker, consumer: 'two-policies', areas: ['KE'] };
/** A consumer that sees who lives with whom, and not since when. */
const dayless: Principal = { ...caseWorker, consumer: 'no-days' };

function snapshot(): PolicySnapshot {
  const base = referenceSnapshot({ programs: { OPCT: ID.opct, HSNP: ID.hsnp }, providers: { HIGHLAND: ID.highland } });
  const model = base.policies.find((p) => p.consumer === 'county-services')!;
  const policy = (n: number, consumer: string, area: string, grants: SharingPolicy['grants']): SharingPolicy => ({
    ...model,
    id: `00000000-0000-4000-8000-0000000000a${n}`,
    consumer,
    areas: [area],
    grants: { OPEN: ['READ'], REFERENCE: ['READ'], ...grants },
    actions: [],
  });
  const likeCaseWorkers = (id: string) => ({ [id]: { ...base.consumers['county-services']!, id } });
  return {
    ...base,
    consumers: { ...base.consumers, ...likeCaseWorkers('two-policies'), ...likeCaseWorkers('no-days') },
    policies: [
      ...base.policies,
      policy(1, 'two-policies', 'KE.23', { CONTACT: ['READ'], IDENTIFIER: ['VERIFY'] }),
      policy(2, 'two-policies', 'KE.47', { NAME: ['READ'] }),
      {
        ...policy(3, 'no-days', 'KE.23', { HOUSEHOLD: ['READ'] }),
        fieldsOnly: { HOUSEHOLD: ['Household.members', 'MembershipConnection.nodes', 'Membership.relationship'] },
      },
    ],
  };
}

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await tellExamples(database);
  registry = await testSubgraph(persons, database, snapshot());
});
afterAll(async () => {
  await registry?.stop();
  await database?.drop();
});

describe('a number', () => {
  it('of somebody out of reach takes the same steps as one of nobody: not even the time tells that somebody has it', async () => {
    const look = async (value: string) => {
      const { data, errors, extensions } = await registry.ask(
        caseWorker,
        `{ personByIdentifier(identifier: { type: UIN, value: "${value}" }) { name { surname } } }`,
      );
      return { data, errors, statements: (extensions!.report as { statements: number }).statements };
    };
    expect((await look('11111111')).data).toEqual({ personByIdentifier: { name: { surname: 'Ekiru' } } });
    const far = await look('33333333');
    expect(far.data).toEqual({ personByIdentifier: null });
    expect(await look('98765432')).toEqual(far);
  });

  it('is looked for only in the rows in which it may be: of two policies, who may look in Turkana finds nobody in Nairobi', async () => {
    const look = async (value: string) =>
      (await registry.ask(crossing, `{ personByIdentifier(identifier: { type: UIN, value: "${value}" }) { name { surname } phones } }`))
        .data;
    expect(await look('11111111')).toEqual({ personByIdentifier: { name: null, phones: ['+254711000001'] } });
    expect(await look('33333333')).toEqual({ personByIdentifier: null });
  });
});

describe('the members of a household', () => {
  const members = async (principal: Principal, args: string) =>
    (
      (
        await registry.ask(
          principal,
          `{ household(id: "${government.encode('hh', ID.ekiruHousehold)}") { members${args} { nodes { relationship } } } }`,
        )
      ).data as { household: { members: { nodes: object[] } } }
    ).household.members.nodes.length;

  it('on a day are told to whom the days are told: else day after day would tell since when somebody lives there', async () => {
    expect([await members(caseWorker, ''), await members(caseWorker, '(asOf: "2026-01-01")')]).toEqual([2, 2]);
    expect([await members(dayless, ''), await members(dayless, '(asOf: "2026-01-01")')]).toEqual([2, 0]);
  });
});

describe('a cursor', () => {
  const list = 'query ($after: String) { persons(first: 1, after: $after) { pageInfo { endCursor } } }';
  const code = async (principal: Principal, query: string, after: string) =>
    (await registry.ask(principal, query, { after })).errors?.[0]?.extensions?.code ?? null;

  it('is of one user of one consumer for one purpose', async () => {
    const office = personaPrincipal('program-admin');
    const cursor = async (of: Principal) =>
      ((await registry.ask(of, list)).data as { persons: { pageInfo: { endCursor: string } } }).persons.pageInfo.endCursor;
    const [worker, officer] = [await cursor(caseWorker), await cursor(office)];
    expect([await code(caseWorker, list, worker), await code(office, list, officer)]).toEqual([null, null]);
    for (const [other, taken] of [
      [{ ...caseWorker, user: 'colleague' }, worker],
      [{ ...office, purpose: 'PROGRAM_MANAGEMENT.ELIGIBILITY' }, officer],
      [{ ...office, consumer: 'hsnp-office' }, officer],
    ] as const)
      expect({ other, code: await code(other, list, taken) }).toEqual({ other, code: 'INVALID_CURSOR' });
  });

  it('is of one household', async () => {
    const wide = { ...caseWorker, areas: ['KE'] };
    const members = (household: string) =>
      `query ($after: String) { household(id: "${government.encode('hh', household)}") { members(first: 1, after: $after) { pageInfo { endCursor } } } }`;
    const { data } = await registry.ask(wide, members(ID.ekiruHousehold));
    const cursor = (data as { household: { members: { pageInfo: { endCursor: string } } } }).household.members.pageInfo.endCursor;
    expect(await code(wide, members(ID.ekiruHousehold), cursor)).toBeNull();
    expect(await code(wide, members(ID.wanjiruHousehold), cursor)).toBe('INVALID_CURSOR');
  });
});
