import { beforeAll, expect, test } from 'vitest';
import { type Federation, federation } from '../features/federation.examples.ts';

let nodes: Federation;
beforeAll(() => {
  nodes = federation(
    {
      // What stands behind Node is not known here, and what it is called neither.
      index: {
        schema: `
          type Query { found: Node holder: Holder here: Boolean }
          type Holder { node: Node }
          interface Node { id: ID! }
        `,
        resolvers: {
          Query: {
            found: () => ({ __typename: 'Node', id: '1' }),
            holder: () => ({ node: { __typename: 'Node', id: '1' } }),
            here: () => true,
          },
        },
      },
      store: {
        schema: `
          type Query { stored: Node }
          type Node @key(fields: "id", resolvable: false) @interfaceObject { id: ID! size: Int }
        `,
        resolvers: { Query: { stored: () => ({ id: '1', size: 3 }) } },
      },
      things: {
        schema: `
          interface Node @key(fields: "id") { id: ID! }
          type Thing implements Node @key(fields: "id") { id: ID! color: String }
        `,
        resolvers: { Thing: { __resolveReference: (key: object) => key, color: () => 'red' } },
      },
    },
    {},
  );
});

test('a field that no subgraph leads to is an error', async () => {
  expect(await nodes.ours('{ found { size } }')).toMatchInlineSnapshot(`
    {
      "errors": [
        "No subgraph gives Query.found where the operation asks for it.",
      ],
    }
  `);
});

test('so is one beside others, and one below others', async () => {
  expect(await nodes.ours('{ here found { size } }')).toMatchInlineSnapshot(`
    {
      "errors": [
        "No subgraph gives Query.found where the operation asks for it.",
      ],
    }
  `);
  expect(await nodes.ours('{ holder { node { size } } }')).toMatchInlineSnapshot(`
    {
      "errors": [
        "No subgraph gives Query.holder where the operation asks for it.",
      ],
    }
  `);
});

test('the stock planner leaves such fields out without a word', async () => {
  expect(await nodes.stock('{ found { size } }')).toEqual({ data: { found: null } });
});

test('what a subgraph leads to is answered', async () => {
  expect(await nodes.ours('{ here stored { size id } }')).toEqual({ data: { here: true, stored: { size: 3, id: '1' } } });
});
