import { References } from '@commonweal/kit';
import { TEST_SECRET, type TestDatabase, type TestSubgraph, testDatabase, testSubgraph } from '@commonweal/kit/testing.ts';
import {
  categoriesToMask,
  type PolicySnapshot,
  type Principal,
  personaPrincipal,
  referenceSnapshot,
  type SharingPolicy,
} from '@commonweal/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { ID, tellConsent, tellExamples } from '../examples.ts';
import { persons } from '../index.ts';

let database: TestDatabase;
let registry: TestSubgraph;
const government = new References(TEST_SECRET, 'government');
const reference = (id: string, group = government) => group.encode('per', id);

/** A consumer whose two policies give different fields in different areas. */
const CROSS = personaPrincipal('case-worker');
const crossing: Principal = { ...CROSS, consumer: 'two-policies', areas: ['KE'] };

function snapshot(): PolicySnapshot {
  const base = referenceSnapshot({ programs: { OPCT: ID.opct, HSNP: ID.hsnp }, providers: { HIGHLAND: ID.highland } });
  const model = base.policies.find((p) => p.consumer === 'county-services')!;
  const policy = (id: string, areas: string[], grants: SharingPolicy['grants']): SharingPolicy => ({
    ...model,
    id,
    consumer: 'two-policies',
    areas,
    grants,
    actions: [],
  });
  return {
    ...base,
    consumers: { ...base.consumers, 'two-policies': { ...base.consumers['county-services']!, id: 'two-policies' } },
    policies: [
      ...base.policies,
      policy('00000000-0000-4000-8000-0000000000a1', ['KE.23'], {
        OPEN: ['READ'],
        REFERENCE: ['READ'],
        CONTACT: ['READ'],
        SCORE: ['FILTER', 'READ'],
        HOUSEHOLD: ['READ', 'FILTER'],
      }),
      policy('00000000-0000-4000-8000-0000000000a2', ['KE.47'], { OPEN: ['READ'], REFERENCE: ['READ'], NAME: ['READ', 'FILTER'] }),
    ],
  };
}

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await tellExamples(database);
  await tellConsent(database, ID.akai, 'clinic', 'HEALTH_SERVICE', categoriesToMask(['NAME', 'CONTACT']));
  registry = await testSubgraph(persons, database, snapshot());
});
beforeEach(() => {
  registry.statements.length = 0;
});
afterAll(async () => {
  await registry?.stop();
  await database?.drop();
});

const names = (answer: { data?: Record<string, unknown> | null }) =>
  ((answer.data!.persons as { nodes: { name: { surname: string } | null }[] } | undefined)?.nodes ?? [])
    .map((n) => String(n.name?.surname))
    .sort((a, b) => a.localeCompare(b));

describe('rows', () => {
  it('are those of the area for a case worker, of the program for its office, of the provider for a bank', async () => {
    const list = '{ persons(first: 100) { nodes { name { surname } } } }';
    expect(names(await registry.ask(personaPrincipal('case-worker'), list))).toEqual(['Akai', 'Ekiru', 'Lokwang']);
    expect(names(await registry.ask(personaPrincipal('program-admin'), list))).toEqual(['Ekiru', 'Wanjiru']);
    expect(names(await registry.ask(personaPrincipal('program-admin-2'), list))).toEqual(['Akai']);
    expect(names(await registry.ask(personaPrincipal('bank'), list))).toEqual(['Ekiru']);
  });

  it('are only the own row for a beneficiary, whatever they ask for', async () => {
    const me = personaPrincipal('beneficiary', { person: ID.akai });
    const own = new References(TEST_SECRET, 'self-service');
    expect(names(await registry.ask(me, '{ persons { nodes { name { surname } } } }'))).toEqual(['Akai']);
    const other = await registry.ask(
      me,
      `{ person(id: "${reference(ID.ekiru, own)}") { sex } me { household { size members { nodes { relationship person { name { surname } } } } } } }`,
    );
    expect(other.data?.person).toBeNull();
    const household = (other.data!.me as { household: { members: { nodes: { person: unknown }[] } } }).household;
    expect(household.members.nodes.filter((n) => n.person !== null)).toHaveLength(1);
  });

  it('are none where the token names no area, and none where it names one outside the policy', async () => {
    const list = '{ persons { nodes { name { surname } } } }';
    expect(names(await registry.ask({ ...personaPrincipal('case-worker'), areas: [] }, list))).toEqual([]);
    expect(names(await registry.ask({ ...personaPrincipal('case-worker'), areas: ['UG'] }, list))).toEqual([]);
    expect((await registry.ask({ ...personaPrincipal('case-worker'), areas: null }, list)).errors?.[0]?.extensions?.code).toBe(
      'FORBIDDEN_FIELD',
    );
  });

  it('of another program are null, exactly like a person who does not exist', async () => {
    const ask = (id: string) =>
      registry.ask(personaPrincipal('program-admin-2'), `{ person(id: "${reference(id)}") { name { surname } } }`);
    const [other, absent] = await Promise.all([ask(ID.wanjiru), ask('99999999-9999-4999-8999-999999999999')]);
    expect(other.data).toEqual(absent.data);
    expect(other.errors).toEqual(absent.errors);
  });
});

describe('fields', () => {
  it('of two policies are never united: phones in Turkana and names in Nairobi give no phone in Nairobi', async () => {
    const answer = await registry.ask(crossing, '{ persons(first: 100) { nodes { name { surname } phones } } }');
    const rows = (answer.data!.persons as { nodes: { name: { surname: string | null } | null; phones: string[] | null }[] }).nodes;
    expect(rows.filter((r) => r.phones !== null && r.name?.surname)).toEqual([]);
    expect(rows.flatMap((r) => r.phones ?? []).sort()).toEqual(['+254711000001', '+254711000002']);
    expect(rows.flatMap((r) => (r.name?.surname ? [r.name.surname] : []))).toEqual(['Wanjiru']);
  });

  it('of one policy select no row of another: who may filter by name in Nairobi finds nobody by name in Turkana', async () => {
    const answer = await registry.ask(crossing, '{ persons(filter: { surnameStartsWith: "Aka" }) { nodes { phones } } }');
    expect((answer.data!.persons as { nodes: unknown[] }).nodes).toEqual([]);
  });

  it('that are not given stand in no statement', async () => {
    await registry.ask(personaPrincipal('program-admin'), '{ persons { nodes { name { surname } } } }');
    const text = registry.statements.join('\n');
    for (const column of ['phones', 'birth_date', 'income_level', 'landmark', 'disability']) expect(text).not.toContain(column);
  });

  it('that need consent are null without it and given with it, row by row', async () => {
    const clinic = personaPrincipal('clinic', { purpose: 'HEALTH_SERVICE' });
    const own = new References(TEST_SECRET, 'clinic');
    const ask = (id: string) =>
      registry.ask(clinic, `{ person(id: "${reference(id, own)}") { name { surname } phones disabilities { type } } }`);
    expect((await ask(ID.akai)).data?.person).toEqual({ name: { surname: 'Akai' }, phones: ['+254711000002'], disabilities: null });
    expect((await ask(ID.ekiru)).data?.person).toBeNull();
    await database.owner('consent')`update consent_grant set withdrawn_at = now()`;
    expect((await ask(ID.akai)).data?.person).toBeNull();
    await database.owner('consent')`update consent_grant set withdrawn_at = null`;
  });

  it('reached although they are not given raise the tripwire and give nothing', async () => {
    const answer = await registry.ask(personaPrincipal('bank'), `{ persons { nodes { name { surname } birthDate } } }`);
    expect(answer.errors?.[0]?.extensions?.code).toBe('FORBIDDEN_FIELD');
    expect(JSON.stringify(answer)).not.toContain('1951-03-04');
    expect(registry.logged.join()).toContain('Person.birthDate');
  });
});

describe('references', () => {
  it('of one consumer mean nothing to another', async () => {
    const bank = new References(TEST_SECRET, 'bank');
    const clinic = new References(TEST_SECRET, 'clinic');
    expect(bank.encode('per', ID.ekiru)).not.toBe(clinic.encode('per', ID.ekiru));
    const answer = await registry.ask(personaPrincipal('bank'), `{ person(id: "${clinic.encode('per', ID.ekiru)}") { name { surname } } }`);
    expect(answer.data?.person).toBeNull();
  });
});

describe('the way in', () => {
  const query = '{ persons { nodes { name { surname } } } }';
  const send = (hop: string) => registry.subgraph.transport.fetch({ query, hop });

  it('is closed without a valid hop token, and to the same token twice', async () => {
    for (const hop of ['', 'x', 'e30.AAAA']) expect((await send(hop)).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    const { decide, hopKey, queryHash, signHop } = await import('@commonweal/schema');
    const { testCatalog } = await import('@commonweal/kit/testing.ts');
    const principal = personaPrincipal('case-worker');
    const hop = (change: object, key = hopKey(TEST_SECRET, 'persons')) =>
      signHop(key, {
        audience: 'persons',
        expires: Date.now() / 1000 + 20,
        id: Math.random().toString(),
        queryHash: queryHash(query),
        principal,
        epoch: 1,
        digest: decide(testCatalog(), snapshot(), principal, new Date()).digest,
        requestId: 'r',
        operation: 'query',
        ...change,
      });
    const good = hop({});
    expect((await send(good)).errors).toBeUndefined();
    expect((await send(good)).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    const refused = [
      hop({ audience: 'payments' }),
      hop({ expires: Date.now() / 1000 - 1 }),
      hop({ expires: Date.now() / 1000 + 3600 }),
      hop({ queryHash: queryHash('{ me { id } }') }),
      hop({}, hopKey(TEST_SECRET, 'payments')),
    ];
    for (const token of refused) expect((await send(token)).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    expect((await send(hop({ digest: 'other' }))).errors?.[0]?.extensions?.code).toBe('POLICY_CHANGED');
    expect((await send(hop({ epoch: 99 }))).errors?.[0]?.extensions?.code).toBe('POLICY_CHANGED');
  });

  it('is closed while the sharing policies have not been heard of for too long, and says that one may try again', async () => {
    const code = async () => (await send(registry.hop(personaPrincipal('case-worker'), query))).errors?.[0]?.extensions?.code;
    registry.policies.isSilent = true;
    expect(await code()).toBeUndefined();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6000 });
    try {
      expect(await code()).toBe('UNAVAILABLE');
      registry.policies.isSilent = false;
      await vi.waitFor(async () => expect(await code()).toBeUndefined());
    } finally {
      vi.useRealTimers();
    }
  });
});
