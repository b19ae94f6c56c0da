import {
  buildSchema,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLScalarType,
  type GraphQLSchema,
  type GraphQLUnionType,
} from 'graphql';
import { settled } from './settled.ts';

const SDL = `
  directive @ours on FIELD
  scalar Day
  enum Color { RED BLUE }
  input Deep { word: String = "deep" }
  input Input { word: String!, deep: Deep = { word: "given" }, n: Int = 7 }
  input Filter { word: String and: [Filter!] }
  input Around { n: Int filter: Filter }
  interface Node { id: ID! }
  type Inner { id: ID! n: Int }
  type Thing implements Node {
    id: ID! n: Int f: Float flag: Boolean color: Color day: Day missing: String inner: Inner
    fails: Inner failsLater: String mustNot: String! mustFail: String!
  }
  type Other implements Node { id: ID! word: String }
  union Either = Thing | Other
  type Lists { must: [Thing!] maybe: [Thing] }
  type Query {
    thing: Thing things: [Thing!]! nodes: [Node] either: [Either!] strange: Node empty: Thing nothing: Int bad: Thing lists: Lists
    echo(text: String = "default", n: Int, color: Color, list: [String!] = ["l"]): String
    echoInput(input: Input!): String
    echoFilter(filter: Filter, around: [Around!]): String
    promises: [Thing] promisesMust: [Thing!] notAList: [Thing] topMustNot: String!
  }
  type Mutation { change: Thing }
`;

const thing = (n: number) => ({
  __typename: 'Thing',
  id: `t${n}`,
  n,
  f: n / 2,
  flag: n % 2 === 0,
  color: 'RED',
  day: '2024-02-29',
  inner: { id: `i${n}`, n },
});
const other = { __typename: 'Other', id: 'o', word: 'w' };
const fault = (code: string) => new GraphQLError(`fault ${code}`, { extensions: { code } });

/** Arguments as text, whatever their order. */
const text = (args: object) => JSON.stringify(Object.fromEntries(Object.entries(args).toSorted(([a], [b]) => (a < b ? -1 : 1))));

/** Resolvers that do all that a resolver can do: answer, later or now, with too little, with what does not fit, and fail. */
const RESOLVERS: Readonly<Record<string, Readonly<Record<string, (parent: never, args: never) => unknown>>>> = {
  Query: {
    thing: () => thing(1),
    things: () => Promise.resolve([thing(1), thing(2)]),
    nodes: () => [thing(1), other, null],
    either: () => Promise.resolve([other, thing(3)]),
    strange: () => ({ __typename: 'Nobody', id: 'x' }),
    empty: () => null,
    nothing: () => undefined,
    bad: () => ({ id: 'b', n: 'many', flag: 'yes', color: 'GREEN', day: 5 }),
    lists: () => ({ must: [thing(1), thing(2)], maybe: [thing(3), null] }),
    echo: (_, args) => text(args),
    echoInput: (_, args) => text(args),
    promises: () => settled([Promise.resolve(thing(1)), Promise.reject(fault('FIRST')), thing(2)]),
    promisesMust: () => settled([Promise.resolve(thing(1)), Promise.reject(fault('SECOND'))]),
    notAList: () => 7,
    topMustNot: () => null,
  },
  Thing: {
    fails: () => {
      throw fault('NOW');
    },
    failsLater: () => Promise.reject(fault('LATER')),
    mustNot: () => Promise.resolve(null),
    mustFail: () => Promise.reject(new Error('no code')),
  },
};

/** A schema with those resolvers. */
export function makeExecutableSchema(): GraphQLSchema {
  const schema = buildSchema(SDL);
  for (const [type, fields] of Object.entries(RESOLVERS))
    for (const [field, resolve] of Object.entries(fields))
      (schema.getType(type) as GraphQLObjectType).getFields()[field]!.resolve = resolve as never;
  for (const abstract of ['Node', 'Either'])
    (schema.getType(abstract) as GraphQLUnionType).resolveType = (value: { __typename: string }) => value.__typename;
  (schema.getType('Day') as GraphQLScalarType).serialize = (value) => {
    if (typeof value !== 'string') throw new TypeError('no day');
    return value;
  };
  return schema;
}
