import type { PolicySnapshot } from '@commonweal/schema';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BANK, CASE_WORKER, CLINIC, policy, principal, SNAPSHOT } from '../graph.fake/consumers.ts';
import { codes, fetched, type System, startSystem } from '../graph.fake/system.ts';
import { Lru } from '../lru.ts';

const PERSON = '{ person(id: "person-1") { id name { full } phones sex } }';
const next = (change: Partial<PolicySnapshot>): PolicySnapshot => ({ ...SNAPSHOT, epoch: 2, ...change });
/** The case worker's policy as it was, with contact details as well. */
const WITH_CONTACT = SNAPSHOT.policies.map((p) => (p.id === 'p1' ? { ...p, grants: { ...p.grants, CONTACT: ['READ' as const] } } : p));

describe('what is remembered is never another caller’s', () => {
  let system: System;
  beforeEach(async () => {
    system = await startSystem({ limits: { policyPollMs: 20 } });
  });
  afterEach(() => system.stop());

  // The same text for one who may see sex and not phones, and for one for whom the text is not even valid.
  const expectWorker = async () => {
    const reply = await system.as(CASE_WORKER)(PERSON);
    expect(reply.data.person).toEqual({
      id: 'person-1',
      name: { full: 'canary PersonName.full of person-1' },
      phones: null,
      sex: 'UNKNOWN',
    });
    expect([...fetched(reply)].sort()).toEqual(['Person.id', 'Person.name', 'Person.sex', 'PersonName.full', 'Query.person']);
  };
  const expectBank = async () => expect((await system.as(BANK)(PERSON)).status).toBe(400);
  const expectClinic = async () => expect((await system.as(CLINIC)(PERSON)).status).toBe(400);

  it.each([
    [[expectWorker, expectBank, expectClinic]],
    [[expectBank, expectWorker, expectClinic]],
    [[expectClinic, expectBank, expectWorker]],
    [[expectWorker, expectClinic, expectBank]],
  ])('the same text, in order %#, cold and warm', async (order) => {
    for (let round = 0; round < 3; round++) for (const check of order) await check();
    expect(system.counted.tripwire).toEqual([]);
  });

  it('two callers whose rewritten texts differ only by what was cut out, 200 at once', async () => {
    const text = '{ person(id: "person-1") { id name { full } payments { nodes { status } } } }';
    const both = SNAPSHOT.policies.concat(policy('p7', 'district', 'CASE_MANAGEMENT', {}));
    system.policies = next({ policies: both });
    await vi.waitUntil(() => system.graph.snapshot() === system.policies, { timeout: 10_000 });
    const replies = await Promise.all(Array.from({ length: 200 }, (_, i) => system.as(i % 2 ? BANK : CASE_WORKER)(text)));
    for (const [i, reply] of replies.entries()) {
      expect(reply.status).toBe(200);
      expect(reply.data.person.payments === null).toBe(i % 2 === 0);
      expect(fetched(reply).has('Payment.status')).toBe(i % 2 === 1);
      for (const f of reply.fetches) expect(f.hop.principal.consumer).toBe(i % 2 ? 'bank' : 'district');
    }
  });

  it('one caller under another purpose is another caller', async () => {
    const text = '{ verifyBeneficiary(identifier: { type: UIN, value: "1" }, surname: "A", program: "cash") { status } }';
    expect((await system.as(principal('bank', 'SERVICE_VERIFICATION'))(text)).data.verifyBeneficiary).toEqual({ status: 'NOT_ACTIVE' });
    expect((await system.as(BANK)(text)).status).toBe(400);
    expect((await system.as(principal('bank', 'SERVICE_VERIFICATION'))(text)).status).toBe(200);
  });

  it('a token without a scope is another caller', async () => {
    expect((await system.as(CASE_WORKER)('{ persons(filter: { sex: [MALE] }) { nodes { id } } }')).status).toBe(200);
    expect((await system.as({ ...CASE_WORKER, scopes: ['read'] })('{ persons(filter: { sex: [MALE] }) { nodes { id } } }')).status).toBe(
      403,
    );
    expect((await system.as({ ...CASE_WORKER, scopes: ['read '] })('{ persons { nodes { id } } }')).status).toBe(403);
  });

  it('two users of one consumer share a plan and not a digest', async () => {
    const [a, b] = [await system.as(CASE_WORKER)('{ me { id } }'), await system.as({ ...CASE_WORKER, areas: ['KE.01'] })('{ me { id } }')];
    expect(a.fetches[0]?.query).toBe(b.fetches[0]?.query);
    expect(a.fetches[0]?.hop.digest).not.toBe(b.fetches[0]?.hop.digest);
  });

  it('each operation of a document is judged by itself, whichever came first', async () => {
    const text = 'query Wide { person(id: "person-1") { id phones } } query Narrow { person(id: "person-1") { id } }';
    for (let round = 0; round < 2; round++) {
      expect((await system.as(BANK)(text, { operationName: 'Wide' })).status).toBe(400);
      expect((await system.as(BANK)(text, { operationName: 'Narrow' })).data).toEqual({ person: { id: 'person-1' } });
      expect(codes(await system.as(CASE_WORKER)(text, { operationName: 'Wide' }))).toEqual(['FORBIDDEN_FIELD']);
      expect(codes(await system.as(CASE_WORKER)(text, { operationName: 'Narrow' }))).toEqual([]);
    }
  });

  it('an empty name of an operation is no name, and a wrong one is an error', async () => {
    const one = '{ me { id } }';
    expect((await system.as(CASE_WORKER)(one, { operationName: '' })).text).toBe((await system.as(CASE_WORKER)(one)).text);
    for (const [text, operationName] of [
      [one, 'Other'],
      ['query A { me { id } } query B { me { id } }', undefined],
      ['query A { me { id } } query B { me { id } }', ''],
      ['fragment F on Person { id }', undefined],
    ] as const) {
      const reply = await system.as(CASE_WORKER)(text, { operationName });
      expect([reply.status, codes(reply), reply.fetches]).toEqual([400, ['OPERATION_RESOLUTION_FAILURE'], []]);
    }
  });
});

describe('when the sharing policies change', () => {
  let system: System;
  beforeEach(async () => {
    system = await startSystem({ limits: { policyPollMs: 20 } });
  });
  afterEach(() => system.stop());
  const published = () => vi.waitUntil(() => system.graph.snapshot() === system.policies, { timeout: 10_000 });

  it('what is granted is seen, and what is withdrawn is gone, with warm caches', async () => {
    expect((await system.as(CASE_WORKER)(PERSON)).data.person.phones).toBeNull();
    system.policies = next({ policies: WITH_CONTACT });
    await published();
    expect((await system.as(CASE_WORKER)(PERSON)).data.person.phones).toEqual([
      'canary Person.phones of person-1',
      'canary Person.phones of person-1',
    ]);
    system.policies = { ...SNAPSHOT, epoch: 3 };
    await published();
    expect((await system.as(CASE_WORKER)(PERSON)).data.person.phones).toBeNull();
  });

  it('a suspended consumer is refused, and hears the same as one with whom nothing is shared', async () => {
    expect((await system.as(BANK)('{ me { id } }')).status).toBe(200);
    system.policies = next({ consumers: { ...SNAPSHOT.consumers, bank: { ...SNAPSHOT.consumers.bank!, suspended: true } } });
    await published();
    const suspended = await system.as(BANK)('{ me { id } }');
    expect([suspended.status, codes(suspended), suspended.fetches]).toEqual([403, ['PURPOSE_NOT_ALLOWED'], []]);
    expect((await system.as(principal('nobody', 'PAYMENT_DELIVERY'))('{ me { id } }')).text).toBe(suspended.text);
    expect((await system.as(principal('bank', 'RESEARCH'))('{ me { id } }')).text).toBe(suspended.text);
    expect((await system.as(principal('district', 'CASE_MANAGEMENT'))('{ me { id } }')).text).toBe(suspended.text);
  });

  it('a policy ends at its moment, not at the next look', async () => {
    system.policies = next({
      policies: SNAPSHOT.policies.map((p) =>
        p.consumer === 'bank' ? { ...p, validFrom: '2026-05-01T00:00:00.100Z', validUntil: '2026-05-01T00:00:00.300Z' } : p,
      ),
    });
    await published();
    const at = async (ms: number) => {
      system.clock = new Date(Date.UTC(2026, 4, 1, 0, 0, 0, ms));
      return (await system.as(BANK)('{ me { id } }')).status;
    };
    expect([await at(99), await at(100), await at(299), await at(300)]).toEqual([403, 200, 200, 403]);
  });

  it('a query that meets the change half-way is begun again as a whole', async () => {
    let changed = false;
    system.intercept = (subgraph, request) => {
      const epoch = system.seen.at(-1)?.hop.epoch;
      if (subgraph === 'programs' && !changed) {
        changed = true;
        system.policies = next({ policies: WITH_CONTACT });
      }
      return changed && epoch === 1 && request
        ? { data: null, errors: [{ message: 'changed', extensions: { code: 'POLICY_CHANGED' } }] }
        : null;
    };
    const reply = await system.as(CASE_WORKER)('{ person(id: "person-1") { id phones enrollments { nodes { id } } } }');
    expect([reply.status, reply.errors]).toEqual([200, []]);
    expect(reply.data.person.phones).toHaveLength(2);
    expect(reply.fetches.map((f) => [f.subgraph, f.hop.epoch])).toEqual([
      ['persons', 1],
      ['programs', 1],
      ['persons', 2],
      ['programs', 2],
    ]);
    expect(system.records.at(-1)).toMatchObject({ epoch: 2, outcome: 'OK' });
    expect(system.records.at(-1)?.reports.map((r) => r.subgraph)).toEqual(['persons', 'persons', 'programs']);
  });

  it('begun again once and not for ever; then nothing of it is told', async () => {
    system.intercept = (subgraph) =>
      subgraph === 'programs' ? { data: null, errors: [{ message: 'changed', extensions: { code: 'POLICY_CHANGED' } }] } : null;
    const reply = await system.as(CASE_WORKER)('{ person(id: "person-1") { id enrollments { nodes { id } } } }');
    expect([reply.status, reply.data, codes(reply), reply.fetches.length]).toEqual([503, undefined, ['POLICY_CHANGED'], 4]);
  });

  it('a mutation is never begun again', async () => {
    system.intercept = () => ({ data: null, errors: [{ message: 'changed', extensions: { code: 'POLICY_CHANGED' } }] });
    const reply = await system.as(CASE_WORKER)(
      'mutation { changeMembership(key: "key-1", input: { person: "person-1", validFrom: "2026-01-01" }) { membership { validFrom } } }',
    );
    expect([codes(reply), reply.fetches.length]).toEqual([['POLICY_CHANGED'], 1]);
  });

  it('while they cannot be had, public facts are given and personal data is not', async () => {
    const lost = await startSystem({ limits: { policyPollMs: 10, policyStaleMs: 60 } });
    lost.policies = 'unreachable';
    await new Promise((r) => setTimeout(r, 150));
    for (const query of [
      '{ me { id } }',
      '{ person(id: "person-1") { __typename } }',
      '{ persons { pageInfo { hasNextPage } } }',
      '{ node(id: "program-1") { id } }',
      'mutation { changeMembership(key: "k", input: { person: "p", validFrom: "2026-01-01" }) { refusals { code } } }',
    ]) {
      const reply = await lost.as(CASE_WORKER)(query);
      expect([reply.status, codes(reply), reply.fetches]).toEqual([503, ['UNAVAILABLE'], []]);
    }
    expect(
      (await lost.as(CASE_WORKER)('{ areas { nodes { name } } programs { nodes { code } } __schema { queryType { name } } }')).status,
    ).toBe(200);
    lost.policies = SNAPSHOT;
    await vi.waitUntil(async () => (await lost.as(CASE_WORKER)('{ me { id } }')).status === 200, { timeout: 10_000 });
    await lost.stop();
  });

  it('they never go back', async () => {
    system.policies = next({ policies: WITH_CONTACT });
    await published();
    system.policies = SNAPSHOT;
    await new Promise((r) => setTimeout(r, 100));
    expect(system.graph.snapshot()?.epoch).toBe(2);
  });
});

describe('a bounded memory', () => {
  it('does not grow, and keeps what is used again through a flood of what is not', () => {
    const lru = new Lru<number>(100);
    for (let i = 0; i < 20; i++) {
      lru.set(`registered ${i}`, i);
      lru.get(`registered ${i}`);
    }
    for (let i = 0; i < 100_000; i++) lru.set(`unique ${i}`, i);
    expect(lru.size).toBeLessThanOrEqual(100);
    for (let i = 0; i < 20; i++) expect(lru.get(`registered ${i}`)).toBe(i);
  });

  it('drops, of what was used again, what nobody has asked for since', () => {
    const lru = new Lru<number>(100);
    const promote = (name: string, i: number) => {
      lru.set(`${name} ${i}`, i);
      lru.get(`${name} ${i}`);
    };
    for (let i = 0; i < 80; i++) promote('old', i);
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 20; i++) expect(lru.get(`old ${i}`)).toBe(i);
      for (let i = 0; i < 60; i++) promote(`round ${round}`, i);
      expect(lru.size).toBeLessThanOrEqual(100);
    }
    for (let i = 20; i < 80; i++) expect(lru.get(`old ${i}`)).toBeUndefined();
    expect(lru.get('round 2 59')).toBe(59);
  });

  it('reckons by weight, and does not take what is larger than its probation', () => {
    const lru = new Lru<string>(1000);
    lru.set('large', 'x', 201);
    expect(lru.get('large')).toBeUndefined();
    for (let i = 0; i < 50; i++) {
      lru.set(`k${i}`, 'x', 100);
      lru.get(`k${i}`);
    }
    expect(lru.size).toBeLessThanOrEqual(10);
  });
});
