import { randomUUID } from 'node:crypto';
import { References } from '@commonweal/kit';
import { PERSONAS } from '@commonweal/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { signDevToken } from '../../../scripts/dev-issuer.ts';
import { raiseEpoch, suspendConsumer } from '../../../subgraphs/consent/src/policy/publish.ts';
import { coordinatesIn } from '../coordinates.ts';
import { type Answer, freshKey, startTestSystem, type TestSystem } from '../system.ts';

/** Attacks by what changes: many callers at once, policies, consents, households, and the log of it all. */
let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem(inject('adminUrl'), { households: 200, env: { COMMONWEAL_AUDIT_WAIT: '2500' } });
}, 120_000);
beforeEach(() => {
  system.fetches.length = 0;
});
afterAll(() => system?.stop());

const codes = (answer: Answer) => (answer.errors ?? []).map((e) => e.extensions.code);
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const owner = (name: 'persons' | 'programs' | 'payments' | 'consent') => system.database.owner(name);
const refs = (group: string) => new References(system.secret, group);
/** Sends with headers of its own. */
async function send(persona: string, query: string, headers: Record<string, string> = {}, variables?: Record<string, unknown>) {
  const response = await fetch(`${system.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await system.token(persona)}`, ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('one text by many callers (34-36, 45)', () => {
  const QUERY =
    '{ persons(first: 4) { nodes { id name { full } sex phones incomeLevel identifiers { type } area { code } enrollments(first: 2) { nodes { status program { code } } } payments(first: 2) { nodes { status } } } } }';
  const WHO = ['case-worker', 'program-admin', 'program-admin-2', 'field-worker', 'auditor', 'bank', 'system-admin', 'anonymous'];

  it('is answered to each by their own rights, in any order and all at once, and fetched by them too', async () => {
    const alone = new Map<string, string>();
    const fetched = new Map<string, Set<string>>();
    for (const persona of WHO) {
      system.fetches.length = 0;
      alone.set(persona, (await system.ask(persona, QUERY)).text);
      fetched.set(persona, coordinatesIn(system.fetches));
    }
    expect(new Set(alone.values()).size).toBeGreaterThan(5);
    for (const order of [WHO.toReversed(), [...WHO.slice(3), ...WHO.slice(0, 3)], WHO.toSorted(), WHO]) {
      for (const persona of order) {
        system.fetches.length = 0;
        expect({ persona, text: (await system.ask(persona, QUERY)).text }).toEqual({ persona, text: alone.get(persona) });
        expect({ persona, fetched: coordinatesIn(system.fetches) }).toEqual({ persona, fetched: fetched.get(persona) });
      }
    }
    // A fixed shuffle: the same mix in each run.
    const mix = Array.from({ length: 200 }, (_, i) => WHO[(i * 7919 + Math.floor(i / 3)) % WHO.length]!);
    const answers = await Promise.all(mix.map(async (persona) => ({ persona, text: (await system.ask(persona, QUERY)).text })));
    expect(answers.filter((a) => a.text !== alone.get(a.persona))).toEqual([]);
    const hidden: Record<string, string[]> = {
      bank: ['Person.sex', 'Person.incomeLevel', 'Enrollment.status'],
      'field-worker': ['Person.incomeLevel', 'Payment.status'],
      auditor: ['PersonName.full', 'Person.sex'],
    };
    for (const [persona, coordinates] of Object.entries(hidden))
      expect(coordinates.filter((c) => fetched.get(persona)!.has(c))).toEqual([]);
  });

  it('is another for another purpose, with everything warm', async () => {
    const query = '{ persons(first: 3) { nodes { id name { full } phones } } }';
    for (let round = 0; round < 2; round++) {
      expect(codes(await system.ask('program-admin', query))).toEqual([]);
      const assessing = await system.ask('program-admin', query, undefined, { purpose: 'PROGRAM_MANAGEMENT.ELIGIBILITY' });
      const own = new Set(
        (
          await owner(
            'persons',
          )`select person_id from person where program_ids && (select array_agg(program_id) from programs.program where code = 'OPCT')`.catch(
            () => [],
          )
        ).map((r) => refs('government').encode('per', r.person_id as string)),
      );
      for (const n of assessing.data.persons.nodes) if (own.size > 0 && !own.has(n.id)) expect(n.phones).toBeNull();
      expect(codes(await system.ask('clinic', query, undefined, { purpose: 'SERVICE_VERIFICATION' }))).toEqual([
        'GRAPHQL_VALIDATION_FAILED',
      ]);
      expect(codes(await system.ask('clinic', query, undefined, { purpose: 'HEALTH_SERVICE' }))).toEqual([]);
    }
  });

  it('judges two aliases of one request each by itself', async () => {
    const [near, far] = [
      (await owner('persons')`select person_id as id from person where area_path <@ 'KE.23' limit 1`)[0]!,
      (await owner('persons')`select person_id as id from person where area_path <@ 'KE.47' limit 1`)[0]!,
    ];
    const of = (id: unknown) => refs('government').encode('per', String(id));
    const answer = await system.ask(
      'case-worker',
      `{ a: person(id: "${of(near.id)}") { id } b: person(id: "${of(far.id)}") { id } c: person(id: "${of(near.id)}") { id } }`,
    );
    expect(answer.data).toEqual({ a: { id: of(near.id) }, b: null, c: { id: of(near.id) } });
    expect(codes(answer)).toEqual(['NOT_AVAILABLE']);
  });

  it('is kept by no cache between us (42)', async () => {
    const statuses = new Map<number, Headers>();
    const note = ({ status, headers }: { status: number; headers: Headers }) => void statuses.set(status, headers);
    note(await send('bank', '{ __typename }'));
    note(await send('bank', '{ nothing }', { accept: 'application/graphql-response+json' }));
    note(await send('bank', '{ __typename }', { authorization: 'Bearer x' }));
    note(await send('bank', '{ __typename }', { 'x-purpose': 'NONE' }));
    note(await fetch(`${system.url}/graphql`, { method: 'PUT' }));
    note(await fetch(`${system.url}/nowhere`));
    expect([...statuses.keys()].sort((a, b) => a - b)).toEqual([200, 400, 401, 403, 404, 405]);
    for (const headers of statuses.values())
      expect([headers.get('cache-control'), headers.get('vary')?.toLowerCase()]).toEqual([
        'no-store',
        expect.stringContaining('authorization'),
      ]);
  });
});

describe('policies that change (37, 38)', () => {
  it('make each answer wholly old or wholly new, and the log says which', async () => {
    const sql = owner('consent');
    const [policy] =
      await sql`select policy_id, grants from sharing_policy where consumer_id = 'hsnp-office' and purpose_id = 'PROGRAM_MANAGEMENT'`;
    const { DEMOGRAPHIC: _, PROGRAM: __, ...less } = policy!.grants as Record<string, string[]>;
    const query = '{ persons(first: 3) { nodes { sex enrollments(first: 1) { nodes { status } } } } }';
    const seen: { id: string; old: boolean; mixed: boolean }[] = [];
    let stop = false;
    const client = async () => {
      while (!stop) {
        const id = randomUUID();
        const answer = JSON.parse((await send('program-admin-2', query, { 'x-request-id': id })).text);
        const nodes = answer.data?.persons?.nodes as { sex: string | null; enrollments: object | null }[] | undefined;
        if (!nodes?.length) continue;
        const old = nodes.map((n) => n.sex !== null);
        seen.push({ id, old: old[0]!, mixed: new Set([...old, ...nodes.map((n) => n.enrollments !== null)]).size > 1 });
      }
    };
    const clients = [client(), client(), client()];
    await wait(300);
    const change = async (grants: object) => {
      await sql`update sharing_policy set grants = ${sql.json(grants as never)} where policy_id = ${policy!.policy_id}`;
      return raiseEpoch(sql, 'attack 37');
    };
    const changed = await change(less);
    await wait(1200);
    await change(policy!.grants as object);
    await wait(900);
    stop = true;
    await Promise.all(clients);
    expect(seen.filter((s) => s.mixed)).toEqual([]);
    expect([seen.some((s) => s.old), seen.some((s) => !s.old)]).toEqual([true, true]);
    const epochs = new Map(
      (await sql`select request_id, policy_epoch::int as epoch from access_log where request_id = any (${seen.map((s) => s.id)})`).map(
        (r) => [r.request_id as string, r.epoch as number],
      ),
    );
    expect(seen.filter((s) => (epochs.get(s.id) !== changed) !== s.old)).toEqual([]);
  });

  it('cut a suspended consumer off within a second, in both purposes, and touch nobody else', async () => {
    const sql = owner('consent');
    expect(codes(await system.ask('bank', '{ payments(first: 1) { nodes { id } } }'))).toEqual([]);
    await suspendConsumer(sql, 'bank', true);
    const began = performance.now();
    let refusedAfter = Number.POSITIVE_INFINITY;
    while (performance.now() - began < 3000) {
      if (codes(await system.ask('bank', '{ payments(first: 1) { nodes { id } } }'))[0] === 'PURPOSE_NOT_ALLOWED') {
        refusedAfter = performance.now() - began;
        break;
      }
    }
    expect(refusedAfter).toBeLessThan(1000);
    for (let i = 0; i < 5; i++) expect((await system.ask('bank', '{ payments(first: 1) { nodes { id } } }')).status).toBe(403);
    expect(
      codes(await system.ask('bank', '{ programs(first: 1) { nodes { code } } }', undefined, { purpose: 'SERVICE_VERIFICATION' })),
    ).toEqual(['PURPOSE_NOT_ALLOWED']);
    expect(codes(await system.ask('case-worker', '{ persons(first: 1) { nodes { id } } }'))).toEqual([]);
    await suspendConsumer(sql, 'bank', false);
    await wait(1000);
    expect(codes(await system.ask('bank', '{ payments(first: 1) { nodes { id } } }'))).toEqual([]);
  });
});

describe('consent and purpose (87-92)', () => {
  const give = (person: string, more: string) =>
    system.ask(
      'beneficiary',
      `mutation { recordConsent(key: "${freshKey()}", input: { ${more} method: ONLINE }) { consent { id } refusals { code message path } } }`,
      undefined,
      { person },
    );
  const patient = async () =>
    String(
      (
        await owner(
          'persons',
        )`select person_id from person where cardinality(phones) > 0 and status = 'ACTIVE' and area_path <@ 'KE.23' order by person_id desc limit 1`
      )[0]!.person_id,
    );
  const look = async (person: string) =>
    (
      await system.ask(
        'clinic',
        `{ person(id: "${refs('clinic').encode('per', person)}") { name { full } phones disabilities { type } } }`,
        undefined,
        { purpose: 'HEALTH_SERVICE' },
      )
    ).data.person;

  it('opens with a consent, exactly its categories, and closes with the answer to its withdrawal', async () => {
    const person = await patient();
    await owner('consent')`delete from consent_grant where person_id = ${person}`;
    expect(await look(person)).toBeNull();
    const given = await give(
      person,
      'agreement: "HEALTH", agreementVersion: 1, recipient: "clinic", purpose: "HEALTH_SERVICE", categories: [CONTACT]',
    );
    expect(given.data.recordConsent.refusals ?? null).toBeNull();
    expect(await look(person)).toEqual({ name: null, phones: [expect.any(String)], disabilities: null });
    // Nobody else can use it, nor the same clinic for something else.
    expect(
      codes(
        await system.ask(
          'bank',
          `{ consentRecord(id: "${refs('bank').encode('con', '99999999-9999-4999-8999-999999999999', person)}") { id } }`,
        ),
      ),
    ).toEqual([]);
    expect(
      (await system.ask('bank', `{ person(id: "${refs('bank').encode('per', person)}") { phones } }`)).data.person?.phones ?? null,
    ).toBeNull();
    const id = given.data.recordConsent.consent.id as string;
    const withdrawn = await system.ask(
      'beneficiary',
      `mutation { withdrawConsent(key: "${freshKey()}", input: { consent: "${id}" }) { consent { status } refusals { code } } }`,
      undefined,
      { person },
    );
    expect(withdrawn.data.withdrawConsent.consent).toEqual({ status: 'WITHDRAWN' });
    for (const ms of [0, 10, 300]) {
      await wait(ms);
      expect(await look(person)).toBeNull();
      expect(
        (await system.ask('clinic', '{ persons(first: 100) { nodes { id } } }', undefined, { purpose: 'HEALTH_SERVICE' })).text,
      ).not.toContain(refs('clinic').encode('per', person));
    }
  });

  it('ends by the clock, with everything warm', async () => {
    const person = await patient();
    const until = Date.now() + 2500;
    await give(
      person,
      `agreement: "HEALTH", agreementVersion: 1, recipient: "clinic", purpose: "HEALTH_SERVICE", categories: [NAME], validUntil: "${new Date(until).toISOString()}"`,
    );
    while (Date.now() < until - 800) expect((await look(person))?.name).toEqual({ full: expect.any(String) });
    await wait(until - Date.now() + 50);
    expect(await look(person)).toBeNull();
  });

  it('is no list of recipients and no list of purposes: each consent is of one pair', async () => {
    const person = await patient();
    for (const more of [
      'agreement: "PAYMENTS", agreementVersion: 1, recipient: "clinic", purpose: "PAYMENT_DELIVERY", categories: [CONTACT]',
      'agreement: "HEALTH", agreementVersion: 1, recipient: "bank", purpose: "HEALTH_SERVICE", categories: [CONTACT]',
      'agreement: "HEALTH", agreementVersion: 1, recipient: "clinic", purpose: "PAYMENT_DELIVERY", categories: [CONTACT]',
      'agreement: "HEALTH", agreementVersion: 1, recipient: "clinic", purpose: "HEALTH_SERVICE", categories: [SOCIOECONOMIC]',
    ])
      expect({ more, refused: (await give(person, more)).data.recordConsent.refusals?.[0]?.code }).toEqual({ more, refused: 'INVALID' });
    await give(person, 'agreement: "PAYMENTS", agreementVersion: 1, recipient: "bank", purpose: "PAYMENT_DELIVERY", categories: [CONTACT]');
    expect(await look(person)).toBeNull();
  });

  it('goes down from a purpose and never up (92)', async () => {
    const ask = async (carried: string, stated: string) => {
      const token = await signDevToken(system.data, { ...PERSONAS.analyst!, person: undefined, purposes: [carried] });
      const response = await fetch(`${system.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'x-purpose': stated },
        body: '{"query":"{ coverage { asOf } }"}',
      });
      return response.status;
    };
    expect([
      await ask('RESEARCH', 'RESEARCH'),
      await ask('RESEARCH', 'RESEARCH.HEALTH'),
      await ask('RESEARCH.HEALTH', 'RESEARCH'),
      await ask('RESEARCH.HEALTH', 'RESEARCH.HEALTH'),
    ]).toEqual([200, 200, 403, 200]);
    expect(await ask('RESEARCH', 'RESEARCHER')).toBe(403);
  });
});

describe('a beneficiary (57, 111)', () => {
  const HOME =
    '{ me { id household { id size members { nodes { relationship person { id name { full } phones sex } } } head { name { full } } } memberships { nodes { validTo } } } persons { nodes { id } } enrollments { nodes { person { id } } } payments { nodes { recipient { id } } } }';
  it('reads themselves and nobody they live with, and nothing of a household they have left', async () => {
    const [row] = await owner(
      'persons',
    )`select h.household_id, m.person_id from household h join membership m using (household_id) where h.area_path <@ 'KE.23' and h.size > 2 and m.valid_to is null and m.relationship <> 'HEAD' limit 1`;
    const person = String(row!.person_id);
    const me = refs('self-service').encode('per', person);
    const before = await system.ask('beneficiary', HOME, undefined, { person });
    const members = before.data.me.household.members.nodes as { person: { id: string } | null }[];
    expect(members.filter((m) => m.person !== null).map((m) => m.person!.id)).toEqual([me]);
    expect(before.data.me.household.head).toBeNull();
    expect(new Set([...before.text.matchAll(/per_[\w-]+/g)].map((m) => m[0]))).toEqual(new Set([me]));
    const [other] = await owner(
      'persons',
    )`select person_id from person where household_id = ${row!.household_id} and person_id <> ${person} limit 1`;
    for (const door of ['person', 'node'])
      expect(
        (
          await system.ask(
            'beneficiary',
            `{ it: ${door}(id: "${refs('self-service').encode('per', String(other!.person_id))}") { id } }`,
            undefined,
            { person },
          )
        ).data,
      ).toEqual({ it: null });

    const left = await system.ask(
      'case-worker',
      `mutation { changeMembership(key: "${freshKey()}", input: { person: "${refs('government').encode('per', person)}", validFrom: "${new Date().toISOString().slice(0, 10)}" }) { refusals { code } } }`,
    );
    expect(left.data.changeMembership.refusals ?? null).toBeNull();
    const after = await system.ask('beneficiary', HOME, undefined, { person });
    expect(after.data.me.household).toBeNull();
    expect(
      (
        await system.ask(
          'beneficiary',
          `{ household(id: "${refs('self-service').encode('hh', String(row!.household_id))}") { id members(asOf: "2024-01-01") { nodes { relationship } } } }`,
          undefined,
          { person },
        )
      ).data.household,
    ).toBeNull();
  });

  it('reads who looked at themselves; nobody reads that of another', async () => {
    const people = (
      await owner('persons')`select person_id from person where area_path <@ 'KE.23' order by person_id desc offset 3 limit 2`
    ).map((r) => String(r.person_id));
    const log = async (person: string) =>
      (
        await system.ask(
          'beneficiary',
          '{ me { accessLog(first: 100) { nodes { consumer purpose categories persons operation } } } }',
          undefined,
          { person },
        )
      ).data.me.accessLog.nodes as { consumer: string; categories: string[]; persons: null; operation: null }[];
    const before = await Promise.all(people.map(log));
    await system.ask(
      'case-worker',
      `query Look { person(id: "${refs('government').encode('per', people[0]!)}") { name { full } phones } }`,
    );
    const after = await Promise.all(people.map(log));
    const looks = (entries: { consumer: string }[]) => entries.filter((e) => e.consumer === 'county-services').length;
    expect([looks(after[0]!) - looks(before[0]!), looks(after[1]!) - looks(before[1]!)]).toEqual([1, 0]);
    expect(after[0]!.find((e) => e.consumer === 'county-services')).toMatchObject({
      categories: expect.arrayContaining(['NAME', 'CONTACT']),
      persons: null,
      operation: null,
    });
    for (const persona of ['case-worker', 'program-admin', 'auditor', 'system-admin']) {
      const answer = await system.ask(
        persona,
        `{ person(id: "${refs('government').encode('per', people[0]!)}") { accessLog { nodes { consumer } } } }`,
      );
      expect(answer.data?.person?.accessLog?.nodes ?? []).toEqual([]);
    }
    for (const persona of ['program-admin', 'bank'])
      for (const e of (
        await system.ask(persona, '{ accessLog(first: 100, filter: { consumer: "county-services" }) { nodes { consumer } } }')
      ).data?.accessLog?.nodes ?? [])
        expect(e).toBeUndefined();
  });
});

describe('the log of it all (107, 110, 112)', () => {
  it('has one record of each request, given or refused, with its persons and fields', async () => {
    const requests: [string, string, string][] = [
      ['case-worker', '{ persons(first: 3) { nodes { name { full } } } }', 'OK'],
      ['case-worker', '{ persons(first: 3) { nodes { name { full } identifiers { value } } } }', 'OK'],
      ['bank', '{ persons { nodes { sex } } }', 'REFUSED'],
      ['field-worker', '{ persons(filter: { incomeLevel: [LOW] }) { nodes { id } } }', 'REFUSED'],
      ['official', '{ coverage { asOf } }', 'OK'],
      ['bank', '{ nonsense', 'REFUSED'],
      ['system-admin', '{ persons { nodes { id } } }', 'OK'],
    ];
    for (const [persona, query, outcome] of requests) {
      const id = randomUUID();
      await send(persona, query, { 'x-request-id': id });
      const rows = await owner(
        'consent',
      )`select l.record_id, l.outcome, l.person_count, l.consumer_id, f.coordinates as given, d.coordinates as denied from access_log l left join field_set f using (field_set_id) left join field_set d on d.field_set_id = l.denied_set_id where l.request_id = ${id}`;
      expect({ query, rows: rows.map((r) => [r.consumer_id, r.outcome]) }).toEqual({
        query,
        rows: [[PERSONAS[persona]!.consumer, outcome]],
      });
      const persons = await owner('consent')`select person_id from access_log_person where record_id = ${rows[0]!.record_id}`;
      const expected = outcome === 'OK' && persona === 'case-worker' ? 3 : 0;
      expect({ query, told: rows[0]!.person_count, kept: persons.length }).toEqual({ query, told: expected, kept: expected });
      if (query.includes('identifiers'))
        expect([rows[0]!.denied, (rows[0]!.given as string[]).some((c) => c.startsWith('Identifier'))]).toEqual([
          ['Person.identifiers'],
          false,
        ]);
    }
  });

  it('names no field that the request leaves out', async () => {
    const query =
      'query ($x: Boolean!) { persons(first: 1) { nodes { id sex @include(if: $x) ... @skip(if: true) { birthDate } ...F @include(if: $x) } } } fragment F on Person { household { size } }';
    // Both ways and back, since a document is looked at once for many requests.
    for (const x of [false, true, false]) {
      const id = randomUUID();
      expect(await send('case-worker', query, { 'x-request-id': id }, { x })).toMatchObject({ status: 200 });
      const [row] = await owner(
        'consent',
      )`select f.coordinates as given from access_log l join field_set f using (field_set_id) where l.request_id = ${id}`;
      expect({ x, given: row!.given as string[] }).toEqual({
        x,
        given: ['Household.id', 'Household.size', 'Person.household', 'Person.id', 'Person.sex'].filter((c) => x || c === 'Person.id'),
      });
    }
  });

  it('holds no number, no telephone, no token and no password, and neither do the figures and the errors', async () => {
    const [known] = await owner(
      'persons',
    )`select i.value, p.phones[1] as phone, p.surname from identifier i join person p using (person_id) where i.type = 'UIN' and p.area_path <@ 'KE.23' and cardinality(p.phones) > 0 limit 1`;
    const canaries = [String(known!.value), String(known!.phone), '31415926535', '+254700314159', 'Canarysurname'];
    const texts: string[] = [];
    const ask = async (...args: Parameters<TestSystem['ask']>) => void texts.push(JSON.stringify((await system.ask(...args)).errors ?? []));
    for (const value of [canaries[0]!, canaries[2]!]) {
      await ask(
        'case-worker',
        `query ($v: String!) { personByIdentifier(identifier: { type: UIN, value: $v }) { name { full } phones } }`,
        { v: value },
      );
      await ask('case-worker', `{ personByIdentifier(identifier: { type: UIN, value: "${value}" }) { phones } }`);
      await ask(
        'clinic',
        `{ verifyBeneficiary(identifier: { type: UIN, value: "${value}" }, surname: "Canarysurname", program: "OPCT") { status } }`,
        undefined,
        { purpose: 'SERVICE_VERIFICATION' },
      );
    }
    await ask(
      'case-worker',
      `mutation { registerPerson(key: "${freshKey()}", input: { name: { surname: "Canarysurname", given: "Ana" }, sex: FEMALE, birthDate: "1990-01-01", area: "KE.23", phones: ["+254700314159", "bad +254700314159"], identifiers: [{ type: UIN, value: "31415926535" }] }) { refusals { code message path } } }`,
    );
    await ask('case-worker', `query Find31415926535 { persons(filter: { surnameStartsWith: "Canarysurname" }) { nodes { phones } } }`);
    await wait(200);
    const token = await system.token('case-worker');
    const metrics = await (await fetch(`${system.url}/metrics`)).text();
    const log = system.logText();
    for (const [name, text] of Object.entries({ errors: texts.join(), metrics, log }))
      for (const canary of [...canaries, token, token.split('.')[2]!, system.secret.toString('base64')])
        expect({ name, canary, found: text.includes(canary) }).toEqual({ name, canary, found: false });
    const records =
      JSON.stringify(await owner('consent')`select to_jsonb(l) as record from access_log l`) +
      JSON.stringify(await owner('consent')`select to_jsonb(p) as record from access_log_person p`);
    for (const canary of [...canaries, token]) expect({ canary, found: records.includes(canary) }).toEqual({ canary, found: false });
    expect(log).not.toContain('tripwire');
  });

  it('is written before the answer leaves: where it cannot be, nothing is told', async () => {
    const sql = owner('consent');
    let release = () => {};
    const held = sql.begin(async (tx) => {
      await tx`lock table access_log in access exclusive mode`;
      await new Promise<void>((resolve) => (release = resolve));
    });
    await wait(100);
    const answer = await system.ask('case-worker', '{ persons(first: 1) { nodes { name { full } } } }');
    release();
    await held;
    expect({ status: answer.status, data: answer.data, codes: codes(answer) }).toEqual({
      status: 503,
      data: undefined,
      codes: ['UNAVAILABLE'],
    });
    await wait(300);
    expect(codes(await system.ask('case-worker', '{ persons(first: 1) { nodes { name { full } } } }'))).toEqual([]);
  });
});
