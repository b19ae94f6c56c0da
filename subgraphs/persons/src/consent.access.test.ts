import { randomUUID } from 'node:crypto';
import { References, Sealer } from '@commonweal/kit';
import { TEST_SECRET, type TestDatabase, type TestSubgraph, testDatabase, testSubgraph } from '@commonweal/kit/testing.ts';
import {
  categoriesToMask,
  type PolicySnapshot,
  type Principal,
  personaPrincipal,
  referenceSnapshot,
  type SharingPolicy,
} from '@commonweal/schema';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ID, tellConsent, tellExamples, tellPerson } from './examples.ts';
import { persons } from './index.ts';

let database: TestDatabase;
let registry: TestSubgraph;
const clinic = personaPrincipal('clinic', { purpose: 'SERVICE_VERIFICATION' });
const namely = (consumer: string): Principal => ({ ...clinic, consumer });
const caseWorker: Principal = { ...personaPrincipal('case-worker'), consumer: 'asks-first' };
const NAME = categoriesToMask(['NAME']);
const BIRTH = categoriesToMask(['DEMOGRAPHIC']);

/** Consumers whose policies ask for consent: to compare names, to know of anybody, and to change the places of anybody. */
function snapshot(): PolicySnapshot {
  const base = referenceSnapshot({ programs: { OPCT: ID.opct }, providers: {} });
  const of = (consumer: string, purpose: string) => base.policies.find((p) => p.consumer === consumer && p.purpose === purpose)!;
  const like = (model: SharingPolicy, consumer: string, more: Partial<SharingPolicy>) => ({
    ...model,
    ...more,
    id: randomUUID(),
    consumer,
  });
  const verifying = of('clinic', 'SERVICE_VERIFICATION');
  return {
    ...base,
    consumers: {
      ...base.consumers,
      'compares-names': { ...base.consumers.clinic!, id: 'compares-names' },
      'knows-consenting': { ...base.consumers.clinic!, id: 'knows-consenting' },
      'asks-first': { ...base.consumers['county-services']!, id: 'asks-first' },
    },
    policies: [
      ...base.policies,
      like(verifying, 'compares-names', { consentClasses: ['NAME'] }),
      like(verifying, 'knows-consenting', { consentForRows: true }),
      like(of('county-services', 'CASE_MANAGEMENT'), 'asks-first', { consentForRows: true }),
    ],
  };
}

let number = 80_000_000;
async function somebody() {
  const uin = String(number++);
  return { uin, id: await tellPerson(database, { birth: '1960-01-01', surname: 'Eyanae', uin }) };
}
/** Whether the details were found to match, as only the registries can read it. */
async function matched(as: Principal, uin: string, details: { birthDate?: string; surname?: string }): Promise<boolean> {
  const answer = await registry.ask(
    as,
    'query ($uin: String!, $birthDate: Date, $surname: String) { verifyBeneficiary(identifier: { type: UIN, value: $uin }, birthDate: $birthDate, surname: $surname, program: "OPCT") { ticket } }',
    { uin, ...details },
  );
  expect({ errors: answer.errors, logged: registry.logged }).toEqual({ errors: undefined, logged: [] });
  const { ticket } = answer.data!.verifyBeneficiary as { ticket: string };
  return (new Sealer(TEST_SECRET, 'ticket').open(ticket, 'verification') as { matched: boolean }).matched;
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

describe('who verifies under a policy that asks for consent', () => {
  it('to names compares the names of those only who consent to it, and days of birth of all', async () => {
    const [silent, willing, other] = [await somebody(), await somebody(), await somebody()];
    await tellConsent(database, willing.id, 'compares-names', 'SERVICE_VERIFICATION', NAME);
    await tellConsent(database, other.id, 'compares-names', 'SERVICE_VERIFICATION', BIRTH);
    const by = (uin: string, details: object) => matched(namely('compares-names'), uin, details);
    expect(await by(willing.uin, { surname: 'Eyanae' })).toBe(true);
    expect(await by(silent.uin, { surname: 'Eyanae' })).toBe(false);
    expect(await by(other.uin, { surname: 'Eyanae' })).toBe(false);
    expect(await by(silent.uin, { birthDate: '1960-01-01', surname: 'Eyanae' })).toBe(false);
    expect(await by(silent.uin, { birthDate: '1960-01-01' })).toBe(true);
  });

  it('to know of anybody finds those who consent, and nobody else', async () => {
    const [silent, willing] = [await somebody(), await somebody()];
    await tellConsent(database, willing.id, 'knows-consenting', 'SERVICE_VERIFICATION', NAME);
    expect(await matched(namely('knows-consenting'), willing.uin, { birthDate: '1960-01-01' })).toBe(true);
    expect(await matched(namely('knows-consenting'), silent.uin, { birthDate: '1960-01-01' })).toBe(false);
  });
});

describe('who changes places under a policy that asks for consent', () => {
  it('changes those of persons who consent, and of nobody else', async () => {
    const per = (id: string) => new References(TEST_SECRET, 'government').encode('per', id);
    const register = async (person: string) => {
      const answer = await registry.ask(
        caseWorker,
        'mutation ($key: String!, $input: RegisterHouseholdInput!) { registerHousehold(key: $key, input: $input) { refusals { code path } } }',
        { key: randomUUID(), input: { area: 'KE.23.01', members: [{ person: per(person), relationship: 'HEAD' }] } },
      );
      expect({ errors: answer.errors, logged: registry.logged }).toEqual({ errors: undefined, logged: [] });
      return (answer.data!.registerHousehold as { refusals: unknown }).refusals;
    };
    const [silent, willing] = [await somebody(), await somebody()];
    await tellConsent(database, willing.id, 'asks-first', 'CASE_MANAGEMENT', NAME);
    expect(await register(willing.id)).toBeNull();
    expect(await register(silent.id)).toEqual([{ code: 'NOT_AVAILABLE', path: ['input', 'members', '0', 'person'] }]);
    const leave = await registry.ask(
      caseWorker,
      'mutation ($key: String!, $input: ChangeMembershipInput!) { changeMembership(key: $key, input: $input) { refusals { code path } } }',
      { key: randomUUID(), input: { person: per(silent.id), validFrom: '2024-01-01' } },
    );
    expect(leave).toMatchObject({ data: { changeMembership: { refusals: [{ code: 'NOT_AVAILABLE', path: ['input', 'person'] }] } } });
  });
});
