import { type TestDatabase, type TestSubgraph, testDatabase, testSubgraph } from '@commonweal/kit/testing.ts';
import { personaPrincipal, referenceSnapshot } from '@commonweal/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { bankRefs, government, ID, tellExamples } from '../examples.ts';
import { payments } from '../index.ts';

let database: TestDatabase;
let registry: TestSubgraph;
const bank = personaPrincipal('bank');
const admin = personaPrincipal('program-admin');
const owner = () => database.owner('payments');
const sent = bankRefs.encode('pay', ID.sent, ID.ekiru);

const RECORD = `mutation ($key: String!, $input: RecordPaymentStatusInput!) { recordPaymentStatus(key: $key, input: $input) {
  payment { status reason delivered { amount } deliveredAt providerReference history { nodes { from to reason } } } refusals { code path } } }`;
// biome-ignore lint/suspicious/noExplicitAny: answers are looked into as they are
const record = async (key: string, input: object): Promise<any> => {
  const answer = await registry.ask(bank, RECORD, { key, input: { payment: sent, ...input } });
  expect(answer.errors).toBeUndefined();
  return answer.data!.recordPaymentStatus;
};
let n = 0;
const report = (input: object) => record(`report-key-${n++}`, input);
const at = (day: number) => `2024-04-${String(day).padStart(2, '0')}T10:00:00Z`;

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await tellExamples(database);
  registry = await testSubgraph(
    payments,
    database,
    referenceSnapshot({ programs: { OPCT: ID.opct, HSNP: ID.hsnp }, providers: { HIGHLAND: ID.highland } }),
  );
});
beforeEach(async () => {
  await owner()`delete from payment_event`;
  await owner()`update payment set status = 'SENT', status_at = '2024-03-10T08:00:00Z', amount_delivered = 0, delivered_at = null, reason = null, provider_reference = null where payment_id = ${ID.sent}`;
});
afterAll(async () => {
  await registry?.stop();
  await database?.drop();
});

describe('reading payments', () => {
  it('gives a payment with its account, provider and links', async () => {
    const answer = await registry.ask(
      admin,
      `{ payment(id: "${government.encode('pay', ID.sent, ID.ekiru)}") {
      status dueOn entitled { amount currency } delivered { amount } provider { code } account { maskedNumber kind provider { name } } recipient { payments(first: 1) { nodes { dueOn } } } enrollment { payments { nodes { dueOn } } } } }`,
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toMatchInlineSnapshot(`
      {
        "payment": {
          "account": {
            "kind": "BANK_ACCOUNT",
            "maskedNumber": "••••••6789",
            "provider": {
              "name": "Highland Savings Bank",
            },
          },
          "delivered": {
            "amount": "0.00",
          },
          "dueOn": "2024-03-15",
          "enrollment": {
            "payments": {
              "nodes": [
                {
                  "dueOn": "2024-05-15",
                },
                {
                  "dueOn": "2024-03-15",
                },
              ],
            },
          },
          "entitled": {
            "amount": "4000.00",
            "currency": "KES",
          },
          "provider": {
            "code": "HIGHLAND",
          },
          "recipient": {
            "payments": {
              "nodes": [
                {
                  "dueOn": "2024-05-15",
                },
              ],
            },
          },
          "status": "SENT",
        },
      }
    `);
  });

  it('filters by program, state, day and recipient, and pages', async () => {
    const query =
      'query ($f: PaymentFilter, $after: String) { payments(filter: $f, first: 1, after: $after) { nodes { dueOn } pageInfo { hasNextPage endCursor } } }';
    const list = async (f: object, after?: string) =>
      (await registry.ask(admin, query, { f, after })).data!.payments as {
        nodes: { dueOn: string }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
    const days: string[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const page = await list({ program: 'OPCT' }, after);
      days.push(...page.nodes.map((x) => x.dueOn));
      ({ hasNextPage: more, endCursor: after } = page.pageInfo);
    }
    expect(days.sort()).toEqual(['2024-03-15', '2024-03-15', '2024-05-15']);
    expect(
      (await list({ dueFrom: '2024-05-01', dueTo: '2024-05-31', recipient: government.encode('per', ID.ekiru), status: ['PENDING'] }))
        .nodes,
    ).toEqual([{ dueOn: '2024-05-15' }]);
    expect((await list({ recipient: 'per_x' })).nodes).toEqual([]);
    // Also a condition that is null: without it there would be more.
    for (const f of [{ dueFrom: 'soon' }, { program: null }, { recipient: null }])
      expect((await registry.ask(admin, query, { f })).errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });

  it('gives payments and accounts of persons, newest and primary first, each in one statement', async () => {
    const answer = await registry.ask(
      admin,
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { payments { nodes { dueOn } } accounts { nodes { primary maskedNumber } } } } }',
      {
        r: [ID.ekiru, ID.wanjiru].map((id) => ({ __typename: 'Person', id: government.encode('per', id) })),
      },
    );
    expect(answer.data).toEqual({
      _entities: [
        {
          payments: { nodes: [{ dueOn: '2024-05-15' }, { dueOn: '2024-03-15' }] },
          accounts: {
            nodes: [
              { primary: true, maskedNumber: '••••••6789' },
              { primary: false, maskedNumber: '•••••••••0001' },
            ],
          },
        },
        { payments: { nodes: [{ dueOn: '2024-03-15' }] }, accounts: { nodes: [] } },
      ],
    });
    expect((answer.extensions!.report as { statements: number }).statements).toBe(2);
  });

  it('gives the payments of a person a page at a time, by a cursor that opens no list of another', async () => {
    const page = async (after: string | null, ...persons: string[]) => {
      const query =
        'query ($r: [_Any!]!, $after: String) { _entities(representations: $r) { ... on Person { payments(first: 1, after: $after) { nodes { dueOn } pageInfo { hasNextPage hasPreviousPage endCursor } } } } }';
      const r = persons.map((id) => ({ __typename: 'Person', id: government.encode('per', id) }));
      const { data, errors } = await registry.ask(admin, query, { r, after });
      type Lists = { payments: { nodes: object[]; pageInfo: { endCursor: string } } | null }[];
      return { lists: (data!._entities as Lists).map((p) => p.payments), codes: errors?.map((e) => e.extensions?.code) };
    };
    const { lists } = await page(null, ID.ekiru);
    expect(lists).toMatchObject([{ nodes: [{ dueOn: '2024-05-15' }], pageInfo: { hasNextPage: true, hasPreviousPage: false } }]);
    const cursor = lists[0]!.pageInfo.endCursor;
    expect(await page(cursor, ID.ekiru)).toMatchObject({
      lists: [{ nodes: [{ dueOn: '2024-03-15' }], pageInfo: { hasNextPage: false, hasPreviousPage: true } }],
    });
    expect(await page(cursor, ID.wanjiru)).toEqual({ lists: [null], codes: ['INVALID_CURSOR'] });
    expect(await page(cursor, ID.ekiru, ID.wanjiru)).toEqual({ lists: [null, null], codes: ['INVALID_CURSOR', 'INVALID_CURSOR'] });
  });
});

describe('recording what became of a payment', () => {
  it('records a delivery once, however often it is told', async () => {
    const input = { status: 'DELIVERED', occurredAt: at(1), providerReference: 'HSB/2024-17' };
    const first = await record('delivered-once', input);
    expect(first).toMatchInlineSnapshot(`
      {
        "payment": {
          "delivered": {
            "amount": "4000.00",
          },
          "deliveredAt": "2024-04-01T10:00:00.000Z",
          "history": {
            "nodes": [
              {
                "from": "SENT",
                "reason": null,
                "to": "DELIVERED",
              },
            ],
          },
          "providerReference": "HSB/2024-17",
          "reason": null,
          "status": "DELIVERED",
        },
        "refusals": null,
      }
    `);
    expect(await record('delivered-once', input)).toEqual(first);
    expect(await record('delivered-once-more', input)).toEqual(first);
    expect(await owner()`select count(*)::int as n from payment_event`).toEqual([{ n: 1 }]);
    expect(await owner()`select type, payload from outbox`).toEqual([
      { type: 'payment.changed', payload: { payment: ID.sent, status: 'DELIVERED' } },
    ]);
  });

  it('ends the same whatever the order in which ten copies and a late report come', async () => {
    const input = { status: 'DELIVERED', occurredAt: at(3) };
    await Promise.all(Array.from({ length: 10 }, (_, i) => record(`copy-number-${i}`, input)));
    const late = await report({ status: 'FAILED', reason: 'PROVIDER_ERROR', occurredAt: at(2) });
    expect(late.payment).toMatchObject({
      status: 'DELIVERED',
      reason: null,
      delivered: { amount: '4000.00' },
      history: {
        nodes: [
          { from: null, to: 'FAILED', reason: 'PROVIDER_ERROR' },
          { from: 'SENT', to: 'DELIVERED' },
        ],
      },
    });
  });

  it('records parts, and refuses an amount that is none', async () => {
    const part = { status: 'PARTIALLY_DELIVERED', reason: 'NOT_COLLECTED', occurredAt: at(1) };
    for (const amountDelivered of [undefined, '0', '4000', '4000.01', '1e3', '-1']) {
      expect((await report({ ...part, amountDelivered })).refusals).toEqual([{ code: 'INVALID', path: ['input', 'amountDelivered'] }]);
    }
    expect((await report({ ...part, amountDelivered: '1500.50' })).payment).toMatchObject({
      status: 'PARTIALLY_DELIVERED',
      delivered: { amount: '1500.50' },
    });
    expect((await report({ ...part, amountDelivered: '3000', occurredAt: at(2) })).payment).toMatchObject({
      delivered: { amount: '3000.00' },
    });
    expect((await report({ status: 'DELIVERED', occurredAt: at(3) })).payment).toMatchObject({
      status: 'DELIVERED',
      reason: null,
      delivered: { amount: '4000.00' },
    });
  });

  it('keeps when the payment was last sent and when it arrived, whatever became of it', async () => {
    const times = async () => {
      const [row] = await owner()`select sent_at, delivered_at from payment where payment_id = ${ID.sent}`;
      return [row!.sent_at, row!.delivered_at] as (Date | null)[];
    };
    await report({ status: 'SENT', occurredAt: at(1) });
    await report({ status: 'FAILED', reason: 'PROVIDER_ERROR', occurredAt: at(2) });
    expect(await times()).toEqual([new Date(at(1)), null]);
    await report({ status: 'SENT', occurredAt: at(3) });
    await report({ status: 'DELIVERED', occurredAt: at(4) });
    await report({ status: 'REVERSED', reason: 'DUPLICATE', occurredAt: at(5) });
    expect(await times()).toEqual([new Date(at(3)), new Date(at(4))]);
  });

  it('takes a delivery back, and not before there is one', async () => {
    const reversal = { status: 'REVERSED', reason: 'DUPLICATE', occurredAt: at(5) };
    expect((await report(reversal)).refusals).toEqual([{ code: 'NOT_ALLOWED_NOW', path: ['input', 'status'] }]);
    await report({ status: 'DELIVERED', occurredAt: at(4) });
    expect((await report(reversal)).payment).toMatchObject({ status: 'REVERSED', reason: 'DUPLICATE', delivered: { amount: '0.00' } });
    expect((await report({ status: 'DELIVERED', occurredAt: at(6) })).refusals).toEqual([
      { code: 'NOT_ALLOWED_NOW', path: ['input', 'status'] },
    ]);
  });

  it('refuses what is wrong, and says the same of what is absent and what is not its own', async () => {
    const codes = async (input: object) => (await report({ status: 'FAILED', reason: 'OTHER', occurredAt: at(1), ...input })).refusals;
    expect(await codes({ reason: undefined })).toEqual([{ code: 'INVALID', path: ['input', 'reason'] }]);
    expect(await codes({ status: 'PENDING' })).toEqual([{ code: 'INVALID', path: ['input', 'status'] }]);
    for (const occurredAt of ['2024-04-01', '2024-04-01T00:00:00+18:00'])
      expect(await codes({ occurredAt })).toEqual([{ code: 'INVALID', path: ['input', 'occurredAt'] }]);
    expect(await codes({ occurredAt: '2099-04-01T00:00:00Z' })).toEqual([{ code: 'NOT_ALLOWED_NOW', path: ['input', 'occurredAt'] }]);
    expect(await codes({ providerReference: 'a\u0000b' })).toEqual([{ code: 'INVALID', path: ['input', 'providerReference'] }]);
    expect(await codes({ amountDelivered: '10' })).toEqual([{ code: 'INVALID', path: ['input', 'amountDelivered'] }]);
    expect(await codes({ status: 'DELIVERED', amountDelivered: '10' })).toEqual([{ code: 'INVALID', path: ['input', 'amountDelivered'] }]);
    for (const payment of [
      bankRefs.encode('pay', ID.savannaPayment, ID.akai),
      bankRefs.encode('pay', ID.secretPayment, ID.ekiru),
      bankRefs.encode('pay', ID.nobody, ID.nobody),
      government.encode('pay', ID.sent, ID.ekiru),
      'x',
    ]) {
      expect(await codes({ payment })).toEqual([{ code: 'NOT_AVAILABLE', path: ['input', 'payment'] }]);
    }
  });
});

describe('hearing of the other registries', () => {
  it('moves the rows of a person to their new area, and keeps the programs that know them on their accounts', async () => {
    await report({ status: 'DELIVERED', occurredAt: at(1) });
    await registry.subgraph.receive([
      {
        id: '70000000-0000-4000-8000-000000000001',
        type: 'person.moved',
        subject: ID.ekiru,
        payload: { area: 'KE.47.02', household: null },
      },
      { id: '70000000-0000-4000-8000-000000000002', type: 'programs.known', subject: ID.ekiru, payload: { programs: [ID.hsnp] } },
    ]);
    expect(
      await owner()`select area_path::text as area from account where person_id = ${ID.ekiru} union select area_path::text from payment where person_id = ${ID.ekiru}
      union select area_path::text from payment_event where person_id = ${ID.ekiru}`,
    ).toEqual([{ area: 'KE.47.02' }]);
    const accounts = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { accounts { nodes { primary } } } } }';
    expect((await registry.ask(admin, accounts, { r: [{ __typename: 'Person', id: government.encode('per', ID.ekiru) }] })).data).toEqual({
      _entities: [{ accounts: { nodes: [] } }],
    });
    expect(registry.logged).toEqual([]);
  });
});
