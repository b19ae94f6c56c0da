import { randomUUID } from 'node:crypto';
import { References } from '@commonweal/kit';
import { TEST_SECRET, type TestDatabase, type TestSubgraph, testDatabase, testSubgraph } from '@commonweal/kit/testing.ts';
import { personaPrincipal } from '@commonweal/schema';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ID, policies, ref, tellExamples } from '../examples.ts';
import { programs } from '../index.ts';

let database: TestDatabase;
let registry: TestSubgraph;
const admin = personaPrincipal('program-admin');
const caseWorker = personaPrincipal('case-worker');
const beneficiary = personaPrincipal('beneficiary', { person: ID.ekiru });

const ENROLL =
  'mutation ($key: String!, $input: EnrollInput!) { enroll(key: $key, input: $input) { enrollment { id status statusSince program { code } history { nodes { from to reason } } } refusals { code path } } }';
const CHANGE =
  'mutation ($key: String!, $input: ChangeEnrollmentStatusInput!) { changeEnrollmentStatus(key: $key, input: $input) { enrollment { status statusSince endsOn history { nodes { from to on reason decision } } } refusals { code path } } }';
// biome-ignore lint/suspicious/noExplicitAny: answers are looked into as they are
const run = async (query: string, field: string, key: string, input: object, as = admin): Promise<any> => {
  const answer = await registry.ask(as, query, { key, input });
  expect(answer.errors).toBeUndefined();
  return answer.data![field];
};
const enroll = (key: string, input: object, as = admin) => run(ENROLL, 'enroll', key, input, as);
const change = (key: string, input: object, as = admin) => run(CHANGE, 'changeEnrollmentStatus', key, input, as);
/** Beneficiaries see references of a group of their own. */
const registryReference = (id: string) => new References(TEST_SECRET, 'self-service').encode('per', id);
const owner = () => database.owner('programs');
const lokwang = { person: ref.person(ID.lokwang), program: 'OPCT', startsOn: '2024-01-15' };

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await tellExamples(database);
  registry = await testSubgraph(programs, database, policies());
});
afterAll(async () => {
  await registry?.stop();
  await database?.drop();
});

describe('reading enrollments', () => {
  it('gives an enrollment with its program, history and benefits, in one statement for each', async () => {
    const answer = await registry.ask(
      admin,
      `{ enrollment(id: "${ref.enrollment(ID.ekiruOpct, ID.ekiru)}") {
      status startsOn endsOn source { system takenOn } program { code amount { amount currency } cycles(first: 1) { nodes { sequence } } compatibilities { verdict with { code } } }
      history { nodes { from to on reason } } benefits { nodes { validFrom amount { amount currency } status enrollment { status } } } } }`,
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toMatchInlineSnapshot(`
      {
        "enrollment": {
          "benefits": {
            "nodes": [
              {
                "amount": {
                  "amount": "4000.00",
                  "currency": "KES",
                },
                "enrollment": {
                  "status": "ENROLLED",
                },
                "status": "ISSUED",
                "validFrom": "2024-03-01",
              },
              {
                "amount": {
                  "amount": "4000.00",
                  "currency": "KES",
                },
                "enrollment": {
                  "status": "ENROLLED",
                },
                "status": "ISSUED",
                "validFrom": "2024-01-01",
              },
            ],
          },
          "endsOn": null,
          "history": {
            "nodes": [
              {
                "from": null,
                "on": "2021-01-01",
                "reason": "CRITERIA_MET",
                "to": "ENROLLED",
              },
            ],
          },
          "program": {
            "amount": {
              "amount": "4000.00",
              "currency": "KES",
            },
            "code": "OPCT",
            "compatibilities": [
              {
                "verdict": "FORBIDDEN",
                "with": {
                  "code": "PENSION",
                },
              },
            ],
            "cycles": {
              "nodes": [
                {
                  "sequence": 2,
                },
              ],
            },
          },
          "source": {
            "system": "OLDMIS",
            "takenOn": "2020-01-01",
          },
          "startsOn": "2021-01-01",
          "status": "ENROLLED",
        },
      }
    `);
    expect((answer.extensions!.report as { statements: number }).statements).toBe(8);
  });

  it('gives no amount where no money is given', async () => {
    const query = `{ enrollment(id: "${ref.enrollment(ID.ekiruWaiver, ID.ekiru)}") { source { system } program { amount { amount currency } } benefits { nodes { id quantity amount { amount currency } } } } }`;
    const answer = await registry.ask(caseWorker, query);
    expect(answer.errors).toBeUndefined();
    const { enrollment } = answer.data as { enrollment: { benefits: { nodes: { id: string }[] } } };
    expect(enrollment).toMatchObject({
      source: { system: 'OLDMIS' },
      program: { amount: null },
      benefits: { nodes: [{ amount: null, quantity: null }] },
    });
    const benefit = await registry.ask(
      caseWorker,
      `{ benefit(id: "${enrollment.benefits.nodes[0]!.id}") { validUntil enrollment { status } } }`,
    );
    expect(benefit.data).toEqual({ benefit: { validUntil: '2099-12-31', enrollment: { status: 'ENROLLED' } } });
  });

  it('gives enrollments of persons and households newest first, all persons in one statement', async () => {
    const query =
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { enrollments { nodes { status program { code } household { id } } } overlap(program: "OPCT") } ... on Household { enrollments { nodes { status } } } } }';
    const representations = [
      ...[ID.ekiru, ID.akai, ID.lokwang].map((id) => ({ __typename: 'Person', id: ref.person(id) })),
      { __typename: 'Household', id: ref.household(ID.ekiruHousehold) },
    ];
    const answer = await registry.ask(caseWorker, query, { r: representations });
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toMatchInlineSnapshot(`
      {
        "_entities": [
          {
            "enrollments": {
              "nodes": [
                {
                  "household": null,
                  "program": {
                    "code": "HFW",
                  },
                  "status": "ENROLLED",
                },
                {
                  "household": null,
                  "program": {
                    "code": "OPCT",
                  },
                  "status": "ENROLLED",
                },
              ],
            },
            "overlap": "OTHER",
          },
          {
            "enrollments": {
              "nodes": [
                {
                  "household": {
                    "id": "hh_pfI-5dbyDsPAw_sHrbcVAQ",
                  },
                  "program": {
                    "code": "HSNP",
                  },
                  "status": "ENROLLED",
                },
              ],
            },
            "overlap": "OTHER",
          },
          {
            "enrollments": {
              "nodes": [],
            },
            "overlap": null,
          },
          {
            "enrollments": {
              "nodes": [
                {
                  "status": "ENROLLED",
                },
              ],
            },
          },
        ],
      }
    `);
    expect((answer.extensions!.report as { statements: number }).statements).toBe(3);
  });

  it('filters by program, state and area, and pages with a cursor', async () => {
    const query =
      'query ($f: EnrollmentFilter, $after: String) { enrollments(filter: $f, first: 1, after: $after) { nodes { status } pageInfo { hasNextPage endCursor } totalCount } }';
    const first = (await registry.ask(admin, query, { f: { program: 'OPCT' } })).data as {
      enrollments: { nodes: { status: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string }; totalCount: null };
    };
    const second = (await registry.ask(admin, query, { f: { program: 'OPCT' }, after: first.enrollments.pageInfo.endCursor }))
      .data as typeof first;
    expect([...first.enrollments.nodes, ...second.enrollments.nodes].map((n) => n.status).sort()).toEqual(['ENROLLED', 'SUSPENDED']);
    expect([first.enrollments.pageInfo.hasNextPage, second.enrollments.pageInfo.hasNextPage, first.enrollments.totalCount]).toEqual([
      true,
      false,
      null,
    ]);
    const nairobi = await registry.ask(admin, query, { f: { area: 'KE.47', status: ['SUSPENDED'] } });
    expect(nairobi.data).toMatchObject({ enrollments: { nodes: [{ status: 'SUSPENDED' }] } });
    for (const wrong of [{ area: "KE.47'; --" }, { area: null }])
      expect((await registry.ask(admin, query, { f: wrong })).errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });

  it('shows a beneficiary their own enrollments, a sensitive one and its program too', async () => {
    const answer = await registry.ask(
      beneficiary,
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { enrollments { nodes { program { code } } } } } }',
      {
        r: [ID.ekiru, ID.akai].map((id) => ({ __typename: 'Person', id: registryReference(id) })),
      },
    );
    expect(answer.data).toMatchObject({
      _entities: [
        { enrollments: { nodes: [{ program: { code: 'ARTS' } }, { program: { code: 'HFW' } }, { program: { code: 'OPCT' } }] } },
        { enrollments: { nodes: [] } },
      ],
    });
  });
});

describe('enrolling', () => {
  it('enrolls once for each key, tells the other registries, and counts', async () => {
    const input = { ...lokwang, status: 'ENROLLED', decision: 'D-17' };
    const first = await enroll('enroll-lokwang', input);
    expect(first).toMatchObject({
      refusals: null,
      enrollment: {
        status: 'ENROLLED',
        statusSince: '2024-01-15',
        program: { code: 'OPCT' },
        history: { nodes: [{ from: null, to: 'ENROLLED', reason: 'CRITERIA_MET' }] },
      },
    });
    expect(await enroll('enroll-lokwang', input)).toEqual(first);
    expect(await enroll('enroll-lokwang', { ...input, startsOn: '2024-01-16' })).toEqual({
      enrollment: null,
      refusals: [{ code: 'KEY_REUSED', path: ['key'] }],
    });
    expect(await owner()`select type, payload from outbox where subject = ${ID.lokwang} order by seq`).toEqual([
      { type: 'enrollment.changed', payload: { program: ID.opct, open: true, household: null } },
      { type: 'programs.known', payload: { programs: [ID.opct] } },
    ]);
    expect(await owner()`select area_path::text as area, change from coverage_delta`).toEqual([{ area: 'KE.23.02', change: 1 }]);
    expect(await enroll('enroll-lokwang-again', input)).toEqual({ enrollment: null, refusals: [{ code: 'CONFLICT', path: ['input'] }] });
  });

  it('writes once when the same key comes ten times at once', async () => {
    const input = { person: ref.person(ID.akai), program: 'OPCT', startsOn: '2024-01-15', status: 'WAITLISTED' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => enroll('enroll-at-once', input)));
    expect(new Set(answers.map((a) => a.enrollment.id)).size).toBe(1);
    expect(await owner()`select count(*)::int as n from enrollment where person_id = ${ID.akai} and program_id = ${ID.opct}`).toEqual([
      { n: 1 },
    ]);
    const [known] = await owner()`select payload from outbox where subject = ${ID.akai} and type = 'programs.known'`;
    expect(known!.payload).toEqual({ programs: [ID.opct, ID.hsnp] });
  });

  it('refuses what is wrong, and says the same of what is absent and what is out of scope', async () => {
    const codes = async (input: object, as = admin) => (await enroll(`key-${Math.random()}`, { ...lokwang, ...input }, as)).refusals;
    expect(await codes({ status: 'GRADUATED' })).toEqual([{ code: 'INVALID', path: ['input', 'status'] }]);
    expect(await codes({ startsOn: '2024-02-30' })).toEqual([{ code: 'INVALID', path: ['input', 'startsOn'] }]);
    expect(await codes({ startsOn: '2099-01-01' })).toEqual([{ code: 'NOT_ALLOWED_NOW', path: ['input', 'startsOn'] }]);
    expect(await codes({ decision: 'a\nb' })).toEqual([{ code: 'INVALID', path: ['input', 'decision'] }]);
    const none = [{ code: 'NOT_AVAILABLE', path: ['input'] }];
    expect(await codes({ person: ref.person(ID.nobody) })).toEqual(none);
    expect(await codes({ person: 'per_x' })).toEqual(none);
    expect(await codes({ program: 'NONE' })).toEqual(none);
    expect(await codes({ program: 'HSNP' })).toEqual(none);
    expect(await codes({ program: 'ARTS' }, caseWorker)).toEqual(none);
    expect(await codes({ person: ref.person(ID.wanjiru) }, caseWorker)).toEqual(none);
  });

  it('tells all programs that know a person when two take them in at once', async () => {
    const person = ref.person(ID.wanjiru);
    await Promise.all(
      ['HFW', 'PENSION'].map((program) =>
        enroll(`at-once-${program}`, { person, program, startsOn: '2024-01-15' }, { ...caseWorker, areas: ['KE'] }),
      ),
    );
    const [last] =
      await owner()`select payload from outbox where subject = ${ID.wanjiru} and type = 'programs.known' order by seq desc limit 1`;
    expect(last!.payload).toEqual({ programs: [ID.opct, ID.waiver, ID.pension] });
  });

  it('puts somebody who moves at the same moment where they live now', async () => {
    const [person, inTheWay] = [randomUUID(), randomUUID()];
    await owner()`insert into subject (person_id, area_path) values (${person}, 'KE.23.01')`;
    const other = await owner().reserve();
    await other`begin`;
    await other`insert into enrollment (person_id, enrollment_id, program_id, sensitive, area_path, status, status_since, starts_on)
      values (${person}, ${inTheWay}, ${ID.opct}, false, 'KE.23.01', 'APPLIED', '2024-01-01', '2024-01-01')`;
    const enrolling = enroll('enroll-while-moving', { person: ref.person(person), program: 'OPCT', startsOn: '2024-01-15' });
    // It has read where the person lives, and waits.
    const waiting = async () =>
      (
        await other`select count(*)::int as n from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database()`
      )[0]!.n;
    await expect.poll(waiting).toBe(1);
    const moving = registry.subgraph.receive([
      { id: randomUUID(), type: 'person.moved', subject: person, payload: { area: 'KE.47.01', household: null } },
    ]);
    await expect.poll(waiting).toBe(2);
    await other`rollback`;
    other.release();
    await Promise.all([enrolling, moving]);
    expect(await owner()`select area_path::text as area from enrollment where person_id = ${person}`).toEqual([{ area: 'KE.47.01' }]);
  });

  it('enrolls a household through the person who stands for it, once', async () => {
    const input = { person: ref.person(ID.ekiru), program: 'HSNP', startsOn: '2024-01-15' };
    expect((await enroll('household-missing', input, caseWorker)).refusals).toEqual([{ code: 'INVALID', path: ['input', 'household'] }]);
    expect((await enroll('household-other', { ...input, household: ref.household(ID.nobody) }, caseWorker)).refusals).toEqual([
      { code: 'NOT_AVAILABLE', path: ['input', 'household'] },
    ]);
    expect((await enroll('household-twice', { ...input, household: ref.household(ID.ekiruHousehold) }, caseWorker)).refusals).toEqual([
      { code: 'CONFLICT', path: ['input'] },
    ]);
    expect(
      (await enroll('household-person', { ...lokwang, program: 'PENSION', household: ref.household(ID.ekiruHousehold) }, caseWorker))
        .refusals,
    ).toEqual([{ code: 'INVALID', path: ['input', 'household'] }]);
  });
});

describe('changing the state of an enrollment', () => {
  const wanjiru = { enrollment: ref.enrollment(ID.wanjiruOpct, ID.wanjiru) };

  it('follows the allowed transitions and counts who receives', async () => {
    await owner()`delete from coverage_delta`;
    expect(
      await change('wanjiru-back', { ...wanjiru, to: 'ENROLLED', reason: 'RECERTIFIED', on: '2024-02-01', decision: 'D-1' }),
    ).toMatchInlineSnapshot(`
      {
        "enrollment": {
          "endsOn": null,
          "history": {
            "nodes": [
              {
                "decision": null,
                "from": null,
                "on": "2021-06-06",
                "reason": "CRITERIA_MET",
                "to": "SUSPENDED",
              },
              {
                "decision": "D-1",
                "from": "SUSPENDED",
                "on": "2024-02-01",
                "reason": "RECERTIFIED",
                "to": "ENROLLED",
              },
            ],
          },
          "status": "ENROLLED",
          "statusSince": "2024-02-01",
        },
        "refusals": null,
      }
    `);
    expect(await change('wanjiru-exit', { ...wanjiru, to: 'EXITED', reason: 'OWN_WISH', on: '2024-03-01' })).toMatchObject({
      enrollment: { status: 'EXITED', endsOn: '2024-03-01' },
    });
    expect(await owner()`select change from coverage_delta order by delta_id`).toEqual([{ change: 1 }, { change: -1 }]);
    const [known] =
      await owner()`select payload from outbox where subject = ${ID.wanjiru} and type = 'programs.known' order by seq desc limit 1`;
    // An office goes on knowing whom it served.
    expect(known!.payload).toEqual({ programs: [ID.opct, ID.waiver, ID.pension] });
  });

  it('refuses a transition that is not allowed, a day in the future or before the present state, and rows of others', async () => {
    const ekiru = { enrollment: ref.enrollment(ID.ekiruOpct, ID.ekiru), to: 'SUSPENDED', reason: 'NOT_COLLECTED', on: '2024-02-01' };
    const codes = async (input: object, as = admin) => (await change(`key-${Math.random()}`, { ...ekiru, ...input }, as)).refusals[0].code;
    expect(await codes({ to: 'APPLIED' })).toBe('NOT_ALLOWED_NOW');
    expect(await codes({ on: '2099-01-01' })).toBe('NOT_ALLOWED_NOW');
    expect(await codes({ on: '2019-01-01' })).toBe('INVALID');
    expect(await codes({ ...wanjiru, to: 'ENROLLED' })).toBe('NOT_ALLOWED_NOW');
    expect(await codes({ enrollment: ref.enrollment(ID.ekiruWaiver, ID.ekiru) })).toBe('NOT_AVAILABLE');
    expect(await codes({ enrollment: ref.enrollment(ID.nobody, ID.nobody) })).toBe('NOT_AVAILABLE');
    expect(await codes({ enrollment: ref.enrollment(ID.ekiruSecret, ID.ekiru) }, caseWorker)).toBe('NOT_AVAILABLE');
  });

  it('may not be done without the right to the action', async () => {
    const answer = await registry.ask(beneficiary, CHANGE, {
      key: 'beneficiary-1',
      input: { ...wanjiru, to: 'ENROLLED', reason: 'OWN_WISH', on: '2024-01-01' },
    });
    expect(answer.errors?.[0]?.extensions?.code).toBe('FORBIDDEN_FIELD');
  });
});

describe('hearing of the persons registry', () => {
  it('moves the rows of a person and their counts to the new area, once', async () => {
    await owner()`delete from coverage_delta`;
    const event = {
      id: '70000000-0000-4000-8000-000000000001',
      type: 'person.moved',
      subject: ID.ekiru,
      payload: { area: 'KE.47.02', household: null },
    };
    await registry.subgraph.receive([event, event]);
    expect(
      await owner()`select distinct area_path::text as area from enrollment where person_id = ${ID.ekiru}
      union select area_path::text from benefit where person_id = ${ID.ekiru} union select area_path::text from enrollment_event where person_id = ${ID.ekiru}`,
    ).toEqual([{ area: 'KE.47.02' }]);
    expect(await owner()`select area_path::text as area, sum(change)::int as n from coverage_delta group by 1 order by 1`).toEqual([
      { area: 'KE.23.01', n: -3 },
      { area: 'KE.47.02', n: 3 },
    ]);
    expect(await owner()`select household_id, area_path::text as area from subject where person_id = ${ID.ekiru}`).toEqual([
      { household_id: null, area: 'KE.47.02' },
    ]);
  });

  it('takes a registered person, who can then be enrolled', async () => {
    const id = '40000000-0000-4000-8000-000000000005';
    await registry.subgraph.receive([
      {
        id: '70000000-0000-4000-8000-000000000002',
        type: 'person.registered',
        subject: id,
        payload: { area: 'KE.23.01', household: null },
      },
    ]);
    expect(await enroll('enroll-registered', { ...lokwang, person: ref.person(id) })).toMatchObject({ enrollment: { status: 'APPLIED' } });
    expect(registry.logged.filter((l) => !l.startsWith('tripwire'))).toEqual([]);
  });
});
