import { RowSession } from '@commonweal/kit';
import { type TestDatabase, type TestSubgraph, testDatabase, testSubgraph } from '@commonweal/kit/testing.ts';
import { personaPrincipal } from '@commonweal/schema';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ID, policies, tellExamples } from '../examples.ts';
import { programs } from '../index.ts';
import { fold } from './folding.ts';

let database: TestDatabase;
let registry: TestSubgraph;
const official = personaPrincipal('official');
const admin = personaPrincipal('program-admin');

interface Cell {
  readonly program: { readonly code: string };
  readonly area: { readonly code: string };
  readonly beneficiaries: number | null;
  readonly suppressed: boolean;
}
const ask = async (variables: object, as = official) => {
  const answer = await registry.ask(
    as,
    'query ($programs: [String!], $under: ID) { coverage(programs: $programs, under: $under) { asOf suppressedBelow cells { program { code } area { code } beneficiaries suppressed } } }',
    variables as never,
  );
  expect(answer.errors).toBeUndefined();
  return (answer.data as { coverage: { asOf: string; cells: Cell[] } }).coverage;
};
const told = async (variables: object, as = official) =>
  (await ask(variables, as)).cells.map((c) => `${c.program.code} ${c.area.code} ${c.suppressed ? 'x' : c.beneficiaries}`);

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await tellExamples(database);
  const sql = database.owner('programs');
  const cells: [string, string, number][] = [
    [ID.opct, 'KE.23.01', 200],
    [ID.opct, 'KE.23.02', 4],
    [ID.opct, 'KE.23.03', 30],
    [ID.opct, 'KE.47.01', 100],
    [ID.opct, 'KE.01.01', 14],
    [ID.hsnp, 'KE.23.01', 100],
    [ID.hsnp, 'KE.23.02', 90],
    [ID.hsnp, 'KE.23.03', 80],
    [ID.hsnp, 'KE.01.01', 5],
    [ID.hsnp, 'KE.47.01', 12],
    [ID.secret, 'KE.23.01', 60],
    [ID.secret, 'KE.47.01', 3],
  ];
  for (const [program, area, n] of cells)
    await sql`insert into coverage_cell (program_id, area_path, beneficiaries) values (${program}, ${area}, ${n})`;
  registry = await testSubgraph(programs, database, policies());
});
afterAll(async () => {
  await registry?.stop();
  await database?.drop();
});

describe('coverage', () => {
  it('counts by program and part of the country, and holds back the small counts with what would tell them', async () => {
    expect(await told({})).toEqual(['HSNP KE.01 x', 'HSNP KE.23 270', 'HSNP KE.47 x', 'OPCT KE.01 x', 'OPCT KE.23 234', 'OPCT KE.47 x']);
  });

  it('tells the parts of a county, and nothing below a count that is held back', async () => {
    expect(await told({ under: 'KE.23' })).toEqual([
      'HSNP KE.23.01 100',
      'HSNP KE.23.02 x',
      'HSNP KE.23.03 x',
      'OPCT KE.23.01 200',
      'OPCT KE.23.02 x',
      'OPCT KE.23.03 x',
    ]);
    expect(await told({ under: 'KE.01' })).toEqual(['HSNP KE.01.01 x', 'OPCT KE.01.01 x']);
  });

  it('holds back the same cells whichever programs are asked for and whoever asks', async () => {
    expect(await told({ programs: ['OPCT'], under: 'KE.23' })).toEqual(['OPCT KE.23.01 200', 'OPCT KE.23.02 x', 'OPCT KE.23.03 x']);
    expect(await told({ under: 'KE.23' }, admin)).toEqual(['OPCT KE.23.01 200', 'OPCT KE.23.02 x', 'OPCT KE.23.03 x']);
    expect(await told({ programs: ['ARTS', 'NONE'] })).toEqual([]);
  });

  it('counts changes that are not folded yet, and folds each once when many fold at the same time', async () => {
    const sql = database.owner('programs');
    await sql`insert into coverage_delta (program_id, area_path, change) select ${ID.opct}, 'KE.23.01'::ltree, case when n % 5 = 0 then -1 else 1 end from generate_series(1, 1000) n`;
    expect(await told({ programs: ['OPCT'], under: 'KE.23' })).toContain('OPCT KE.23.01 800');
    const folded = await Promise.all(
      Array.from({ length: 4 }, () => new RowSession(registry.subgraph.pool, {}).write((db) => fold(db, 400), {})),
    );
    for (let more = 1; more > 0; ) more = await new RowSession(registry.subgraph.pool, {}).write((db) => fold(db, 400), {});
    expect(folded.reduce((a, b) => a + b)).toBeLessThanOrEqual(1000);
    expect(await sql`select beneficiaries::int as n from coverage_cell where program_id = ${ID.opct} and area_path = 'KE.23.01'`).toEqual([
      { n: 800 },
    ]);
    expect(await sql`select count(*)::int as n from coverage_delta`).toEqual([{ n: 0 }]);
    const coverage = await ask({ programs: ['OPCT'], under: 'KE.23' });
    expect(Date.now() - Date.parse(coverage.asOf)).toBeLessThan(60_000);
  });

  it('gives a program admin the counts of their program only, and a case worker none', async () => {
    expect((await told({}, admin)).map((c) => c.split(' ')[0])).toEqual(['OPCT', 'OPCT', 'OPCT']);
    const answer = await registry.ask(personaPrincipal('case-worker'), '{ coverage { cells { beneficiaries } } }');
    expect(answer.data).not.toMatchObject({ coverage: { cells: [{ beneficiaries: expect.anything() }] } });
  });

  it('counts nothing under a policy that asks for consent, which no count can know of, nor under one that gives only a part of it', async () => {
    const grants = { PROGRAM: ['GROUP', 'AGGREGATE'], AREA: ['GROUP'], BENEFIT: ['AGGREGATE'] } as const;
    const given = async (more: object) => {
      const policy = { consumer: 'ministry', purpose: 'POLICY', disclosure: 'HIDE', grants, ...more } as const;
      const under = await testSubgraph(programs, database, policies(policy));
      const answer = await under.ask(official, '{ coverage { cells { beneficiaries } } }');
      await under.stop();
      expect(under.logged).toEqual([]);
      return ((answer.data as { coverage: { cells: unknown[] } | null }).coverage?.cells ?? []).length > 0;
    };
    expect(await given({})).toBe(true);
    expect(await given({ consentForRows: true })).toBe(false);
    expect(await given({ consentClasses: ['PROGRAM'] })).toBe(false);
    expect(await given({ grants: { ...grants, AREA: [] } })).toBe(false);
  });

  it('refuses what is no area code', async () => {
    expect((await registry.ask(official, '{ coverage(under: "KE; drop") { asOf } }')).errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });
});
