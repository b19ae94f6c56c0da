import { References } from '@commonweal/kit';
import { TEST_SECRET, type TestDatabase, type TestSubgraph, testDatabase, testSubgraph } from '@commonweal/kit/testing.ts';
import { categoriesToMask, type Principal, personaPrincipal } from '@commonweal/schema';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ID, policies, ref, tellExamples } from '../examples.ts';
import { programs } from '../index.ts';

let database: TestDatabase;
let registry: TestSubgraph;
const admin = personaPrincipal('program-admin');
const caseWorker = personaPrincipal('case-worker');
const anonymous = personaPrincipal('anonymous');
const SEE = ['READ', 'FILTER'] as const;

/** A consumer with two policies: states in Turkana, dates in Nairobi. Neither gives both anywhere. */
const split = { ...admin, consumer: 'hsnp-office', user: 'split' };
/** A consumer for whom a person's programs take their consent. */
const asking = { ...caseWorker, consumer: 'county-services', user: 'asking', areas: ['KE'] };
const FIELDS = {
  PROGRAM: ['Person.enrollments', 'EnrollmentConnection.nodes', 'EnrollmentConnection.edges', 'EnrollmentEdge.node', 'Enrollment.id'],
};
const apart = { ...admin, consumer: 'links-apart', user: 'apart' };
const PROGRAM_NO_PERSON = { PROGRAM: [...FIELDS.PROGRAM, 'Enrollment.status'] };
const told = policies(
  {
    consumer: 'hsnp-office',
    purpose: 'PROGRAM_MANAGEMENT',
    areas: ['KE.23'],
    grants: { REFERENCE: ['READ'], PROGRAM: SEE },
    fieldsOnly: { PROGRAM: [...FIELDS.PROGRAM, 'Enrollment.status'] },
  },
  {
    consumer: 'hsnp-office',
    purpose: 'PROGRAM_MANAGEMENT',
    areas: ['KE.47'],
    grants: { REFERENCE: ['READ'], PROGRAM: SEE },
    fieldsOnly: { PROGRAM: [...FIELDS.PROGRAM, 'Enrollment.startsOn'] },
  },
  {
    consumer: 'county-services',
    purpose: 'CASE_MANAGEMENT',
    grants: { REFERENCE: ['READ'], PROGRAM: SEE, BENEFIT: ['READ'] },
    consentClasses: ['PROGRAM'],
  },
  // Whose enrollments they are stands in the one, in Kenya; references to persons in the others: in Nairobi, and of persons of one program in Turkana.
  { consumer: 'links-apart', purpose: 'PROGRAM_MANAGEMENT', grants: { PROGRAM: SEE } },
  {
    consumer: 'links-apart',
    purpose: 'PROGRAM_MANAGEMENT',
    areas: ['KE.47'],
    grants: { REFERENCE: ['READ'], PROGRAM: SEE },
    fieldsOnly: PROGRAM_NO_PERSON,
  },
  {
    consumer: 'links-apart',
    purpose: 'PROGRAM_MANAGEMENT',
    areas: ['KE.23'],
    allOrdinaryPrograms: false,
    programs: { HSNP: ID.hsnp },
    grants: { REFERENCE: ['READ'] },
  },
);
const snapshot = { ...told, consumers: { ...told.consumers, 'links-apart': { ...told.consumers['hsnp-office']!, id: 'links-apart' } } };

/** Writes what the consent registry publishes, without the records it rests on. */
async function consent({ adminUrl }: TestDatabase, statement: string): Promise<void> {
  const sql = postgres(adminUrl, { max: 1 });
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx.unsafe(statement);
  });
  await sql.end();
}
const data = async (as: Principal, query: string, variables?: Record<string, unknown>) => {
  const answer = await registry.ask(as, query, variables);
  expect(answer.errors).toBeUndefined();
  return answer.data!;
};
const all = '{ enrollments { nodes { id status startsOn } } }';

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await tellExamples(database);
  registry = await testSubgraph(programs, database, snapshot);
});
afterAll(async () => {
  await registry?.stop();
  await database?.drop();
});

describe('who may see enrollments', () => {
  it('gives no field of one policy in the rows of another', async () => {
    const rows = (await registry.ask(split, all)).data as {
      enrollments: { nodes: { id: string; status: string | null; startsOn: string | null }[] };
    };
    const seen = rows.enrollments.nodes.map((n) => ({ ...n, id: undefined }));
    expect(seen).toHaveLength(4);
    expect(seen.filter((n) => n.status !== null)).toHaveLength(3);
    expect(seen.filter((n) => n.startsOn !== null)).toEqual([{ status: null, startsOn: '2021-06-06' }]);
  });

  it('gives no reference to a person but in the rows of a policy that gives references', async () => {
    const { enrollments } = (await data(apart, '{ enrollments { nodes { id person { id } } } }')) as {
      enrollments: { nodes: { id: string; person: { id: string } | null }[] };
    };
    expect(Object.fromEntries(enrollments.nodes.map((n) => [n.id, n.person?.id ?? null]))).toEqual({
      [ref.enrollment(ID.ekiruOpct, ID.ekiru)]: null,
      [ref.enrollment(ID.ekiruWaiver, ID.ekiru)]: null,
      [ref.enrollment(ID.akaiHsnp, ID.akai)]: ref.person(ID.akai),
      [ref.enrollment(ID.wanjiruOpct, ID.wanjiru)]: ref.person(ID.wanjiru),
    });
  });

  it('filters only rows of the policy that gives the filter', async () => {
    const filtered = await data(split, 'query ($s: [EnrollmentStatus!]) { enrollments(filter: { status: $s }) { nodes { id } } }', {
      s: ['SUSPENDED', 'ENROLLED'],
    });
    expect((filtered.enrollments as { nodes: unknown[] }).nodes).toHaveLength(3);
    const query =
      'query ($r: [_Any!]!, $s: [EnrollmentStatus!]) { _entities(representations: $r) { ... on Person { enrollments(status: $s) { nodes { id } } } } }';
    const r = [{ __typename: 'Person', id: ref.person(ID.wanjiru) }];
    expect(await data(split, query, { r, s: ['SUSPENDED'] })).toEqual({ _entities: [{ enrollments: { nodes: [] } }] });
    expect(await data(split, query, { r })).toMatchObject({ _entities: [{ enrollments: { nodes: [{ id: expect.any(String) }] } }] });
  });

  it("keeps another program's rows from a program's office, by list, reference and link alike", async () => {
    expect(await data(admin, '{ enrollments(filter: { program: "HSNP" }) { nodes { id } totalCount } }')).toEqual({
      enrollments: { nodes: [], totalCount: null },
    });
    for (const id of [
      ref.enrollment(ID.akaiHsnp, ID.akai),
      ref.enrollment(ID.nobody, ID.nobody),
      ref.enrollment(ID.ekiruOpct, ID.akai),
      'enr_x',
      'per_x',
    ]) {
      expect(await data(admin, `{ enrollment(id: "${id}") { id } }`)).toEqual({ enrollment: null });
      expect(
        await data(admin, 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Enrollment { id status } } }', {
          r: [{ __typename: 'Enrollment', ref: id, status: 'ENROLLED' }],
        }),
      ).toEqual({ _entities: [null] });
    }
    const household = { r: [{ __typename: 'Household', id: ref.household(ID.ekiruHousehold) }] };
    expect(
      await data(
        admin,
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Household { enrollments { nodes { id } } } } }',
        household,
      ),
    ).toEqual({ _entities: [{ enrollments: { nodes: [] } }] });
  });

  it('knows a sensitive program only where a policy names it', async () => {
    for (const as of [admin, anonymous]) {
      expect(await data(as, '{ program(code: "ARTS") { id } programs { nodes { code } } }')).toEqual({
        program: null,
        programs: { nodes: ['HFW', 'HSNP', 'OPCT', 'PENSION'].map((code) => ({ code })) },
      });
    }
    const ekiru = { r: [{ __typename: 'Person', id: ref.person(ID.ekiru) }] };
    const seen = await data(
      { ...admin },
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { enrollments { nodes { program { code } } } } } }',
      ekiru,
    );
    expect(seen).toEqual({ _entities: [{ enrollments: { nodes: [{ program: { code: 'OPCT' } }] } }] });
  });

  it('answers the question of overlap for the own program and known persons only, and does not count sensitive programs', async () => {
    const query = 'query ($r: [_Any!]!, $p: String!) { _entities(representations: $r) { ... on Person { overlap(program: $p) } } }';
    const of = async (program: string, ...ids: string[]) =>
      (
        (await data(admin, query, { p: program, r: ids.map((id) => ({ __typename: 'Person', id: ref.person(id) })) }))._entities as {
          overlap: string;
        }[]
      ).map((e) => e.overlap);
    expect(await of('OPCT', ID.ekiru, ID.wanjiru, ID.akai, ID.lokwang, ID.nobody)).toEqual(['OTHER', 'NONE', null, null, null]);
    expect(await of('HSNP', ID.ekiru)).toEqual([null]);
    expect(await of('ARTS', ID.ekiru)).toEqual([null]);
    await database.owner(
      'programs',
    )`insert into enrollment (person_id, enrollment_id, program_id, sensitive, area_path, status, status_since, starts_on)
      values (${ID.wanjiru}, gen_random_uuid(), ${ID.pension}, false, 'KE.01', 'ENROLLED', '2024-01-01', '2024-01-01')`;
    expect(await of('OPCT', ID.wanjiru)).toEqual(['SAME_TYPE']);
  });

  it('follows a person to their enrollments only with their consent, where a policy asks for it', async () => {
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { enrollments { nodes { status } } } } }';
    const r = [ID.ekiru, ID.wanjiru].map((id) => ({ __typename: 'Person', id: ref.person(id) }));
    expect(await data(asking, query, { r })).toEqual({ _entities: [{ enrollments: { nodes: [] } }, { enrollments: { nodes: [] } }] });
    expect(
      await data(asking, `{ enrollments { nodes { id } } enrollment(id: "${ref.enrollment(ID.ekiruOpct, ID.ekiru)}") { id } }`),
    ).toEqual({ enrollments: { nodes: [] }, enrollment: null });
    await consent(
      database,
      `insert into consent.consent_grant (person_id, recipient_id, purpose_id, consent_id, categories, valid_from)
      values ('${ID.wanjiru}', 'county-services', 'CASE_MANAGEMENT', gen_random_uuid(), ${categoriesToMask(['PROGRAM'])}, now())`,
    );
    const states = (list: unknown) => (list as { nodes: { status: string }[] }).nodes.map((n) => n.status).sort();
    const [ekiru, wanjiru] = (await data(asking, query, { r }))._entities as { enrollments: unknown }[];
    expect([states(ekiru!.enrollments), states(wanjiru!.enrollments)]).toEqual([[], ['ENROLLED', 'SUSPENDED']]);
    expect(states((await data(asking, '{ enrollments { nodes { status } } }')).enrollments)).toEqual(['ENROLLED', 'SUSPENDED']);
    await consent(database, `update consent.consent_grant set withdrawn_at = now()`);
    expect(await data(asking, query, { r })).toEqual({ _entities: [{ enrollments: { nodes: [] } }, { enrollments: { nodes: [] } }] });
  });

  it('puts no column into SQL that the decision does not give', async () => {
    registry.statements.length = 0;
    const field = personaPrincipal('field-worker');
    await registry.ask(
      field,
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Person { enrollments { nodes { status startsOn endsOn household { id } source { system } } } overlap(program: "OPCT") } } }',
      { r: [{ __typename: 'Person', id: ref.person(ID.ekiru) }] },
    );
    const text = registry.statements.join('\n');
    expect(text).toContain('"e"."status"');
    for (const column of ['starts_on', 'ends_on', 'source_system', 'overlap_of']) expect(text).not.toContain(column);
  });

  it('shows a beneficiary nobody else, and one without a person nobody', async () => {
    const own = new References(TEST_SECRET, 'self-service');
    const query = `{ enrollment(id: "${own.encode('enr', ID.wanjiruOpct, ID.wanjiru)}") { id } mine: enrollment(id: "${own.encode('enr', ID.ekiruOpct, ID.ekiru)}") { status } }`;
    expect(await data(personaPrincipal('beneficiary', { person: ID.ekiru }), query)).toEqual({
      enrollment: null,
      mine: { status: 'ENROLLED' },
    });
    expect((await registry.ask(personaPrincipal('beneficiary'), query)).data).not.toMatchObject({ mine: { status: expect.anything() } });
  });

  it('gives nothing by row security when the settings of a transaction are missing or mean nothing', async () => {
    const { pool } = registry.subgraph;
    for (const table of ['enrollment', 'enrollment_event', 'benefit', 'subject']) {
      expect(await pool`select 1 from ${pool(table)}`).toHaveLength(0);
      for (const [areas, seen] of [
        ['', 0],
        [',', 0],
        [',,', 0],
        [' ', null],
        ['%', null],
        ['XX'.repeat(400), 0],
        ['KE', 1],
      ] as const) {
        const count = pool.begin(async (tx) => {
          await tx`select set_config('access.areas', ${areas}, true), set_config('access.all_programs', 'on', true)`;
          return (await tx`select 1 from ${tx(table)} limit 1`).length;
        });
        if (seen === null) await expect(count).rejects.toThrow();
        else expect(await count).toBe(seen);
      }
    }
  });
});
