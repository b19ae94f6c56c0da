import { parse } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { type Federation, federation } from '../features/federation.examples.ts';
import { loadSupergraph } from '../supergraph.ts';
import { withComputedApart } from './computed-apart.ts';

const reference = { __resolveReference: (key: object) => key };

/**
 * The label requires the area, which requires the home, which the label's own subgraph has; the parcel requires the label. Nothing in the subgraphs says that
 * something was not sent: they compute with what there is.
 */
let labels: Federation;
beforeAll(() => {
  const person = (id: string, friends: readonly object[]) => {
    const home = { id: `h${id}` };
    const area = { name: `area of h${id}`, homes: [home] };
    return { __typename: 'Person', id, home, area, label: `to ${area.name}`, parcel: { text: `[to ${area.name}]`, from: home }, friends };
  };
  const one = person('1', [person('2', []), person('3', [])]);
  labels = federation(
    {
      areas: {
        schema: `
          type Query { person: Person }
          type Person @key(fields: "id") { id: ID! home: Home @external area: Area @requires(fields: "home { id }") friends: [Person] }
          type Home @key(fields: "id") { id: ID! }
          type Area { name: String homes: [Home] }
        `,
        resolvers: {
          Query: { person: () => ({ id: '1' }) },
          Person: {
            ...reference,
            friends: ({ id }: { id: string }) => (id === '1' ? [{ id: '2' }, { id: '3' }] : []),
            area: ({ home }: { home?: { id: string } }) => ({ name: `area of ${home?.id ?? 'nobody'}`, homes: home ? [home] : [] }),
          },
        },
      },
      labels: {
        schema: `
          type Person @key(fields: "id") { id: ID! home: Home area: Area @external label: String @requires(fields: "area { name }") }
          type Home @key(fields: "id") { id: ID! }
          type Area @external { name: String }
        `,
        resolvers: {
          Person: {
            ...reference,
            home: ({ id }: { id: string }) => ({ id: `h${id}` }),
            label: ({ area }: { area: { name: string } }) => `to ${area.name}`,
          },
        },
      },
      parcels: {
        schema: `
          type Person @key(fields: "id") { id: ID! home: Home @external label: String @external parcel: Parcel @requires(fields: "label home { id }") }
          type Home @key(fields: "id") { id: ID! }
          type Parcel { text: String from: Home }
        `,
        resolvers: {
          Person: {
            ...reference,
            parcel: ({ label, home }: { label: string; home: object }) => ({ text: `[${label}]`, from: home }),
          },
        },
      },
    },
    { person: one },
  );
});

test.each([
  '{ person { label } }',
  '{ person { area { name } label } }',
  '{ person { friends { label } } }',
  '{ person { friends { parcel { text from { id } } area { homes { id } } } } }',
  'query ($a: Boolean = true) { person { label @skip(if: $a) parcel { text } friends { label @include(if: $a) } } }',
])('a subgraph is sent what its field requires, also where that leads back into it: %s', async (query) => {
  expect(await labels.ours(query)).toEqual(await labels.monolith(query));
});

test('the stock planner has it compute with nothing', async () => {
  expect(await labels.stock('{ person { label } }')).toEqual({ data: { person: { label: 'to area of nobody' } } });
});

test('what can be planned at first is', async () => {
  labels.sent.length = 0;
  await labels.ours('{ person { area { name } } }');
  expect(labels.sent.map((s) => s.subgraph)).toEqual(['areas', 'labels', 'areas']);
});

test('a subgraph is seen once without its computed fields, and once for each step that it computes', () => {
  const apart = withComputedApart(parse(labels.supergraph))!;
  const graphs = apart.document.definitions.find((d) => d.kind === 'EnumTypeDefinition' && d.name.value === 'join__Graph');
  const names = graphs?.kind === 'EnumTypeDefinition' ? (graphs.values ?? []).map((v) => v.name.value) : [];
  expect(names).toEqual([
    'AREAS',
    'AREAS__COMPUTED_Person_1',
    'LABELS',
    'LABELS__COMPUTED_Person_2',
    'PARCELS',
    'PARCELS__COMPUTED_Person_3',
  ]);
  expect(names.map(apart.realName).filter((name) => /[a-z]/.test(name))).toEqual(['areas', 'labels', 'parcels']);
});

test('where nothing is computed there is nothing to take apart', () => {
  const { supergraph } = federation({ one: { schema: 'type Query { a: Int }' } });
  expect(withComputedApart(parse(supergraph))).toBeNull();
  expect(loadSupergraph(supergraph).planning.otherwise()).toBeNull();
});
