import { References } from '@commonweal/kit';
import { TEST_SECRET, type TestDatabase, type TestSubgraph } from '@commonweal/kit/testing.ts';
import { personaPrincipal } from '@commonweal/schema';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ID, startExamples, stopExamples } from '../examples.ts';

let database: TestDatabase;
let registry: TestSubgraph;
const government = new References(TEST_SECRET, 'government');
const caseWorker = personaPrincipal('case-worker');

beforeAll(async () => {
  ({ database, registry } = await startExamples(inject('adminUrl')));
});
afterAll(() => stopExamples({ database, registry }));

describe('persons', () => {
  it('gives a person with all that is asked for', async () => {
    const answer = await registry.ask(
      caseWorker,
      '{ person(id: "' +
        government.encode('per', ID.ekiru) +
        '") { name { full surname } sex ageBand phones area { name parent { name } } household { size povertyScore { value band } } disabilities { type } } }',
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toMatchInlineSnapshot(`
      {
        "person": {
          "ageBand": "AGE_70_PLUS",
          "area": {
            "name": "Turkana Central",
            "parent": {
              "name": "Turkana",
            },
          },
          "disabilities": null,
          "household": {
            "povertyScore": {
              "band": "POOREST",
              "value": "21.50",
            },
            "size": 2,
          },
          "name": {
            "full": "Peter Ekiru",
            "surname": "Ekiru",
          },
          "phones": [
            "+254711000001",
          ],
          "sex": "MALE",
        },
      }
    `);
  });

  it('gives a page in the order asked for, and the next one after its cursor', async () => {
    const query =
      'query ($after: String) { persons(first: 2, after: $after, orderBy: { by: SURNAME }) { nodes { name { surname } } pageInfo { hasNextPage endCursor } } }';
    const one = (await registry.ask(caseWorker, query)).data as {
      persons: { nodes: { name: { surname: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    };
    expect(one.persons.nodes.map((n) => n.name.surname)).toEqual(['Akai', 'Ekiru']);
    expect(one.persons.pageInfo.hasNextPage).toBe(true);
    const two = (await registry.ask(caseWorker, query, { after: one.persons.pageInfo.endCursor })).data as typeof one;
    expect(two.persons.nodes.map((n) => n.name.surname)).toEqual(['Lokwang']);
    expect(two.persons.pageInfo.hasNextPage).toBe(false);
  });

  it('refuses the cursor of another list, and an edited one', async () => {
    const query = 'query ($after: String) { persons(first: 1, after: $after) { nodes { id } pageInfo { endCursor } } }';
    const first = (await registry.ask(caseWorker, query)).data as { persons: { pageInfo: { endCursor: string } } };
    const cursor = first.persons.pageInfo.endCursor;
    const other = await registry.ask(
      caseWorker,
      'query ($after: String) { persons(first: 1, after: $after, filter: { sex: [MALE] }) { nodes { id } } }',
      { after: cursor },
    );
    expect(other.errors?.[0]?.extensions?.code).toBe('INVALID_CURSOR');
    const edited = await registry.ask(caseWorker, query, { after: `${cursor.slice(0, -3)}AAA` });
    expect(edited.errors?.[0]?.extensions?.code).toBe('INVALID_CURSOR');
  });

  it('opens a household with its members, in as many statements as there are kinds of rows', async () => {
    const answer = await registry.ask(
      caseWorker,
      '{ household(id: "' +
        government.encode('hh', ID.ekiruHousehold) +
        '") { size head { name { given } } members { nodes { relationship person { name { given } sex } } } } }',
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data?.household).toMatchObject({ size: 2, head: { name: { given: 'Peter' } } });
    expect((answer.data!.household as { members: { nodes: object[] } }).members.nodes).toHaveLength(2);
    expect((answer.extensions!.report as { statements: number }).statements).toBeLessThanOrEqual(4);
  });

  it('finds a person by a number written with spaces', async () => {
    const answer = await registry.ask(
      caseWorker,
      '{ personByIdentifier(identifier: { type: UIN, value: "22 22-2222" }) { name { given } } }',
    );
    expect(answer.data?.personByIdentifier).toEqual({ name: { given: 'Mary' } });
  });
});
