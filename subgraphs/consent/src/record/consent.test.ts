import { randomUUID } from 'node:crypto';
import { References } from '@commonweal/kit';
import { TEST_SECRET, type TestDatabase, type TestSubgraph, testDatabase, testSubgraph } from '@commonweal/kit/testing.ts';
import { type Principal, personaPrincipal, referenceSnapshot } from '@commonweal/schema';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ID, IDS, tellConsent, tellExamples } from '../examples.ts';
import { consent } from '../index.ts';
import { agreementHash, REFERENCE_AGREEMENTS } from '../reference/agreements.ts';

let database: TestDatabase;
let registry: TestSubgraph;
const government = new References(TEST_SECRET, 'government');
const citizens = new References(TEST_SECRET, 'self-service');
const caseWorker = personaPrincipal('case-worker');
const lokwang = personaPrincipal('beneficiary', { person: ID.lokwang });

const RECORD = `mutation ($key: String!, $input: RecordConsentInput!) {
  recordConsent(key: $key, input: $input) { consent { id recipient categories status givenBy history { status } agreement { code version } } refusals { code path } }
}`;
const WITHDRAW =
  'mutation ($key: String!, $id: ID!) { withdrawConsent(key: $key, input: { consent: $id }) { consent { status history { status } } refusals { code path } } }';
const PHONE_TO_BANK = {
  agreement: 'PAYMENTS',
  agreementVersion: 1,
  recipient: 'bank',
  purpose: 'PAYMENT_DELIVERY',
  categories: ['CONTACT'],
  method: 'ONLINE',
};

interface Payload {
  readonly consent: { readonly id: string; readonly status: string; readonly history: readonly { status: string }[] } | null;
  readonly refusals: readonly { code: string; path: string[] }[] | null;
}
const record = async (as: Principal, input: object, key: string = randomUUID()): Promise<Payload> => {
  const answer = await registry.ask(as, RECORD, { key, input });
  expect(answer.errors).toBeUndefined();
  return (answer.data as { recordConsent: Payload }).recordConsent;
};
const withdraw = async (as: Principal, id: string): Promise<Payload> => {
  const answer = await registry.ask(as, WITHDRAW, { key: randomUUID(), id });
  expect(answer.errors).toBeUndefined();
  return (answer.data as { withdrawConsent: Payload }).withdrawConsent;
};
/** What another registry sees of a person's consents, in a session of its own. */
const open = (person: string) =>
  database.owner('consent')`select recipient_id, categories from active_grant where person_id = ${person} order by recipient_id`;

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await tellExamples(database);
  registry = await testSubgraph(consent, database, referenceSnapshot({ programs: IDS.programIds, providers: IDS.providerIds }));
});
afterAll(async () => {
  await registry?.stop();
  await database?.drop();
});

describe('giving a consent', () => {
  it('opens what it covers, to whom it names, from its commit', async () => {
    const given = await record(lokwang, PHONE_TO_BANK);
    expect({ ...given, consent: { ...given.consent, id: '' } }).toMatchInlineSnapshot(`
      {
        "consent": {
          "agreement": {
            "code": "PAYMENTS",
            "version": 1,
          },
          "categories": [
            "CONTACT",
          ],
          "givenBy": "SELF",
          "history": [
            {
              "status": "GIVEN",
            },
          ],
          "id": "",
          "recipient": "bank",
          "status": "GIVEN",
        },
        "refusals": null,
      }
    `);
    expect(await open(ID.lokwang)).toEqual([{ recipient_id: 'bank', categories: 4 }]);
  });

  it('writes once for a key, and answers the same', async () => {
    const key = randomUUID();
    const [one, two] = await Promise.all([record(lokwang, PHONE_TO_BANK, key), record(lokwang, PHONE_TO_BANK, key)]);
    expect(two.consent?.id).toBe(one.consent?.id);
    expect((await record(lokwang, { ...PHONE_TO_BANK, categories: ['NAME'] }, key)).refusals?.[0]?.code).toBe('KEY_REUSED');
  });

  it('answers no other person with it, although the same user asks for both', async () => {
    const key = randomUUID();
    const akai = { ...personaPrincipal('beneficiary', { person: ID.akai }), user: lokwang.user };
    expect((await record(lokwang, PHONE_TO_BANK, key)).consent).not.toBeNull();
    expect(await record(akai, PHONE_TO_BANK, key)).toMatchObject({ consent: null, refusals: [{ code: 'KEY_REUSED' }] });
  });

  it('takes the place of the one before it', async () => {
    const wide = await record(lokwang, { ...PHONE_TO_BANK, categories: ['CONTACT', 'NAME'] });
    await record(lokwang, PHONE_TO_BANK);
    expect(await open(ID.lokwang)).toEqual([{ recipient_id: 'bank', categories: 4 }]);
    const answer = await registry.ask(lokwang, 'query ($id: ID!) { consentRecord(id: $id) { status } }', { id: wide.consent?.id });
    expect(answer.data).toEqual({ consentRecord: { status: 'WITHDRAWN' } });
  });

  it('leaves exactly one that holds when two are given at the same time', async () => {
    const all = await Promise.all(
      Array.from({ length: 4 }, (_, i) => record(lokwang, { ...PHONE_TO_BANK, categories: i % 2 ? ['NAME'] : ['CONTACT'] })),
    );
    expect(all.every((p) => p.refusals === null)).toBe(true);
    expect(await open(ID.lokwang)).toHaveLength(1);
  });

  it('withdraws what holds when it is refused', async () => {
    await record(lokwang, PHONE_TO_BANK);
    const refused = await record(lokwang, { ...PHONE_TO_BANK, status: 'REFUSED' });
    expect(refused.consent?.status).toBe('REFUSED');
    expect(await open(ID.lokwang)).toEqual([]);
  });

  it('stays within the agreement', async () => {
    const faults = async (changes: object) => (await record(lokwang, { ...PHONE_TO_BANK, ...changes })).refusals;
    expect(await faults({ agreement: 'NONE' })).toEqual([{ code: 'INVALID', path: ['input', 'agreement'] }]);
    expect(await faults({ recipient: 'research-lab' })).toEqual([{ code: 'INVALID', path: ['input', 'recipient'] }]);
    expect(await faults({ purpose: 'RESEARCH' })).toEqual([{ code: 'INVALID', path: ['input', 'purpose'] }]);
    expect(await faults({ categories: ['HEALTH'] })).toEqual([{ code: 'INVALID', path: ['input', 'categories'] }]);
    expect(await faults({ categories: [] })).toEqual([{ code: 'INVALID', path: ['input', 'categories'] }]);
    for (const validUntil of ['2020-01-01T00:00:00Z', '2099', 'Jan 1 2099 (about)', '2099-01-01T00:00:00+18:00', '+275760-09-13T00:00:00Z'])
      expect(await faults({ validUntil })).toEqual([{ code: 'INVALID', path: ['input', 'validUntil'] }]);
  });

  it('is given or refused, by a person themselves online or by telephone, and by staff for somebody who is named', async () => {
    const faults = async (changes: object) => (await record(lokwang, { ...PHONE_TO_BANK, ...changes })).refusals;
    expect(await faults({ status: 'WITHDRAWN' })).toEqual([{ code: 'INVALID', path: ['input', 'status'] }]);
    for (const method of ['PAPER', 'SPOKEN']) expect(await faults({ method })).toEqual([{ code: 'INVALID', path: ['input', 'method'] }]);
    expect((await record(caseWorker, PHONE_TO_BANK)).refusals).toEqual([{ code: 'INVALID', path: ['input', 'person'] }]);
  });

  it('covers a purpose below one that the agreement names', async () => {
    const study = {
      person: government.encode('per', ID.akai),
      agreement: 'RESEARCH',
      agreementVersion: 1,
      recipient: 'research-lab',
      purpose: 'RESEARCH.HEALTH',
      categories: ['HEALTH'],
      method: 'SPOKEN',
    };
    expect((await record(caseWorker, study)).refusals).toBeNull();
  });

  it('given for another person needs paper, staff and an end', async () => {
    const child = { ...PHONE_TO_BANK, person: government.encode('per', ID.lokwang), givenBy: 'GUARDIAN', method: 'SPOKEN' };
    expect((await record(caseWorker, child)).refusals).toEqual([
      { code: 'INVALID', path: ['input', 'method'] },
      { code: 'INVALID', path: ['input', 'validUntil'] },
    ]);
    expect((await record(lokwang, { ...PHONE_TO_BANK, givenBy: 'PARENT' })).refusals?.map((r) => r.path[1])).toEqual([
      'givenBy',
      'method',
      'validUntil',
    ]);
    const inTenYears = new Date(Date.now() + 3650 * 86_400_000).toISOString();
    expect((await record(caseWorker, { ...child, method: 'PAPER', validUntil: inTenYears })).refusals).toEqual([
      { code: 'INVALID', path: ['input', 'validUntil'] },
    ]);
    const inAMonth = new Date(Date.now() + 30 * 86_400_000).toISOString();
    expect((await record(caseWorker, { ...child, method: 'PAPER', validUntil: inAMonth })).consent?.status).toBe('GIVEN');
  });
});

describe('withdrawing a consent', () => {
  it('closes what it opened, from its commit', async () => {
    const { consent: given } = await record(lokwang, PHONE_TO_BANK);
    expect(await withdraw(lokwang, given!.id)).toEqual({
      consent: { status: 'WITHDRAWN', history: [{ status: 'GIVEN' }, { status: 'WITHDRAWN' }] },
      refusals: null,
    });
    expect(await open(ID.lokwang)).toEqual([]);
    expect((await withdraw(lokwang, given!.id)).refusals).toEqual([{ code: 'NOT_ALLOWED_NOW', path: ['input', 'consent'] }]);
  });

  it('leaves a newer consent in force', async () => {
    const { consent: older } = await record(lokwang, PHONE_TO_BANK);
    await record(lokwang, PHONE_TO_BANK);
    expect((await withdraw(lokwang, older!.id)).refusals?.[0]?.code).toBe('NOT_ALLOWED_NOW');
    expect(await open(ID.lokwang)).toHaveLength(1);
  });

  it('leaves other recipients and purposes as they are', async () => {
    const ekiru = personaPrincipal('beneficiary', { person: ID.ekiru });
    await withdraw(ekiru, citizens.encode('con', ID.ekiruToBank, ID.ekiru));
    expect(await open(ID.ekiru)).toEqual([{ recipient_id: 'clinic', categories: 5 }]);
  });
});

describe('time', () => {
  it('ends a consent without anybody doing anything', async () => {
    expect(await open(ID.akai).then((rows) => rows.filter((r) => r.recipient_id === 'clinic'))).toEqual([]);
    const answer = await registry.ask(
      caseWorker,
      'query ($id: ID!) { consentRecord(id: $id) { status validUntil history { status at } } }',
      { id: government.encode('con', ID.akaiToClinic, ID.akai) },
    );
    expect(answer.data).toEqual({
      consentRecord: {
        status: 'EXPIRED',
        validUntil: '2024-12-31T00:00:00.000Z',
        history: [{ status: 'GIVEN', at: '2024-03-01T08:00:00.000Z' }],
      },
    });
  });

  it('opens until the moment and not after it, in any time zone', async () => {
    const sql = database.owner('consent');
    const until = new Date(Date.now() + 2500).toISOString();
    await tellConsent(database, {
      person: ID.wanjiru,
      consent: randomUUID(),
      agreement: 'PAYMENTS',
      recipient: 'bank',
      purpose: 'PAYMENT_DELIVERY',
      categories: ['CONTACT'],
      until,
    });
    const holds = async (zone: string) =>
      sql.begin(
        async (tx) =>
          (await tx`select set_config('timezone', ${zone}, true)`) &&
          (await tx`select 1 from active_grant where person_id = ${ID.wanjiru} and recipient_id = 'bank'`).length > 0,
      );
    expect([await holds('Pacific/Kiritimati'), await holds('America/New_York')]).toEqual([true, true]);
    await new Promise((r) => setTimeout(r, 2600));
    expect([await holds('Pacific/Kiritimati'), await holds('America/New_York')]).toEqual([false, false]);
  });
});

describe('what the other registries tell', () => {
  const tell = (subject: string, type: string, payload: Record<string, unknown>) =>
    registry.subgraph.receive([{ id: randomUUID(), type, subject, payload }]);

  it('places a person and those who know of them, whatever comes first', async () => {
    const person = randomUUID();
    const row = () =>
      database.owner('consent')`select area_path::text as area, program_ids, provider_ids from subject where person_id = ${person}`;
    await tell(person, 'programs.known', { programs: [ID.hsnp] });
    expect(await row()).toEqual([{ area: '', program_ids: [ID.hsnp], provider_ids: [] }]);
    await tell(person, 'person.registered', { area: 'KE.23.01', household: null });
    await tell(person, 'providers.known', { providers: [ID.highland] });
    await tell(person, 'person.moved', { area: 'KE.47.01', household: null });
    expect(await row()).toEqual([{ area: 'KE.47.01', program_ids: [ID.hsnp], provider_ids: [ID.highland] }]);
    await tell(person, 'programs.known', { programs: [] });
    expect(await row()).toEqual([{ area: 'KE.47.01', program_ids: [], provider_ids: [ID.highland] }]);
  });

  it('moves the consents with the person, out of sight of the area they left', async () => {
    const ask = () =>
      registry.ask(caseWorker, 'query ($id: ID!) { consentRecord(id: $id) { recipient } }', {
        id: government.encode('con', ID.akaiToClinic, ID.akai),
      });
    expect((await ask()).data).toEqual({ consentRecord: { recipient: 'clinic' } });
    await tell(ID.akai, 'person.moved', { area: 'KE.47.01', household: null });
    expect((await ask()).data).toEqual({ consentRecord: null });
  });
});

describe('agreements', () => {
  it('are shown in their current version, with the notice in the language asked for, or in English', async () => {
    const sql = database.owner('consent');
    await sql`insert into agreement select code, 2, controller, lawful_basis, legal_reference, purposes, categories | 32, recipients, retention_days, '{"en": "New text"}', 'cd', now() from agreement where code = 'RESEARCH' and version = 1`;
    const answer = await registry.ask(
      personaPrincipal('anonymous'),
      '{ processingAgreements { nodes { code version lawfulBasis categories notice(language: "sw") } } }',
    );
    expect([answer.errors, registry.logged]).toEqual([undefined, []]);
    const nodes = (answer.data as { processingAgreements: { nodes: { code: string; version: number; notice: string }[] } })
      .processingAgreements.nodes;
    expect(nodes.map((n) => `${n.code} ${n.version} ${n.notice.slice(0, 8)}`)).toEqual([
      'HEALTH 1 Ukikubal',
      'PAYMENTS 1 Benki ya',
      'RESEARCH 2 New text',
    ]);
    expect(
      await registry.ask(caseWorker, 'query ($id: ID!) { consentRecord(id: $id) { agreement { version } } }', {
        id: government.encode('con', ID.wanjiruToResearch, ID.wanjiru),
      }),
    ).toMatchObject({ data: { consentRecord: null } });
    const auditor = personaPrincipal('auditor');
    const kept = await registry.ask(auditor, 'query ($id: ID!) { consentRecord(id: $id) { agreement { version hash } categories } }', {
      id: government.encode('con', ID.wanjiruToResearch, ID.wanjiru),
    });
    // Who consented to the old text consented to nothing that the new one adds.
    const hash = agreementHash(REFERENCE_AGREEMENTS.find((a) => a.code === 'RESEARCH')!);
    expect(kept.data).toEqual({ consentRecord: { agreement: { version: 1, hash }, categories: ['DEMOGRAPHIC'] } });
    expect(await open(ID.wanjiru)).toEqual([{ recipient_id: 'research-lab', categories: 2 }]);
  });

  it('are consented to in the version that the person was shown, and in no newer one that was published meanwhile', async () => {
    const shown = await registry.ask(lokwang, '{ processingAgreements { nodes { code version } } }');
    expect((shown.data as { processingAgreements: { nodes: object[] } }).processingAgreements.nodes).toContainEqual({
      code: 'PAYMENTS',
      version: 1,
    });
    await database.owner(
      'consent',
    )`insert into agreement select code, 2, controller, lawful_basis, legal_reference, purposes, categories, recipients, retention_days, '{"en": "Sold on."}', 'ef', now() from agreement where code = 'PAYMENTS' and version = 1`;
    const kept = () =>
      database.owner('consent')`select agreement_version from consent_record where person_id = ${ID.lokwang} and agreement_version <> 1`;
    const before = await open(ID.lokwang);
    for (const agreementVersion of [1, 3, 0, -1])
      expect(await record(lokwang, { ...PHONE_TO_BANK, agreementVersion })).toEqual({
        consent: null,
        refusals: [{ code: 'CONFLICT', path: ['input', 'agreementVersion'] }],
      });
    expect([await open(ID.lokwang), await kept()]).toEqual([before, []]);
    expect((await record(lokwang, { ...PHONE_TO_BANK, agreementVersion: 2 })).consent).toMatchObject({
      agreement: { code: 'PAYMENTS', version: 2 },
    });
  });
});
