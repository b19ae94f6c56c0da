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
const hh = (id: string) => government.encode('hh', id);

const MUTATION = `mutation ($key: String!, $input: ChangeMembershipInput!) {
  changeMembership(key: $key, input: $input) { membership { relationship recipientRole validFrom validTo household { id } } refusals { code message path } }
}`;
interface Outcome {
  readonly membership: {
    relationship: string;
    recipientRole: string | null;
    validFrom: string;
    validTo: string | null;
    household: { id: string };
  } | null;
  readonly refusals: { code: string; message: string; path: string[] }[] | null;
}
async function change(
  input: { person: string; household?: string | null; relationship?: string; recipientRole?: string; validFrom: string },
  key: string = randomUUID(),
): Promise<Outcome> {
  const answer = await registry.ask(caseWorker, MUTATION, { key, input });
  expect(answer.errors).toBeUndefined();
  return answer.data!.changeMembership as Outcome;
}

/** A household whose members came on the first day of 2022; the first one is its head. Gives the ids. */
async function household(size: number, of: { area?: string; programs?: string[][] } = {}): Promise<{ id: string; members: string[] }> {
  const sql = database.owner('persons');
  const id = randomUUID();
  const area = of.area ?? 'KE.23.01';
  const members: string[] = [];
  for (let i = 0; i < size; i++) members.push(await tellPerson(database, { area, programs: of.programs?.[i] ?? [] }));
  await sql`insert into household (household_id, area_path, head_person_id, member_ids, program_ids, size, adults) values (${id}, ${area}, ${members[0] ?? null}, ${members}, ${[...new Set(of.programs?.flat() ?? [])]}, ${size}, ${size})`;
  for (const [i, person] of members.entries()) {
    const place = randomUUID();
    for (const table of ['membership', 'roster']) {
      await sql`insert into ${sql(table)} (membership_id, person_id, household_id, area_path, relationship, valid_from) values (${place}, ${person}, ${id}, ${area}, ${i ? 'CHILD' : 'HEAD'}, '2022-01-01')`;
    }
    await sql`update person set household_id = ${id} where person_id = ${person}`;
  }
  return { id, members };
}

/** What stands on the household's row, and what its places say. */
async function stateOf(id: string) {
  const sql = database.owner('persons');
  const [row] =
    await sql`select size, member_ids, head_person_id, program_ids, children + adults + elderly as counted from household where household_id = ${id}`;
  const places = await sql`select person_id, relationship from roster where household_id = ${id} and valid_to is null`;
  const open = await sql`select person_id, relationship from membership where household_id = ${id} and valid_to is null`;
  const living = await sql`select person_id from person where household_id = ${id}`;
  return { row: row!, places, open, living };
}

/** A household is whole: one head at the most and one if anybody lives there, counts that are true, the same told by person and by household. */
async function expectWhole(id: string) {
  const { row, places, open, living } = await stateOf(id);
  const ids = places.map((p) => p.person_id as string).sort();
  const heads = places.filter((p) => p.relationship === 'HEAD').map((p) => p.person_id as string);
  expect({
    size: row.size,
    counted: row.counted,
    members: ([...row.member_ids] as string[]).sort(),
    head: row.head_person_id,
    heads: heads.length,
  }).toEqual({
    size: ids.length,
    counted: ids.length,
    members: ids,
    head: heads[0] ?? null,
    heads: ids.length > 0 ? 1 : 0,
  });
  expect(open.map((p) => p.person_id as string).sort()).toEqual(ids);
  expect(living.map((p) => p.person_id as string).sort()).toEqual(ids);
}

beforeAll(async () => {
  ({ database, registry } = await startExamples(inject('adminUrl')));
});
afterAll(() => stopExamples({ database, registry }));

describe('moving to another household', () => {
  it('closes the old place, opens a new one, and both households are counted again', async () => {
    const [from, to] = [await household(2, { programs: [[], [ID.opct]] }), await household(1, { area: 'KE.23.02', programs: [[ID.hsnp]] })];
    const person = from.members[1]!;
    const outcome = await change({
      person: per(person),
      household: hh(to.id),
      relationship: 'SPOUSE',
      recipientRole: 'ALTERNATE',
      validFrom: '2024-05-06',
    });
    expect(outcome).toEqual({
      membership: {
        relationship: 'SPOUSE',
        recipientRole: 'ALTERNATE',
        validFrom: '2024-05-06',
        validTo: null,
        household: { id: hh(to.id) },
      },
      refusals: null,
    });
    await expectWhole(from.id);
    await expectWhole(to.id);
    expect((await stateOf(from.id)).row.program_ids).toEqual([]);
    expect((await stateOf(to.id)).row.program_ids.sort()).toEqual([ID.opct, ID.hsnp]);
    const sql = database.owner('persons');
    expect((await sql`select area_path::text as area from person where person_id = ${person}`)[0]!.area).toBe('KE.23.02');
    expect(await sql`select type, payload from outbox where subject = ${person}`).toEqual([
      { type: 'person.moved', payload: { area: 'KE.23.02', household: to.id } },
    ]);
  });

  it('keeps the history: who lived there on a day of the past is still told', async () => {
    const [from, to] = [await household(2), await household(1)];
    const person = from.members[1]!;
    await change({ person: per(person), household: hh(to.id), relationship: 'SPOUSE', validFrom: '2024-05-06' });
    const on = async (id: string, day: string) => {
      const answer = await registry.ask(
        caseWorker,
        `{ household(id: "${hh(id)}") { members(asOf: "${day}") { nodes { person { id } } } } }`,
      );
      return (answer.data!.household as { members: { nodes: { person: { id: string } }[] } }).members.nodes.some(
        (n) => n.person.id === per(person),
      );
    };
    expect([
      await on(from.id, '2021-12-31'),
      await on(from.id, '2022-01-01'),
      await on(from.id, '2024-05-05'),
      await on(from.id, '2024-05-06'),
    ]).toEqual([false, true, true, false]);
    expect([await on(to.id, '2024-05-05'), await on(to.id, '2024-05-06')]).toEqual([false, true]);
    const answer = await registry.ask(caseWorker, `{ person(id: "${per(person)}") { memberships { nodes { validFrom validTo } } } }`);
    expect(answer.data!.person).toEqual({
      memberships: {
        nodes: [
          { validFrom: '2024-05-06', validTo: null },
          { validFrom: '2022-01-01', validTo: '2024-05-06' },
        ],
      },
    });
    const garbage = await registry.ask(
      caseWorker,
      `{ household(id: "${hh(from.id)}") { members(asOf: "2024-02-31") { nodes { validFrom } } } }`,
    );
    expect(garbage.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });

  it('twice in one operation tells each time how it is then', async () => {
    const [one, two] = [await household(1), await household(1)];
    const person = per(await tellPerson(database));
    const part = (alias: string, home: string) =>
      `${alias}: changeMembership(key: "${randomUUID()}", input: { person: "${person}", household: "${hh(home)}", relationship: OTHER, validFrom: "2024-01-01" }) { membership { household { id } } refusals { code } }`;
    const answer = await registry.ask(caseWorker, `mutation { ${part('first', one.id)} ${part('second', two.id)} }`);
    expect(answer.data).toEqual({
      first: { membership: { household: { id: hh(one.id) } }, refusals: null },
      second: { membership: { household: { id: hh(two.id) } }, refusals: null },
    });
  });

  it('with one key happens once', async () => {
    const [{ id }, key, person] = [await household(1), randomUUID(), await tellPerson(database)];
    const input = { person: per(person), household: hh(id), relationship: 'OTHER', validFrom: '2024-01-01' };
    const outcomes = await Promise.all([change(input, key), change(input, key), change(input, key)]);
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    expect(await database.owner('persons')`select 1 from membership where person_id = ${person}`).toHaveLength(1);
  });
});

describe('leaving', () => {
  it('closes the place and leaves the person in no household', async () => {
    const { id, members } = await household(2);
    expect(await change({ person: per(members[1]!), household: null, validFrom: '2024-01-01' })).toEqual({
      membership: null,
      refusals: null,
    });
    await expectWhole(id);
    expect(await database.owner('persons')`select household_id from person where person_id = ${members[1]!}`).toEqual([
      { household_id: null },
    ]);
  });

  it('is not for the head while others live there, and is for a head who lives alone', async () => {
    const { id, members } = await household(2);
    const other = await household(1);
    expect((await change({ person: per(members[0]!), household: null, validFrom: '2024-01-01' })).refusals).toMatchObject([
      { code: 'NOT_ALLOWED_NOW', path: ['input', 'person'] },
    ]);
    expect(
      (await change({ person: per(members[0]!), household: hh(other.id), relationship: 'OTHER', validFrom: '2024-01-01' })).refusals,
    ).toMatchObject([{ code: 'NOT_ALLOWED_NOW', path: ['input', 'person'] }]);
    await expectWhole(id);
    expect((await change({ person: per(other.members[0]!), household: null, validFrom: '2024-01-01' })).refusals).toBeNull();
    await expectWhole(other.id);
  });
});

describe('the head', () => {
  it('steps down when another becomes it', async () => {
    const { id, members } = await household(2);
    const outcome = await change({ person: per(members[1]!), household: hh(id), relationship: 'HEAD', validFrom: '2024-01-01' });
    expect(outcome.membership?.relationship).toBe('HEAD');
    await expectWhole(id);
    const { places } = await stateOf(id);
    expect(places.find((p) => p.person_id === members[0])?.relationship).toBe('OTHER');
  });

  it('cannot just become another relative, which would leave the household without one', async () => {
    const { id, members } = await household(2);
    expect(
      (await change({ person: per(members[0]!), household: hh(id), relationship: 'SPOUSE', validFrom: '2024-01-01' })).refusals,
    ).toMatchObject([{ code: 'NOT_ALLOWED_NOW', path: ['input', 'relationship'] }]);
    await expectWhole(id);
  });

  it('may stay the head in another role', async () => {
    const { id, members } = await household(2);
    expect(
      (
        await change({
          person: per(members[0]!),
          household: hh(id),
          relationship: 'HEAD',
          recipientRole: 'PRIMARY',
          validFrom: '2024-01-01',
        })
      ).membership,
    ).toMatchObject({ relationship: 'HEAD', recipientRole: 'PRIMARY' });
    await expectWhole(id);
  });

  it('is needed by whoever moves into an empty household', async () => {
    const { id } = await household(0);
    const person = per(await tellPerson(database));
    expect((await change({ person, household: hh(id), relationship: 'CHILD', validFrom: '2024-01-01' })).refusals).toMatchObject([
      { code: 'NOT_ALLOWED_NOW', path: ['input', 'relationship'] },
    ]);
    expect((await change({ person, household: hh(id), relationship: 'HEAD', validFrom: '2024-01-01' })).refusals).toBeNull();
    await expectWhole(id);
  });
});

describe('is refused as data', () => {
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  it.each([
    ['a day in the future', { validFrom: tomorrow }, 'INVALID', 'input.validFrom'],
    ['a day that does not exist', { validFrom: '2023-02-29' }, 'INVALID', 'input.validFrom'],
    ['a household without a relationship', { relationship: undefined }, 'INVALID', 'input.relationship'],
    ['a day before the present place began', { validFrom: '2021-12-31' }, 'NOT_ALLOWED_NOW', 'input.validFrom'],
  ])('%s', async (_, part, code, path) => {
    const [from, to] = [await household(2), await household(1)];
    const outcome = await change({
      person: per(from.members[1]!),
      household: hh(to.id),
      relationship: 'OTHER',
      validFrom: '2024-01-01',
      ...part,
    });
    expect([outcome.membership, outcome.refusals!.map((r) => [r.code, r.path.join('.')])]).toEqual([null, [[code, path]]]);
    await expectWhole(from.id);
  });

  it('a day on which an earlier place still held', async () => {
    const [from, to] = [await household(2), await household(1)];
    const person = per(from.members[1]!);
    await change({ person, household: null, validFrom: '2024-03-01' });
    expect((await change({ person, household: hh(to.id), relationship: 'OTHER', validFrom: '2024-02-01' })).refusals).toMatchObject([
      { code: 'NOT_ALLOWED_NOW', path: ['input', 'validFrom'] },
    ]);
  });

  it('a new head from a day before the present one became it', async () => {
    const { id } = await household(1);
    expect(
      (await change({ person: per(await tellPerson(database)), household: hh(id), relationship: 'HEAD', validFrom: '2021-01-01' }))
        .refusals,
    ).toMatchObject([{ code: 'NOT_ALLOWED_NOW', path: ['input', 'validFrom'] }]);
    await expectWhole(id);
  });

  it('leaving of somebody who lives in no household', async () => {
    expect((await change({ person: per(await tellPerson(database)), household: null, validFrom: '2024-01-01' })).refusals).toMatchObject([
      { code: 'NOT_ALLOWED_NOW', path: ['input', 'person'] },
    ]);
  });

  it('a person out of reach exactly like one who does not exist, and a household alike', async () => {
    const { id } = await household(1);
    const persons = await Promise.all(
      [per(ID.wanjiru), per(randomUUID()), 'per_x'].map((person) =>
        change({ person, household: hh(id), relationship: 'OTHER', validFrom: '2024-01-01' }),
      ),
    );
    expect(persons[0]!.refusals).toMatchObject([{ code: 'NOT_AVAILABLE', path: ['input', 'person'] }]);
    for (const outcome of persons) expect(outcome).toEqual(persons[0]);
    const person = per(await tellPerson(database));
    const households = await Promise.all(
      [hh(ID.wanjiruHousehold), hh(randomUUID()), 'hh_x'].map((home) =>
        change({ person, household: home, relationship: 'OTHER', validFrom: '2024-01-01' }),
      ),
    );
    expect(households[0]!.refusals).toMatchObject([{ code: 'NOT_AVAILABLE', path: ['input', 'household'] }]);
    for (const outcome of households) expect(outcome).toEqual(households[0]);
  });
});

describe('at the same time', () => {
  it('one person moved to several households lives in one', async () => {
    const homes = await Promise.all(Array.from({ length: 4 }, () => household(1)));
    const person = await tellPerson(database);
    const outcomes = await Promise.all(
      homes.map((home) => change({ person: per(person), household: hh(home.id), relationship: 'OTHER', validFrom: '2024-01-01' })),
    );
    expect(outcomes.flatMap((o) => o.refusals ?? []).every((r) => r.code === 'CONFLICT')).toBe(true);
    expect(outcomes.some((o) => o.membership !== null)).toBe(true);
    expect(await database.owner('persons')`select 1 from membership where person_id = ${person} and valid_to is null`).toHaveLength(1);
    for (const home of homes) await expectWhole(home.id);
  });

  it('several who become the head leave one', async () => {
    const { id, members } = await household(5);
    const outcomes = await Promise.all(
      members.map((m) => change({ person: per(m), household: hh(id), relationship: 'HEAD', validFrom: '2024-01-01' })),
    );
    expect(outcomes.flatMap((o) => o.refusals ?? [])).toEqual([]);
    await expectWhole(id);
  });

  it('members of two households who change places do not wait for each other for ever, and all is counted', async () => {
    const [one, two] = [await household(4), await household(4)];
    const swap = [...one.members.slice(1).map((m) => [m, two.id]), ...two.members.slice(1).map((m) => [m, one.id])] as [string, string][];
    const started = Date.now();
    const outcomes = await Promise.all(
      swap.map(([person, home]) => change({ person: per(person), household: hh(home), relationship: 'OTHER', validFrom: '2024-01-01' })),
    );
    expect(outcomes.flatMap((o) => o.refusals ?? [])).toEqual([]);
    expect(registry.logged).toEqual([]);
    expect(Date.now() - started).toBeLessThan(10_000);
    await expectWhole(one.id);
    await expectWhole(two.id);
  });

  it('programs that learn of two members are both known of by the household', async () => {
    const { id, members } = await household(6);
    const event = (person: string, program: string) => ({
      id: randomUUID(),
      type: 'programs.known',
      subject: person,
      payload: { programs: [program] },
    });
    const programs = members.map(() => randomUUID());
    await Promise.all(members.map((m, i) => registry.subgraph.receive([event(m, programs[i]!)])));
    expect((await stateOf(id)).row.program_ids.sort()).toEqual(programs.sort());
  });
});
