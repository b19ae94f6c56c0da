import { generateKeyPairSync } from 'node:crypto';
import { openPool, type Pool } from '@commonweal/kit';
import { type TestDatabase, type TestSubgraph, testCatalog, testDatabase, testSubgraph } from '@commonweal/kit/testing.ts';
import { checkPolicy, decide, personaPrincipal, REFERENCE_CONSUMERS, REFERENCE_POLICIES, referenceSnapshot } from '@commonweal/schema';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ID, IDS, tellExamples } from '../examples.ts';
import { consent } from '../index.ts';
import { seedReference } from '../reference.ts';
import { suspendConsumer } from './publish.ts';
import { type ConsentRegistrar, createRegistrar } from './registrar.ts';

let database: TestDatabase;
let pool: Pool;
let registrar: ConsentRegistrar;
const catalog = testCatalog();
const snapshot = async () => (await registrar.policies(null))!;

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await tellExamples(database);
  pool = openPool(database.urls.consent.appUrl, 'consent', 4);
  registrar = createRegistrar(pool, { catalog, sealKey: generateKeyPairSync('ed25519').privateKey, sealEvery: 0 });
});
afterAll(async () => {
  await registrar?.stop();
  await pool?.end();
  await database?.drop();
});

/** Publishes a copy of a policy with changes, by SQL as the owner of the table. */
const publish = (changes: Record<string, unknown>, consumer = 'bank') => {
  const sql = database.owner('consent');
  const texts = (list: unknown) => sql`${list as string[]}::text[]`;
  const c = {
    grants: { OPEN: ['READ'] },
    fields: {},
    actions: [],
    purpose: 'PAYMENT_DELIVERY',
    status: 'PUBLISHED',
    by: 'a',
    approved: 'b',
    ...changes,
  };
  return sql`
    insert into sharing_policy (policy_id, consumer_id, purpose_id, lawful_basis, areas, programs, program_codes, all_ordinary_programs, providers, all_providers, self_only, grants, fields_only,
      actions, consent_classes, consent_for_rows, disclosure, valid_from, status, created_by, approved_by)
    values (gen_random_uuid(), ${consumer}, ${c.purpose}, 'CONTRACT', '{}', '{}', '{}', false, '{}', false, false, ${JSON.stringify(c.grants)}::text::jsonb, ${JSON.stringify(c.fields)}::text::jsonb,
      ${texts(c.actions)}, '{}', false, 'HIDE', now(), ${c.status}, ${c.by}, ${c.approved})`;
};

describe('the policies', () => {
  it('are what was seeded, and decide as the reference does', async () => {
    const { consumers, policies, epoch } = await snapshot();
    expect([Object.keys(consumers).length, policies.length, epoch]).toEqual([REFERENCE_CONSUMERS.length, REFERENCE_POLICIES.length, 2]);
    expect(consumers.bank).toEqual({
      id: 'bank',
      kind: 'payment_provider',
      name: 'Highland Savings Bank',
      outsideGovernment: true,
      provider: ID.highland,
      suspended: false,
      operations: 'ANY',
    });
    const reference = referenceSnapshot({ programs: IDS.programIds, providers: IDS.providerIds });
    const now = new Date();
    for (const persona of ['program-admin', 'case-worker', 'bank', 'clinic', 'auditor', 'beneficiary']) {
      const principal = personaPrincipal(persona, { person: ID.ekiru });
      const of = (s: typeof reference) =>
        decide(catalog, s, principal, now).alternatives.map((a) => ({
          ...a,
          policy: '',
          uses: '',
          bits: Object.values(a.uses).map((u) => [...u.words]),
        }));
      expect(of(await snapshot())).toEqual(of(reference));
    }
  });

  it('are read again only after the epoch was raised', async () => {
    const { epoch } = await snapshot();
    expect(await registrar.policies(epoch)).toBeNull();
    await seedReference(database.owner('consent'), IDS);
    expect(await registrar.policies(epoch)).toBeNull();
    await suspendConsumer(database.owner('consent'), 'bank', true);
    const next = await registrar.policies(epoch);
    expect([next?.epoch, next?.consumers.bank?.suspended]).toEqual([epoch + 1, true]);
    expect(decide(catalog, next!, personaPrincipal('bank'), new Date()).alternatives).toEqual([]);
    await suspendConsumer(database.owner('consent'), 'bank', false);
  });

  it('are one state: a change that is under way is not seen in part', async () => {
    const sql = database.owner('consent');
    const before = await snapshot();
    let inside: Awaited<ReturnType<typeof snapshot>> | undefined;
    await sql.begin(async (tx) => {
      await tx`update consumer set suspended = true where consumer_id = 'clinic'`;
      await tx`insert into policy_epoch (epoch, reason) select max(epoch) + 1, 'example' from policy_epoch`;
      inside = await snapshot();
      await tx`update consumer set suspended = false where consumer_id = 'clinic'`;
    });
    expect(inside).toEqual(before);
    expect((await snapshot()).epoch).toBe(before.epoch + 1);
  });

  it('come without drafts and without what was retired', async () => {
    const { policies } = await snapshot();
    await publish({ status: 'DRAFT', approved: null });
    await publish({ status: 'RETIRED' });
    expect((await snapshot()).policies).toHaveLength(policies.length);
  });
});

describe('the ceiling', () => {
  const bank = {
    purpose: 'PAYMENT_DELIVERY',
    grants: {},
    fieldsOnly: {},
    actions: [],
    consentClasses: [],
    disclosure: 'HIDE',
    selfOnly: false,
  } as const;
  const check = (changes: object) => checkPolicy(catalog, { ...bank, ...changes }, { kind: 'payment_provider' });

  it('holds for every reference policy', () => {
    for (const p of REFERENCE_POLICIES)
      expect([
        p.consumer,
        checkPolicy(
          catalog,
          p,
          REFERENCE_CONSUMERS.find((c) => c.id === p.consumer),
        ),
      ]).toEqual([p.consumer, []]);
  });

  it('says what is above it', () => {
    expect(check({ grants: { IDENTIFIER: ['READ'], HEALTH: ['READ'] } })).toEqual([
      'IDENTIFIER READ is above the ceiling of payment_provider.',
      'HEALTH READ is above the ceiling of payment_provider.',
    ]);
    expect(check({ actions: ['person.register'] })).toEqual(['person.register is above the ceiling of payment_provider.']);
    expect(check({ purpose: 'RESEARCH' })).toEqual(['RESEARCH is no purpose of a consumer of kind payment_provider.']);
    expect(check({ grants: { NAME: ['READ'] }, fieldsOnly: { NAME: ['Person.phones'] } })).toEqual([
      'Person.phones is no field of the class NAME.',
    ]);
    expect(check({ consentClasses: ['IDENTIFIER'] })).toEqual(['No consent can open the class IDENTIFIER.']);
    expect(check({ disclosure: 'DENY' })).toEqual(['What a consumer of kind payment_provider may not see is hidden from it.']);
    expect(checkPolicy(catalog, bank, undefined)).toEqual(['The consumer is not known.']);
    // Of the class, and kept from this kind of consumer all the same.
    expect(
      checkPolicy(
        catalog,
        {
          ...bank,
          purpose: 'SELF_SERVICE',
          grants: { IDENTIFIER: ['READ'] },
          fieldsOnly: { IDENTIFIER: ['Identifier.lastFour', 'Identifier.value'] },
        },
        { kind: 'beneficiary' },
      ),
    ).toEqual(['Identifier.value is above the ceiling of beneficiary.']);
  });

  it('says what is no purpose, no class and no use at all', () => {
    expect(check({ purpose: 'SALE' })).toEqual(['SALE is no purpose.']);
    expect(check({ grants: { NAMES: ['READ'] } })).toEqual(['NAMES is no access class.']);
    expect(check({ grants: { NAME: ['SELL'] } })).toEqual(['SELL is no use.']);
    expect(check({ consentClasses: ['PHONE'] })).toEqual(['PHONE is no access class.']);
  });

  it('holds in the database, whoever writes', async () => {
    await expect(publish({ grants: { IDENTIFIER: ['READ'] } })).rejects.toMatchObject({ code: '23514' });
    await expect(publish({ actions: ['person.register'] })).rejects.toMatchObject({ code: '23514' });
    await expect(publish({ purpose: 'RESEARCH' })).rejects.toMatchObject({ code: '23514' });
    await expect(publish({ fields: { NAME: ['Person.phones'] } })).rejects.toMatchObject({ code: '23514' });
    await expect(publish({ grants: { NAME: ['READ'] }, purpose: 'ADMINISTRATION' }, 'operations')).rejects.toMatchObject({ code: '23514' });
    const sql = database.owner('consent');
    await expect(
      sql`update sharing_policy set grants = grants || '{"SCORE": ["READ"]}' where consumer_id = 'bank' and status = 'PUBLISHED'`,
    ).rejects.toMatchObject({ code: '23514' });
  });

  it('needs two people for a publication', async () => {
    await expect(publish({ by: 'a', approved: 'a' })).rejects.toMatchObject({ code: '23514' });
    await expect(publish({ approved: null })).rejects.toMatchObject({ code: '23514' });
  });
});

describe('in the graph', () => {
  let registry: TestSubgraph;
  beforeAll(async () => {
    registry = await testSubgraph(consent, database, referenceSnapshot({ programs: IDS.programIds, providers: IDS.providerIds }));
  });
  afterAll(() => registry?.stop());

  it('an administrator reads consumers and policies', async () => {
    const answer = await registry.ask(
      personaPrincipal('system-admin'),
      '{ consumers(first: 2) { nodes { code kind suspended } } sharingPolicies(consumer: "clinic", first: 1) { nodes { consumer { code } purpose areas allOrdinaryPrograms grants actions consentClasses disclosure } } }',
    );
    expect(answer).toMatchInlineSnapshot(`
      {
        "data": {
          "consumers": {
            "nodes": [
              {
                "code": "anonymous",
                "kind": "anonymous",
                "suspended": false,
              },
              {
                "code": "bank",
                "kind": "payment_provider",
                "suspended": false,
              },
            ],
          },
          "sharingPolicies": {
            "nodes": [
              {
                "actions": [],
                "allOrdinaryPrograms": true,
                "areas": [
                  "KE",
                ],
                "consentClasses": [
                  "NAME",
                  "CONTACT",
                  "DISABILITY",
                ],
                "consumer": {
                  "code": "clinic",
                },
                "disclosure": "HIDE",
                "grants": [
                  "OPEN READ",
                  "NAME READ",
                  "REFERENCE READ",
                  "CONTACT READ",
                  "DISABILITY READ",
                  "CONSENT READ",
                ],
                "purpose": "HEALTH_SERVICE",
              },
            ],
          },
        },
        "extensions": {
          "report": {
            "fields": [
              "Consumer.code",
              "Consumer.kind",
              "Consumer.suspended",
              "SharingPolicy.actions",
              "SharingPolicy.allOrdinaryPrograms",
              "SharingPolicy.areas",
              "SharingPolicy.consentClasses",
              "SharingPolicy.consumer",
              "SharingPolicy.disclosure",
              "SharingPolicy.grants",
              "SharingPolicy.purpose",
            ],
            "persons": [],
            "rows": 3,
            "searched": [],
            "statements": 2,
            "subgraph": "consent",
            "withheld": {},
          },
        },
      }
    `);
  });

  it('nobody else reads them', async () => {
    for (const persona of ['case-worker', 'bank', 'program-admin', 'beneficiary']) {
      const answer = await registry.ask(
        personaPrincipal(persona, { person: ID.ekiru }),
        '{ consumers { nodes { code } } sharingPolicies { nodes { grants } } }',
      );
      expect(answer.data).toEqual({ consumers: null, sharingPolicies: null });
    }
  });
});
