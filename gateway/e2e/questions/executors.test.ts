import { readFileSync } from 'node:fs';
import { References } from '@commonweal/kit';
import { readSupergraph } from '@commonweal/kit/config.ts';
import { bothExecutors, type Compared } from '@commonweal/kit/testing.executors.ts';
import { buildCatalog } from '@commonweal/schema';
import { cellsOf } from '@commonweal/schema/permissions.ts';
import { parse } from 'graphql';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { along, asked, waysTo } from '../matrix/paths.ts';
import { startTestSystem, type TestSystem } from '../system.ts';

/** Registries run compiled queries. Whatever the gateway sends them must be answered as graphql-js would answer it. */
const catalog = buildCatalog(parse(readSupergraph()));
const compared: Compared = { both: [], left: [], differences: [] };
let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem(inject('adminUrl'), { households: 200, executor: bothExecutors(compared) });
}, 120_000);
afterAll(() => system?.stop());

const question = (name: string) => readFileSync(new URL(`${name}.graphql`, import.meta.url), 'utf8');

it('the reference questions', async () => {
  const { uin, birthDate, surname, program } = system.demo.examples.clinic!;
  const [household] = await system.database.owner('persons')`
    select household_id as id from household where area_path <@ 'KE.23' and cardinality(program_ids) > 1 order by 1 limit 1`;
  const answers = [
    await system.ask(
      'clinic',
      question('verify-beneficiary'),
      { identifier: { type: 'UIN', value: uin }, birthDate, surname, program },
      { purpose: 'SERVICE_VERIFICATION' },
    ),
    await system.ask('case-worker', question('household-across-programs'), {
      id: new References(system.secret, 'government').encode('hh', household!.id as string),
    }),
    await system.ask('official', question('coverage-by-county'), { under: 'KE' }),
    await system.ask('beneficiary', question('my-benefits')),
    await system.ask('program-admin', question('enrolled-in-my-program'), { program: 'OPCT' }),
  ];
  for (const { errors } of answers) expect(errors).toBeUndefined();
  expect(compared.differences).toEqual([]);
});

it.each(['case-worker', 'beneficiary', 'bank', 'auditor', 'anonymous'])(
  'every field that %s is given, and the cursors of lists',
  async (persona) => {
    const [purpose] = {
      'case-worker': ['CASE_MANAGEMENT'],
      beneficiary: ['SELF_SERVICE'],
      bank: ['PAYMENT'],
      auditor: ['AUDIT'],
      anonymous: ['PUBLIC_INFORMATION'],
    }[persona]!;
    const cells = cellsOf(catalog, { persona, purpose: purpose! });
    const given = (coordinate: string) => cells.get(coordinate) !== 'no' && !/\.(ref|ticket)$/.test(coordinate);
    for (const [type, way] of waysTo(catalog, given)) {
      const fields = [...(catalog.types.get(type)?.fields.values() ?? [])].filter((f) => given(f.coordinate));
      if (fields.length > 0) await system.ask(persona, along(way, fields.map((f) => asked(catalog, f)).join(' ')), undefined, { purpose });
    }
    expect(compared.differences).toEqual([]);
  },
);

it('what is refused, absent and not understood', async () => {
  await system.ask('case-worker', '{ person(id: "per_x") { id } persons(first: 1000) { nodes { id } } household(id: "hh_x") { id } }');
  await system.ask('case-worker', '{ persons(first: 2, after: "nonsense") { nodes { id } } node(id: "per_x") { id } }');
  await system.ask(
    'case-worker',
    '{ persons(first: 2, filter: { area: "no area!" }) { edges { cursor node { id household { id } } } pageInfo { endCursor } } }',
  );
  expect(compared.differences).toEqual([]);
});

it('nearly all of it is compiled', () => {
  expect(compared.both.length).toBeGreaterThan(100);
  expect(compared.left.length).toBeLessThan(compared.both.length / 10);
});
