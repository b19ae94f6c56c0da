import { parse } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { type Federation, federation } from '../features/federation.examples.ts';
import { planOperation } from '../planner.ts';
import { loadSupergraph } from '../supergraph.ts';
import { withRequirementsMet } from './unmet-requirements.ts';

/** The appeal requires the band, the band requires the score, and the score, which is the appeal's neighbor, requires the income. */
let scores: Federation;
beforeAll(() => {
  const reference = { __resolveReference: (key: object) => key };
  scores = federation(
    {
      persons: {
        schema: 'type Query { persons: [Person] } type Person @key(fields: "id") { id: ID! income: Int }',
        resolvers: {
          Query: { persons: () => [{ id: '1' }, { id: '2' }] },
          Person: { ...reference, income: ({ id }: { id: string }) => Number(id) * 100 },
        },
      },
      scores: {
        schema: `
          type Person @key(fields: "id") {
            id: ID! income: Int @external band: String @external
            score: Int @requires(fields: "income") appeal: String @requires(fields: "band")
          }
        `,
        resolvers: {
          Person: {
            ...reference,
            // Nothing says that the income was not sent: it computes with what there is.
            score: ({ income = 0 }: { income?: number }) => income / 2,
            appeal: ({ band }: { band: string }) => `not ${band}`,
          },
        },
      },
      bands: {
        schema: 'type Person @key(fields: "id") { id: ID! score: Int @external band: String @requires(fields: "score") }',
        resolvers: { Person: { ...reference, band: ({ score }: { score: number }) => (score < 75 ? 'POOR' : 'OTHER') } },
      },
    },
    {
      persons: [
        { id: '1', income: 100, score: 50, band: 'POOR', appeal: 'not POOR' },
        { id: '2', income: 200, score: 100, band: 'OTHER', appeal: 'not OTHER' },
      ],
    },
  );
});

test.each([
  ['{ persons { appeal } }', {}],
  ['{ persons { appeal income band } }', {}],
  ['query ($a: Boolean!) { persons { id appeal @include(if: $a) } }', { a: true }],
  ['query ($a: Boolean!) { persons { id appeal @include(if: $a) } }', { a: false }],
])('a subgraph is sent what its field requires, also when it is needed on the way only: %s %o', async (query, variables) => {
  expect(await scores.ours(query, variables)).toEqual(await scores.monolith(query, variables));
});

test('the stock planner asks for the field without what it requires, and the answer is wrong', async () => {
  expect(await scores.stock('{ persons { appeal } }')).toEqual({ data: { persons: [{ appeal: 'not POOR' }, { appeal: 'not POOR' }] } });
});

test('where nothing brings what is required there is no plan', () => {
  const { planning } = loadSupergraph(scores.supergraph);
  const types = new Set(['Person']);
  const key = { kind: 'field', key: '__typename', selections: null } as const;
  const requires = [{ kind: 'fragment', types, selections: [key] }] as const;
  const text = 'query($representations:[_Any!]!){_entities(representations:$representations){...on Person{score}}}';
  const entities = [{ variable: 'representations', key: '_entities', requires, input: [], output: [] }];
  const fetch = {
    kind: 'fetch',
    subgraph: 'scores',
    operation: 'query',
    text,
    variables: [],
    at: ['persons', '@'],
    entities,
    output: [],
  } as const;
  expect(() => withRequirementsMet(fetch, planning)).toThrow('Nothing brings what "scores" requires at "persons.@".');
});

test('a plan in which nothing is missing is left as it is', () => {
  const supergraph = loadSupergraph(scores.supergraph);
  const step = planOperation(supergraph, parse('{ persons { score } }'))!;
  expect(withRequirementsMet(step, supergraph.planning)).toBe(step);
});
