import type { TestDatabase, TestSubgraph } from '@commonweal/kit/testing.ts';
import { personaPrincipal } from '@commonweal/schema';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startExamples, stopExamples } from '../examples.ts';

let database: TestDatabase;
let registry: TestSubgraph;
beforeAll(async () => {
  ({ database, registry } = await startExamples(inject('adminUrl')));
});
afterAll(() => stopExamples({ database, registry }));

interface AreaPage {
  readonly nodes: { readonly code: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly endCursor: string | null };
}
const ask = (variables: object) =>
  registry.ask(
    personaPrincipal('anonymous'),
    'query ($under: ID, $first: Int, $after: String) { areas(under: $under, first: $first, after: $after) { nodes { code } pageInfo { hasNextPage hasPreviousPage endCursor } } }',
    variables as never,
  );

describe('areas', () => {
  it('are those right below the one that is named, or the country', async () => {
    const codes = async (under?: string) => ((await ask({ under })).data!.areas as AreaPage).nodes.map((a) => a.code);
    expect(await codes()).toEqual(['KE']);
    expect(await codes('KE')).toEqual(['KE.23', 'KE.47']);
    expect(await codes('KE.23')).toEqual(['KE.23.01', 'KE.23.02']);
    expect(await codes('KE.2')).toEqual([]);
  });

  it('come a page at a time, to the last one', async () => {
    const first = (await ask({ under: 'KE', first: 1 })).data!.areas as AreaPage;
    expect(first).toMatchObject({ nodes: [{ code: 'KE.23' }], pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const after = first.pageInfo.endCursor;
    const last = (await ask({ under: 'KE', first: 1, after })).data!.areas as AreaPage;
    expect(last).toMatchObject({ nodes: [{ code: 'KE.47' }], pageInfo: { hasNextPage: false, hasPreviousPage: true } });
    // The cursor of one list is none of another.
    expect((await ask({ under: 'KE.23', after })).errors?.[0]?.extensions?.code).toBe('INVALID_CURSOR');
  });
});
