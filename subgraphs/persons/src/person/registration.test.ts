import { randomUUID } from 'node:crypto';
import { References } from '@commonweal/kit';
import { TEST_SECRET, type TestDatabase, type TestSubgraph } from '@commonweal/kit/testing.ts';
import { hopKey, type Principal, personaPrincipal } from '@commonweal/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { ID, startExamples, stopExamples } from '../examples.ts';
import { identifierHash } from './identifiers.ts';

let database: TestDatabase;
let registry: TestSubgraph;
const fieldWorker = personaPrincipal('field-worker');
const government = new References(TEST_SECRET, 'government');

const lopua = { name: { surname: 'Lopua', given: 'Rose' }, sex: 'FEMALE', birthDate: '1999-09-09', area: 'KE.23.01' };
const MUTATION = `mutation ($key: String!, $input: RegisterPersonInput!) {
  registerPerson(key: $key, input: $input) { receipt { number receivedAt personId } refusals { code message path } }
}`;

interface Outcome {
  readonly receipt: { number: string; receivedAt: string; personId: string } | null;
  readonly refusals: { code: string; message: string; path: string[] }[] | null;
}
async function register(input: object, key: string = randomUUID(), as: Principal = fieldWorker): Promise<Outcome> {
  const answer = await registry.ask(as, MUTATION, { key, input });
  expect(answer.errors).toBeUndefined();
  return answer.data!.registerPerson as Outcome;
}
const idOf = (outcome: Outcome) => government.decode('per', outcome.receipt!.personId)!.id;
const hash = (value: string) => identifierHash(hopKey(TEST_SECRET, 'identifier-hash'), 'UIN', value);
const ownerOf = async (value: string) =>
  (await database.owner('persons')`select person_id from identifier_key where value_hash = ${hash(value)}`)[0]?.person_id;
const count = async (table: 'person' | 'outbox' | 'registration_review') => {
  const sql = database.owner('persons');
  return Number((await sql`select count(*) as n from ${sql(table)}`)[0]!.n);
};

beforeAll(async () => {
  ({ database, registry } = await startExamples(inject('adminUrl')));
});
beforeEach(() => {
  registry.statements.length = 0;
});
afterAll(() => stopExamples({ database, registry }));

describe('registering a person', () => {
  it('gives a receipt, writes the person as told, and tells the other registries', async () => {
    const outcome = await register({
      ...lopua,
      name: { surname: " Lopu'a ", given: 'Rose', second: 'Akal' },
      maritalStatus: 'SINGLE',
      address: { landmark: 'By the old borehole' },
      phones: ['+254711222333'],
      identifiers: [{ type: 'UIN', value: '55 55-5555' }],
      disabilities: [{ type: 'VIS', severity: 2 }],
      educationLevel: 1,
      employmentStatus: 'CASUAL',
      occupation: 'Herder',
    });
    expect(outcome).toMatchObject({
      receipt: { number: expect.stringMatching(/^R-[0-9A-F]{8}$/), personId: expect.stringMatching(/^per_/) },
      refusals: null,
    });
    const sql = database.owner('persons');
    const [row] =
      await sql`select surname, surname_key, second_name, area_path::text as area, status, landmark, phones, disability_types, disability_severities, program_ids from person where person_id = ${idOf(outcome)}`;
    expect(row).toEqual({
      surname: "Lopu'a",
      surname_key: 'lopua',
      second_name: 'Akal',
      area: 'KE.23.01',
      status: 'ACTIVE',
      landmark: 'By the old borehole',
      phones: ['+254711222333'],
      disability_types: ['VIS'],
      disability_severities: [2],
      program_ids: [],
    });
    expect(await sql`select type, value, last_four from identifier where person_id = ${idOf(outcome)}`).toEqual([
      { type: 'UIN', value: '55 55-5555', last_four: '5555' },
    ]);
    expect(await sql`select type, payload from outbox where subject = ${idOf(outcome)}`).toEqual([
      { type: 'person.registered', payload: { area: 'KE.23.01', household: null } },
    ]);
    const read = await registry.ask(fieldWorker, `{ person(id: "${outcome.receipt!.personId}") { name { full } phones } }`);
    expect(read.data?.person).toEqual({ name: { full: "Rose Akal Lopu'a" }, phones: ['+254711222333'] });
  });

  it('takes nothing but what is needed', async () => {
    expect((await register(lopua)).receipt).not.toBeNull();
  });
});

describe('one key', () => {
  it('with the same content answers the same and writes once', async () => {
    const key = randomUUID();
    const first = await register(lopua, key);
    const before = await count('person');
    expect(await register(lopua, key)).toEqual(first);
    expect(await count('person')).toBe(before);
  });

  it('with other content is refused', async () => {
    const key = randomUUID();
    await register(lopua, key);
    expect((await register({ ...lopua, sex: 'MALE' }, key)).refusals).toMatchObject([{ code: 'KEY_REUSED', path: ['key'] }]);
  });

  it('of two users is two keys', async () => {
    const key = randomUUID();
    const [mine, theirs] = [await register(lopua, key), await register(lopua, key, { ...fieldWorker, user: 'field-worker-2' })];
    expect(idOf(theirs)).not.toBe(idOf(mine));
  });

  it('in several requests at the same time writes once', async () => {
    const [persons, events] = [await count('person'), await count('outbox')];
    const key = randomUUID();
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => register(lopua, key)));
    expect(new Set(outcomes.map((o) => JSON.stringify(o))).size).toBe(1);
    expect([await count('person'), await count('outbox')]).toEqual([persons + 1, events + 1]);
  });

  it('of a refused write is free again', async () => {
    const key = randomUUID();
    expect((await register({ ...lopua, area: 'KE.47.01' }, key)).refusals).toMatchObject([{ code: 'NOT_AVAILABLE' }]);
    expect((await register(lopua, key)).receipt).not.toBeNull();
  });

  it('must be long enough to be no accident', async () => {
    expect((await register(lopua, '1')).refusals).toMatchObject([{ code: 'INVALID', path: ['key'] }]);
  });
});

describe('an input against the rules is refused as data, with its place', () => {
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const number = { type: 'UIN', value: '123456789' };
  const cases: [string, object, string][] = [
    ['a surname without letters', { name: { surname: " -' ", given: 'Rose' } }, 'input.name.surname'],
    ['a long given name', { name: { surname: 'Lopua', given: 'R'.repeat(101) } }, 'input.name.given'],
    ['a second name with a zero byte', { name: { surname: 'Lopua', given: 'Rose', second: 'A\u0000' } }, 'input.name.second'],
    ['a day that does not exist', { birthDate: '2001-02-30' }, 'input.birthDate'],
    ['a birth in the future', { birthDate: tomorrow }, 'input.birthDate'],
    ['a birth long ago', { birthDate: '1889-12-31' }, 'input.birthDate'],
    ['an address on two lines', { address: { line1: 'A\nB' } }, 'input.address.line1'],
    ['a long landmark', { address: { landmark: 'x'.repeat(201) } }, 'input.address.landmark'],
    ['a long occupation', { occupation: 'x'.repeat(101) }, 'input.occupation'],
    ['six telephone numbers', { phones: Array(6).fill('+254711222333') }, 'input.phones'],
    ['a telephone number without country', { phones: ['+254711222333', '0711222333'] }, 'input.phones.1'],
    ['eleven numbers', { identifiers: Array(11).fill(number) }, 'input.identifiers'],
    ['a number too short', { identifiers: [{ type: 'UIN', value: '1-2-3' }] }, 'input.identifiers.0.value'],
    ['a number too long', { identifiers: [number, { type: 'UIN', value: '1'.repeat(65) }] }, 'input.identifiers.1.value'],
    ['seven disabilities', { disabilities: Array(7).fill({ type: 'VIS', severity: 1 }) }, 'input.disabilities'],
    ['a severity beyond the scale', { disabilities: [{ type: 'VIS', severity: 5 }] }, 'input.disabilities.0.severity'],
    ['an education beyond the scale', { educationLevel: 9 }, 'input.educationLevel'],
  ];
  it.each(cases)('%s', async (_, change, path) => {
    const before = await count('person');
    const outcome = await register({ ...lopua, ...change });
    expect(outcome.receipt).toBeNull();
    expect(outcome.refusals!.map((r) => [r.code, r.path.join('.')])).toEqual([['INVALID', path]]);
    expect(await count('person')).toBe(before);
  });

  it('all faults at once', async () => {
    expect((await register({ ...lopua, birthDate: 'x', educationLevel: -1 })).refusals!.map((r) => r.path.join('.'))).toEqual([
      'input.birthDate',
      'input.educationLevel',
    ]);
  });
});

describe('an area', () => {
  it('out of reach, unknown or no area at all is refused alike', async () => {
    const outcomes = await Promise.all(
      ['KE.47.01', 'KE.23.99', 'KE', '', 'KE..23', "KE.23'; drop table person", '*'].map((area) => register({ ...lopua, area })),
    );
    expect(outcomes[0]!.refusals).toMatchObject([{ code: 'NOT_AVAILABLE', path: ['input', 'area'] }]);
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
  });
});

describe('who may register', () => {
  it('needs the action', async () => {
    const answer = await registry.ask(personaPrincipal('program-admin'), MUTATION, { key: randomUUID(), input: lopua });
    expect(answer.errors?.[0]?.extensions?.code).toMatch(/^FORBIDDEN_/);
  });

  it('needs the right to write each field that is given', async () => {
    const disability = { ...lopua, disabilities: [{ type: 'VIS', severity: 1 }] };
    const answer = await registry.ask(personaPrincipal('case-worker'), MUTATION, { key: randomUUID(), input: disability });
    expect(answer.errors?.[0]?.extensions?.code).toBe('FORBIDDEN_ACTION');
    expect((await register(lopua, randomUUID(), personaPrincipal('case-worker'))).receipt).not.toBeNull();
  });
});

describe('a number that somebody in another county has', () => {
  const wanjirus = '33333333';

  it('is answered exactly like a new one, after the same statements', async () => {
    const taken = await register({ ...lopua, identifiers: [{ type: 'UIN', value: wanjirus }] });
    const first = registry.statements.splice(0);
    const fresh = await register({ ...lopua, identifiers: [{ type: 'UIN', value: '66666666' }] });
    expect(registry.statements).toEqual(first);
    const shape = (o: Outcome) => ({
      refusals: o.refusals,
      receipt: Object.fromEntries(Object.entries(o.receipt!).map(([k, v]) => [k, v.length])),
    });
    expect(shape(taken)).toEqual(shape(fresh));
  });

  it('stays with its first owner; the registration is put up for review, in the state of any other', async () => {
    const outcome = await register({
      ...lopua,
      identifiers: [
        { type: 'UIN', value: wanjirus },
        { type: 'UIN', value: '77777777' },
      ],
    });
    const sql = database.owner('persons');
    expect(await ownerOf(wanjirus)).toBe(ID.wanjiru);
    expect(await sql`select status from person where person_id = ${idOf(outcome)}`).toEqual([{ status: 'ACTIVE' }]);
    const reviews = await sql`select value_hash from registration_review where person_id = ${idOf(outcome)}`;
    expect(reviews.map((r) => Buffer.from(r.value_hash).toString('hex'))).toEqual([hash(wanjirus).toString('hex')]);
    expect((await sql`select status from person where person_id = ${ID.wanjiru}`)[0]!.status).toBe('ACTIVE');
  });

  it('is found however it is written', async () => {
    expect(await register({ ...lopua, identifiers: [{ type: 'UIN', value: ' 3333-33.33' }] })).toMatchObject({ refusals: null });
    expect(await ownerOf(wanjirus)).toBe(ID.wanjiru);
  });
});

describe('a number', () => {
  it('is found whatever digits it is written in, and told from one that differs by a letter of another script', async () => {
    const arabic = idOf(await register({ ...lopua, identifiers: [{ type: 'UIN', value: '٦٢٠٠٠٠٠١' }] }));
    expect([await ownerOf('62000001'), await ownerOf('６２００ ０００１'), await ownerOf('۶۲۰۰۰۰۰۱'), await ownerOf('६२००-०००१')]).toEqual(
      Array(4).fill(arabic),
    );
    const cyrillic = idOf(await register({ ...lopua, identifiers: [{ type: 'UIN', value: 'Б620001' }] }));
    const other = idOf(await register({ ...lopua, identifiers: [{ type: 'UIN', value: 'Д620001' }] }));
    expect([await ownerOf('б-620001'), await ownerOf('Д620001'), await ownerOf('620001')]).toEqual([cyrillic, other, undefined]);
  });

  it('given twice in one registration is no duplicate', async () => {
    const before = await count('registration_review');
    const outcome = await register({
      ...lopua,
      identifiers: [
        { type: 'UIN', value: '88888888' },
        { type: 'UIN', value: '8888 8888' },
      ],
    });
    expect((await database.owner('persons')`select status from person where person_id = ${idOf(outcome)}`)[0]!.status).toBe('ACTIVE');
    expect(await count('registration_review')).toBe(before);
  });

  it('registered by several at the same time, in any order, is given to one of them', async () => {
    const both = [
      { type: 'UIN', value: '99990001' },
      { type: 'UIN', value: '99990002' },
    ];
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, i) => register({ ...lopua, identifiers: i % 2 ? both : [...both].reverse() })),
    );
    const waiting = await database.owner(
      'persons',
    )`select distinct person_id from registration_review where person_id = any (${outcomes.map(idOf)}::uuid[])`;
    expect(waiting).toHaveLength(7);
    expect(await ownerOf('99990001')).toBe(await ownerOf('99990002'));
  });

  it('is read back by nobody who registers', async () => {
    const outcome = await register({ ...lopua, identifiers: [{ type: 'UIN', value: '44440000' }] });
    const answer = await registry.ask(fieldWorker, `{ person(id: "${outcome.receipt!.personId}") { identifiers { value lastFour } } }`);
    expect(answer.errors?.[0]?.extensions?.code).toBe('FORBIDDEN_FIELD');
    expect(JSON.stringify(answer)).not.toContain('4444');
  });
});
