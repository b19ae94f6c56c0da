import { randomUUID } from 'node:crypto';
import { References } from '@commonweal/kit';
import { TEST_SECRET, type TestDatabase, type TestSubgraph, testDatabase, testSubgraph } from '@commonweal/kit/testing.ts';
import { type PolicySnapshot, type Principal, personaPrincipal, referenceSnapshot, type SharingPolicy } from '@commonweal/schema';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ID, IDS, tellConsent, tellExamples } from '../examples.ts';
import { consent } from '../index.ts';

let database: TestDatabase;
let registry: TestSubgraph;
const refs = (group: string) => new References(TEST_SECRET, group);
const groupOf = (p: Principal) => (['bank', 'clinic', 'research-lab', 'self-service'].includes(p.consumer) ? p.consumer : 'government');
const con = (as: Principal, id: string, owner: string) => refs(groupOf(as)).encode('con', id, owner);
const per = (as: Principal, id: string) => refs(groupOf(as)).encode('per', id);
const as = personaPrincipal;
const ekiru = as('beneficiary', { person: ID.ekiru });
/** A consumer with two policies: whose consents they are in Turkana, and in Nairobi which consents there are. */
const crossing: Principal = { ...as('case-worker'), consumer: 'two-policies', areas: ['KE'] };
/** A consumer that may withdraw in Turkana without seeing which consents there are, and sees those in Nairobi. */
const blind: Principal = { ...crossing, consumer: 'withdraws-blindly' };

function snapshot(): PolicySnapshot {
  const base = referenceSnapshot({ programs: IDS.programIds, providers: IDS.providerIds });
  const model = base.policies.find((p) => p.consumer === 'county-services')!;
  const policy = (id: string, areas: string[], fieldsOnly: SharingPolicy['fieldsOnly']): SharingPolicy => ({
    ...model,
    id,
    consumer: 'two-policies',
    areas,
    grants: { OPEN: ['READ'], REFERENCE: ['READ'], CONSENT: ['READ'] },
    fieldsOnly,
    actions: [],
  });
  return {
    ...base,
    consumers: {
      ...base.consumers,
      'two-policies': { ...base.consumers['county-services']!, id: 'two-policies' },
      'withdraws-blindly': { ...base.consumers['county-services']!, id: 'withdraws-blindly' },
    },
    policies: [
      ...base.policies,
      policy('00000000-0000-4000-8000-0000000000a1', ['KE.23'], {}),
      policy('00000000-0000-4000-8000-0000000000a2', ['KE.47'], {
        CONSENT: ['ConsentRecordConnection.nodes', 'ConsentRecord.id', 'ConsentRecord.recipient'],
      }),
      {
        ...policy('00000000-0000-4000-8000-0000000000a3', ['KE.23'], {}),
        consumer: 'withdraws-blindly',
        grants: { OPEN: ['READ'], REFERENCE: ['READ'], CONSENT: ['WRITE'] },
        actions: ['consent.withdraw'],
      },
      { ...policy('00000000-0000-4000-8000-0000000000a4', ['KE.47'], {}), consumer: 'withdraws-blindly' },
    ],
  };
}

const seen = async (principal: Principal, filter = ''): Promise<string[] | null> => {
  const answer = await registry.ask(principal, `{ consentRecords${filter} { nodes { id recipient } } }`);
  const list = (answer.data as { consentRecords: { nodes: { recipient: string }[] } | null }).consentRecords;
  return list?.nodes.map((n) => n.recipient).sort() ?? null;
};
const ofPerson = async (principal: Principal, person: string) => {
  const answer = await registry.ask(
    principal,
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { id consents { nodes { recipient } } } } }',
    { r: [{ __typename: 'Person', id: per(principal, person) }] },
  );
  return (answer.data as { _entities: unknown[] })._entities[0];
};
const one = (principal: Principal, id: string, owner: string) =>
  registry.ask(principal, 'query ($id: ID!) { consentRecord(id: $id) { recipient } }', { id: con(principal, id, owner) });
const write = async (principal: Principal, input: object) => {
  const answer = await registry.ask(
    principal,
    'mutation ($key: String!, $input: RecordConsentInput!) { recordConsent(key: $key, input: $input) { consent { id } refusals { code message path } } }',
    { key: randomUUID(), input },
  );
  return answer.errors
    ? answer.errors.map((e) => e.extensions?.code)
    : (answer.data as { recordConsent: { consent: unknown; refusals: unknown } }).recordConsent;
};
const TO_BANK = {
  agreement: 'PAYMENTS',
  agreementVersion: 1,
  recipient: 'bank',
  purpose: 'PAYMENT_DELIVERY',
  categories: ['CONTACT'],
  method: 'PAPER',
};

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await tellExamples(database);
  registry = await testSubgraph(consent, database, snapshot());
});
afterAll(async () => {
  await registry?.stop();
  await database?.drop();
});

describe('whose consents', () => {
  it('a program office sees: those of people in its program, until they leave it', async () => {
    expect(await seen(as('program-admin'))).toEqual(['bank', 'clinic', 'research-lab']);
    expect(await seen(as('program-admin-2'))).toEqual(['clinic']);
    expect((await one(as('program-admin-2'), ID.ekiruToBank, ID.ekiru)).data).toEqual({ consentRecord: null });
    expect(await ofPerson(as('program-admin-2'), ID.ekiru)).toBeNull();
  });

  it('a case worker sees: those of people in their area', async () => {
    expect(await seen(as('case-worker'))).toEqual(['bank', 'clinic', 'clinic']);
    expect((await one(as('case-worker'), ID.wanjiruToResearch, ID.wanjiru)).data).toEqual({ consentRecord: null });
  });

  it('a bank and a clinic see: those that name themselves, as references of their own', async () => {
    expect(await seen(as('bank'))).toEqual(['bank']);
    expect(await seen(as('clinic', { purpose: 'HEALTH_SERVICE' }))).toEqual(['clinic']);
    expect(await ofPerson(as('bank'), ID.ekiru)).toEqual({ id: per(as('bank'), ID.ekiru), consents: { nodes: [{ recipient: 'bank' }] } });
    expect((await one(as('bank'), ID.ekiruToClinic, ID.ekiru)).data).toEqual({ consentRecord: null });
    const foreign = await registry.ask(as('bank'), 'query ($id: ID!) { consentRecord(id: $id) { recipient } }', {
      id: refs('government').encode('con', ID.ekiruToBank, ID.ekiru),
    });
    expect(foreign.data).toEqual({ consentRecord: null });
  });

  it('a person sees: their own', async () => {
    expect(await seen(ekiru)).toEqual(['bank', 'clinic']);
    expect(await ofPerson(ekiru, ID.ekiru)).toMatchObject({
      consents: { nodes: [{ recipient: expect.any(String) }, { recipient: expect.any(String) }] },
    });
    expect(await ofPerson(ekiru, ID.akai)).toBeNull();
  });

  it('an auditor sees: all, by state too; who may not filter hears of none', async () => {
    expect(await seen(as('auditor'))).toHaveLength(4);
    expect(await seen(as('auditor'), '(filter: { status: [EXPIRED] })')).toEqual(['clinic']);
    expect(await seen(as('auditor'), '(filter: { purpose: "RESEARCH" })')).toEqual(['research-lab']);
    expect(await seen(as('auditor'), '(filter: { purpose: null })')).toBeNull();
    expect(await seen(as('case-worker'), '(filter: { status: [EXPIRED] })')).toEqual([]);
  });

  it('officials, researchers, administrators and anybody see: none', async () => {
    for (const persona of ['official', 'analyst', 'system-admin', 'anonymous']) expect(await seen(as(persona))).toBeNull();
  });

  it('one of whose policies tells of whom a consent is sees that in the rows of that policy only', async () => {
    expect(await seen(crossing)).toEqual(['bank', 'clinic', 'clinic', 'research-lab']);
    expect(await ofPerson(crossing, ID.ekiru)).toMatchObject({
      consents: { nodes: [{ recipient: expect.any(String) }, { recipient: expect.any(String) }] },
    });
    expect(await ofPerson(crossing, ID.wanjiru)).toMatchObject({ consents: { nodes: [] } });
  });

  it('answers for a reference between registries as for any other', async () => {
    const ask = (id: string, owner: string) =>
      registry.ask(as('case-worker'), 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on ConsentRecord { id status } } }', {
        r: [{ __typename: 'ConsentRecord', ref: con(as('case-worker'), id, owner), status: 'FORGED' }],
      });
    expect((await ask(ID.ekiruToBank, ID.ekiru)).data).toEqual({
      _entities: [{ id: con(as('case-worker'), ID.ekiruToBank, ID.ekiru), status: 'GIVEN' }],
    });
    expect((await ask(ID.wanjiruToResearch, ID.wanjiru)).data).toEqual({ _entities: [null] });
    expect((await ask(randomUUID(), ID.ekiru)).data).toEqual({ _entities: [null] });
    expect((await ask(ID.ekiruToBank, ID.akai)).data).toEqual({ _entities: [null] });
  });
});

describe('who may write', () => {
  it('refuses a person out of scope and one who does not exist with the same words', async () => {
    const worker = as('case-worker');
    const outside = await write(worker, { ...TO_BANK, person: per(worker, ID.wanjiru) });
    expect(outside).toEqual({
      consent: null,
      refusals: [{ code: 'NOT_AVAILABLE', message: 'There is no such person.', path: ['input', 'person'] }],
    });
    expect(await write(worker, { ...TO_BANK, person: per(worker, randomUUID()) })).toEqual(outside);
    expect(await write(worker, { ...TO_BANK, person: 'per_nonsense' })).toEqual(outside);
    expect(await write(ekiru, { ...TO_BANK, method: 'ONLINE', person: per(ekiru, ID.akai) })).toEqual(outside);
  });

  it('lets a field worker record a consent and read nothing of it back', async () => {
    const worker = as('field-worker');
    expect(await write(worker, { ...TO_BANK, person: per(worker, ID.lokwang) })).toEqual({ consent: null, refusals: null });
    expect(await database.owner('consent')`select 1 from active_grant where person_id = ${ID.lokwang}`).toHaveLength(1);
    expect(await seen(worker)).toBeNull();
  });

  it('lets nobody else write', async () => {
    for (const persona of ['bank', 'clinic', 'program-admin', 'auditor', 'system-admin', 'anonymous']) {
      const principal = as(persona);
      expect(await write(principal, { ...TO_BANK, person: per(principal, ID.ekiru) })).toEqual(['FORBIDDEN_FIELD']);
    }
    expect(await write({ ...as('case-worker'), scopes: ['read'] }, { ...TO_BANK, person: per(as('case-worker'), ID.ekiru) })).toEqual([
      'FORBIDDEN_ACTION',
    ]);
  });

  it('withdraws nobody else’s consent', async () => {
    const withdraw = async (principal: Principal, id: string, owner: string) =>
      (
        await registry.ask(
          principal,
          'mutation ($key: String!, $id: ID!) { withdrawConsent(key: $key, input: { consent: $id }) { consent { id } refusals { code message path } } }',
          { key: randomUUID(), id: con(principal, id, owner) },
        )
      ).data;
    const absent = await withdraw(ekiru, randomUUID(), ID.ekiru);
    expect(absent).toEqual({
      withdrawConsent: {
        consent: null,
        refusals: [{ code: 'NOT_AVAILABLE', message: 'There is no such consent.', path: ['input', 'consent'] }],
      },
    });
    expect(await withdraw(ekiru, ID.wanjiruToResearch, ID.wanjiru)).toEqual(absent);
    expect(await withdraw(as('case-worker'), ID.wanjiruToResearch, ID.wanjiru)).toEqual(absent);
    expect(await withdraw(as('field-worker'), ID.ekiruToClinic, ID.ekiru)).toMatchObject({ withdrawConsent: null });

    // What one policy lets them know of in Nairobi says nothing of Turkana, where the other lets them write.
    expect(await withdraw(blind, ID.ekiruToBank, ID.ekiru)).toEqual(await withdraw(blind, randomUUID(), ID.ekiru));
  });
});

describe('what others may conclude', () => {
  it('never reads a consent to one for one purpose as one to another for it', async () => {
    const sql = database.owner('consent');
    await tellConsent(database, {
      person: ID.wanjiru,
      consent: randomUUID(),
      agreement: 'PAYMENTS',
      recipient: 'bank',
      purpose: 'PAYMENT_DELIVERY',
      categories: ['CONTACT'],
    });
    const rows = await sql`select recipient_id, purpose_id, categories from active_grant where person_id = ${ID.wanjiru} order by 1`;
    expect(rows).toEqual([
      { recipient_id: 'bank', purpose_id: 'PAYMENT_DELIVERY', categories: 4 },
      { recipient_id: 'research-lab', purpose_id: 'RESEARCH', categories: 2 },
    ]);
  });
});
