import { References } from '@commonweal/kit';
import { TEST_SECRET, type TestDatabase, type TestSubgraph, testDatabase, testSubgraph } from '@commonweal/kit/testing.ts';
import { type PolicySnapshot, type Principal, personaPrincipal, referenceSnapshot } from '@commonweal/schema';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { bankRefs, government, ID, tellExamples } from '../examples.ts';
import { payments } from '../index.ts';

let database: TestDatabase;
let registry: TestSubgraph;
const bank = personaPrincipal('bank');
const admin = personaPrincipal('program-admin');
const split: Principal = { ...personaPrincipal('program-admin-2') };

/** The second office has two policies instead of its own: states in Turkana, days in Nairobi. */
function snapshot(): PolicySnapshot {
  const base = referenceSnapshot({ programs: { OPCT: ID.opct, HSNP: ID.hsnp }, providers: { HIGHLAND: ID.highland } });
  const office = base.policies.find((p) => p.consumer === 'hsnp-office')!;
  const half = (area: string, field: string) => ({
    ...office,
    id: `90000000-0000-4000-8000-0000000000${area.slice(-2)}`,
    areas: [area],
    programs: {},
    allOrdinaryPrograms: true,
    fieldsOnly: { PAYMENT: ['Payment.id', 'PaymentConnection.nodes', `Payment.${field}`] },
  });
  return {
    ...base,
    policies: [...base.policies.filter((p) => p.consumer !== 'hsnp-office'), half('KE.23', 'status'), half('KE.47', 'dueOn')],
  };
}

const data = async (as: Principal, query: string, variables?: Record<string, unknown>) => {
  const answer = await registry.ask(as, query, variables);
  expect(answer.errors).toBeUndefined();
  return answer.data!;
};

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await tellExamples(database);
  registry = await testSubgraph(payments, database, snapshot());
});
afterAll(async () => {
  await registry?.stop();
  await database?.drop();
});

describe('who may see payments', () => {
  it('shows a bank its own payments of ordinary programs, by list, reference and link alike', async () => {
    const { payments: list } = (await data(bank, '{ payments { nodes { dueOn provider { code } } } }')) as {
      payments: { nodes: { dueOn: string; provider: { code: string } }[] };
    };
    expect(list.nodes.map((p) => `${p.provider.code} ${p.dueOn}`).sort()).toEqual([
      'HIGHLAND 2024-03-15',
      'HIGHLAND 2024-03-15',
      'HIGHLAND 2024-05-15',
    ]);
    for (const [id, person] of [
      [ID.savannaPayment, ID.akai],
      [ID.secretPayment, ID.ekiru],
      [ID.nobody, ID.nobody],
      [ID.sent, ID.akai],
    ] as const) {
      const reference = bankRefs.encode('pay', id, person);
      expect(await data(bank, `{ payment(id: "${reference}") { id } }`)).toEqual({ payment: null });
      expect(
        await data(bank, 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Payment { id status } } }', {
          r: [{ __typename: 'Payment', ref: reference, status: 'DELIVERED' }],
        }),
      ).toEqual({ _entities: [null] });
    }
    const person = { r: [{ __typename: 'Person', id: bankRefs.encode('per', ID.ekiru) }] };
    const linked = await data(
      bank,
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { payments { nodes { dueOn } } accounts { nodes { number } } } } }',
      person,
    );
    expect(linked).toEqual({
      _entities: [
        { payments: { nodes: [{ dueOn: '2024-05-15' }, { dueOn: '2024-03-15' }] }, accounts: { nodes: [{ number: '0123456789' }] } },
      ],
    });
  });

  it('shows a program office its own program only, and accounts masked: the whole number is in no statement', async () => {
    registry.statements.length = 0;
    const seen = await registry.ask(admin, '{ payments { nodes { program { id } account { number maskedNumber } } } }');
    const programs = (seen.data as { payments: { nodes: { program: { id: string } }[] } }).payments.nodes.map((p) => p.program.id);
    expect(new Set(programs)).toEqual(new Set([government.encode('prg', ID.opct)]));
    const text = registry.statements.join('\n');
    expect(text).toContain('"masked_number"');
    expect(text).not.toContain('"number"');
    expect(registry.logged.some((l) => l.includes('Account.number'))).toBe(true);
    registry.logged.length = 0;
  });

  it('gives no field of one policy in the rows of another, and filters only where the filter is given', async () => {
    const query = '{ payments { nodes { status dueOn } } }';
    const { nodes } = (await data(split, query)).payments as { nodes: { status: string | null; dueOn: string | null }[] };
    expect(nodes.filter((p) => p.status !== null && p.dueOn !== null)).toEqual([]);
    expect(nodes.filter((p) => p.dueOn !== null)).toEqual([{ status: null, dueOn: '2024-03-15' }]);
    expect(
      await data(split, 'query ($f: PaymentFilter) { payments(filter: $f) { nodes { dueOn } } }', { f: { dueFrom: '2024-01-01' } }),
    ).toEqual({ payments: { nodes: [{ dueOn: '2024-03-15' }] } });
    expect(
      await data(split, 'query ($f: PaymentFilter) { payments(filter: $f) { nodes { dueOn } } }', {
        f: { dueFrom: '2024-01-01', status: ['SENT', 'PENDING', 'DELIVERED'] },
      }),
    ).toEqual({ payments: { nodes: [] } });
  });

  it('shows a beneficiary their own payments and accounts, of a sensitive program too, and nobody else', async () => {
    const own = new References(TEST_SECRET, 'self-service');
    const me = personaPrincipal('beneficiary', { person: ID.ekiru });
    const seen = await data(
      me,
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { payments { nodes { dueOn } } accounts { nodes { maskedNumber } } } } }',
      {
        r: [ID.ekiru, ID.akai].map((id) => ({ __typename: 'Person', id: own.encode('per', id) })),
      },
    );
    expect(seen).toMatchObject({
      _entities: [
        { payments: { nodes: [{}, {}, {}] }, accounts: { nodes: [{}, {}] } },
        { payments: { nodes: [] }, accounts: { nodes: [] } },
      ],
    });
  });

  it('gives nothing by row security when the settings of a transaction are missing or mean nothing', async () => {
    const { pool } = registry.subgraph;
    for (const table of ['payment', 'account']) {
      expect(await pool`select 1 from ${pool(table)}`).toHaveLength(0);
      for (const [areas, providers, seen] of [
        ['', 'on', 0],
        [',', 'on', 0],
        ['KE', '', 0],
        ['KE', 'off', 0],
        ['KE', 'on', 1],
      ] as const) {
        const rows = await pool.begin(async (tx) => {
          await tx`select set_config('access.areas', ${areas}, true), set_config('access.all_programs', 'on', true), set_config('access.all_providers', ${providers}, true)`;
          return tx`select 1 from ${tx(table)} limit 1`;
        });
        expect(rows.length).toBe(seen);
      }
    }
  });
});
