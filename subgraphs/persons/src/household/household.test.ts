import { randomUUID } from 'node:crypto';
import { References } from '@commonweal/kit';
import { TEST_SECRET, type TestDatabase, type TestSubgraph } from '@commonweal/kit/testing.ts';
import { personaPrincipal } from '@commonweal/schema';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ID, startExamples, stopExamples, tellPerson } from '../examples.ts';

let database: TestDatabase;
let registry: TestSubgraph;
const caseWorker = personaPrincipal('case-worker');
const government = new References(TEST_SECRET, 'government');
const per = (id: string) => government.encode('per', id);
const today = new Date().toISOString().slice(0, 10);

const MUTATION = `mutation ($key: String!, $input: RegisterHouseholdInput!) {
  registerHousehold(key: $key, input: $input) {
    household { id area { code } address { landmark } head { id } size composition { children adults elderly } assistanceUnit members { nodes { relationship recipientRole validFrom validTo person { id } } } }
    refusals { code message path }
  }
}`;
interface Outcome {
  // biome-ignore lint/suspicious/noExplicitAny: the shape is that of the query above
  readonly household: any;
  readonly refusals: { code: string; message: string; path: string[] }[] | null;
}
async function register(input: object, key: string = randomUUID(), as = caseWorker): Promise<Outcome> {
  const answer = await registry.ask(as, MUTATION, { key, input });
  expect(answer.errors).toBeUndefined();
  return answer.data!.registerHousehold as Outcome;
}
const member = (id: string, relationship: string, recipientRole?: string) => ({ person: per(id), relationship, recipientRole });
const alone = async (area = 'KE.23.01') => ({ area, members: [member(await tellPerson(database), 'HEAD')] });

beforeAll(async () => {
  ({ database, registry } = await startExamples(inject('adminUrl')));
});
afterAll(() => stopExamples({ database, registry }));

describe('registering a household', () => {
  it('gives it with its members, counted by age, in its area', async () => {
    const [grandmother, mother, child] = [
      await tellPerson(database, { birth: '1950-01-01' }),
      await tellPerson(database, { birth: '1990-01-01', area: 'KE.23.02' }),
      await tellPerson(database, { birth: today }),
    ];
    const { household, refusals } = await register({
      area: 'KE.23.01',
      address: { landmark: 'Behind the school' },
      assistanceUnit: 'FAMILY',
      members: [member(mother, 'CHILD', 'PRIMARY'), member(grandmother, 'HEAD'), member(child, 'GRANDCHILD')],
    });
    expect(refusals).toBeNull();
    expect(household).toMatchObject({
      area: { code: 'KE.23.01' },
      address: { landmark: 'Behind the school' },
      head: { id: per(grandmother) },
      size: 3,
      composition: { children: 1, adults: 1, elderly: 1 },
      assistanceUnit: 'FAMILY',
    });
    const places = household.members.nodes.map((m: { person: { id: string } }) => [m.person.id, m]);
    expect(Object.fromEntries(places)).toEqual({
      [per(grandmother)]: { relationship: 'HEAD', recipientRole: null, validFrom: today, validTo: null, person: { id: per(grandmother) } },
      [per(mother)]: { relationship: 'CHILD', recipientRole: 'PRIMARY', validFrom: today, validTo: null, person: { id: per(mother) } },
      [per(child)]: { relationship: 'GRANDCHILD', recipientRole: null, validFrom: today, validTo: null, person: { id: per(child) } },
    });
  });

  it('brings its members into its area, their numbers with them, and tells the other registries', async () => {
    const person = await tellPerson(database, { area: 'KE.23.02', uin: '12341234' });
    const { household } = await register({ area: 'KE.23.01', members: [member(person, 'HEAD')] });
    const id = government.decode('hh', household.id)!.id;
    const sql = database.owner('persons');
    expect(await sql`select area_path::text as area, household_id from person where person_id = ${person}`).toEqual([
      { area: 'KE.23.01', household_id: id },
    ]);
    expect(await sql`select area_path::text as area from identifier where person_id = ${person}`).toEqual([{ area: 'KE.23.01' }]);
    expect(await sql`select type, payload from outbox where subject = ${person}`).toEqual([
      { type: 'person.moved', payload: { area: 'KE.23.01', household: id } },
    ]);
  });

  it('knows of all programs and providers that know of a member, each once', async () => {
    const both = [
      await tellPerson(database, { programs: [ID.opct, ID.hsnp], providers: [ID.highland] }),
      await tellPerson(database, { programs: [ID.opct] }),
    ];
    const { household } = await register({ area: 'KE.23.01', members: [member(both[0]!, 'HEAD'), member(both[1]!, 'SPOUSE')] });
    const [row] = await database.owner(
      'persons',
    )`select program_ids, provider_ids, member_ids from household where household_id = ${government.decode('hh', household.id)!.id}`;
    expect([row!.program_ids.sort(), row!.provider_ids, row!.member_ids.sort()]).toEqual([[ID.opct, ID.hsnp], [ID.highland], both.sort()]);
  });

  it('with one key answers the same and writes once, also at the same time', async () => {
    const [input, key] = [await alone(), randomUUID()];
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => register(input, key)));
    expect(new Set(outcomes.map((o) => o.household.id)).size).toBe(1);
    expect((await register(await alone(), key)).refusals).toMatchObject([{ code: 'KEY_REUSED' }]);
  });

  it('reads of what was registered only what is asked for, and nothing behind the answer', async () => {
    const unheard: unknown[] = [];
    const hear = (reason: unknown) => unheard.push(reason);
    process.on('unhandledRejection', hear);
    try {
      const answer = await registry.ask(caseWorker, MUTATION.replace(/household \{ .* \}/, ''), {
        key: randomUUID(),
        input: await alone(),
      });
      expect(answer).toMatchObject({ data: { registerHousehold: { refusals: null } }, extensions: { report: { fields: [] } } });
      await new Promise((r) => setTimeout(r, 100));
      expect(unheard).toEqual([]);
    } finally {
      process.off('unhandledRejection', hear);
    }
  });
});

describe('is refused as data', () => {
  it.each([
    ['without members', async () => ({ area: 'KE.23.01', members: [] }), ['input.members', 'input.members']],
    [
      'with 51 members',
      async () => ({ area: 'KE.23.01', members: Array.from({ length: 51 }, (_, i) => member(randomUUID(), i ? 'CHILD' : 'HEAD')) }),
      ['input.members'],
    ],
    ['without a head', async () => ({ area: 'KE.23.01', members: [member(await tellPerson(database), 'SPOUSE')] }), ['input.members']],
    [
      'with two heads',
      async () => ({ area: 'KE.23.01', members: [member(await tellPerson(database), 'HEAD'), member(await tellPerson(database), 'HEAD')] }),
      ['input.members'],
    ],
    [
      'with the same person twice',
      async () => ({ area: 'KE.23.01', members: [member(ID.lokwang, 'HEAD'), member(ID.lokwang, 'OTHER')] }),
      ['input.members'],
    ],
    ['with a zero byte in the address', async () => ({ ...(await alone()), address: { locality: 'A\u0000' } }), ['input.address.locality']],
  ])('%s', async (_, input, paths) => {
    const { household, refusals } = await register(await input());
    expect(household).toBeNull();
    expect(refusals!.map((r) => [r.code, r.path.join('.')])).toEqual(paths.map((p) => ['INVALID', p]));
  });

  it('with somebody who lives in a household already; nothing of it is kept', async () => {
    const person = await tellPerson(database);
    const { refusals } = await register({ area: 'KE.23.01', members: [member(person, 'HEAD'), member(ID.akai, 'SPOUSE')] });
    expect(refusals).toMatchObject([{ code: 'CONFLICT', path: ['input', 'members', '1', 'person'] }]);
    expect((await database.owner('persons')`select household_id from person where person_id = ${person}`)[0]!.household_id).toBeNull();
  });

  it('with a person who is out of reach, exactly as with one who does not exist or a text that is no reference', async () => {
    const outcomes = await Promise.all(
      [per(ID.wanjiru), per(randomUUID()), 'per_x', "' or true --"].map((person) =>
        register({ area: 'KE.23.01', members: [{ person, relationship: 'HEAD' }] }),
      ),
    );
    expect(outcomes[0]!.refusals).toMatchObject([{ code: 'NOT_AVAILABLE', path: ['input', 'members', '0', 'person'] }]);
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
  });

  it('in an area that is out of reach, exactly as in one that does not exist', async () => {
    const outcomes = await Promise.all(['KE.47.01', 'KE.23.99', 'KE', '', '%', 'KE..1'].map(async (area) => register(await alone(area))));
    expect(outcomes[0]!.refusals).toMatchObject([{ code: 'NOT_AVAILABLE', path: ['input', 'area'] }]);
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
  });
});

describe('at the same time', () => {
  it('two households of the same people: one is registered, the other hears that they live in one', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => tellPerson(database)));
    const as = (order: string[]) => register({ area: 'KE.23.01', members: order.map((id, i) => member(id, i ? 'OTHER' : 'HEAD')) });
    const outcomes = await Promise.all([as(ids), as([...ids].reverse()), as(ids), as([...ids].reverse())]);
    expect(outcomes.filter((o) => o.household !== null)).toHaveLength(1);
    expect(outcomes.flatMap((o) => o.refusals ?? []).map((r) => r.code)).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT']);
  });
});

describe('who may not', () => {
  it('register households cannot', async () => {
    const answer = await registry.ask(personaPrincipal('program-admin'), MUTATION, { key: randomUUID(), input: await alone() });
    expect(answer.errors?.[0]?.extensions?.code).toMatch(/^FORBIDDEN_/);
  });
});
