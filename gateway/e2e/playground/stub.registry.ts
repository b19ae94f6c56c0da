import { createRequire } from 'node:module';
import type { SubgraphName, SubgraphTransport } from '@commonweal/schema';
import {
  type DocumentNode,
  execute,
  type GraphQLFieldResolver,
  type GraphQLLeafType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isObjectType,
  parse,
} from 'graphql';

// The library is a dependency of the contract and of the registries, not of the gateway.
const require = createRequire(new URL('../../../schema/index.ts', import.meta.url));
const { buildSubgraphSchema } = require('@apollo/subgraph') as {
  buildSubgraphSchema: (modules: { typeDefs: DocumentNode; resolvers: object }[]) => GraphQLSchema;
};

/** An object of the stub: its type, and the number on which its values depend. */
interface Thing {
  readonly __typename: string;
  readonly n: number;
}

/** A registry without a database, which makes up an answer to whatever it is asked: enough to look at the page. It checks no hop and no right. */
export function stubRegistry(name: SubgraphName, sdl: string): SubgraphTransport {
  const typeDefs = parse(sdl);
  const resolvers: Record<string, object> = {};
  for (const d of typeDefs.definitions) {
    if (d.kind === 'ObjectTypeDefinition' && d.directives?.some((x) => x.name.value === 'key'))
      resolvers[d.name.value] = {
        __resolveReference: (r: Record<string, string>): Thing => ({
          __typename: d.name.value,
          n: numberOf(r.id ?? r.ref ?? r.code ?? ''),
        }),
      };
    if (d.kind === 'InterfaceTypeDefinition') resolvers[d.name.value] = { __resolveType: (o: Thing) => o.__typename };
  }
  const schema = buildSubgraphSchema([{ typeDefs, resolvers }]);
  return {
    async fetch({ query, variables, operationName }) {
      const result = await execute({ schema, document: parse(query), variableValues: variables, operationName, fieldResolver: madeUp });
      if (result.errors) throw new Error('The stub cannot answer this.', { cause: result.errors });
      const report = { subgraph: name, persons: [], fields: [], rows: 1, withheld: {}, searched: [], statements: 0 };
      return { data: result.data as Record<string, unknown>, extensions: { report } };
    },
  };
}

const numberOf = (id: string) => Number(/\d+$/.exec(id)?.[0] ?? 1);

const madeUp: GraphQLFieldResolver<Thing | undefined, unknown, { id?: string }> = (source, { id }, _context, info) => {
  const type = getNamedType(info.returnType);
  const isList = isListType(getNullableType(info.returnType));
  const n = source?.n ?? numberOf(id ?? '');
  if (info.fieldName === 'refusals') return null;
  const one = (i: number): unknown => {
    if (isLeafType(type)) return leaf(type, info.parentType.name, info.fieldName, n + i);
    const made = isAbstractType(type) ? info.schema.getPossibleTypes(type)[0] : type;
    return isObjectType(made) ? ({ __typename: made.name, n: isList ? n * 3 + i : n } satisfies Thing) : null;
  };
  return isList ? [0, 1, 2].map(one) : one(0);
};

const NAMES = ['Akai Lokwawi', 'Ekiru Nangiro', 'Nakiru Ekal', 'Lomuria Ekidor', 'Aita Losike', 'Ewoi Lokaale', 'Apua Etabo'];
const TEXTS: Readonly<Record<string, (n: number) => string>> = {
  'PersonName.full': (n) => NAMES[n % NAMES.length] ?? '',
  'PersonName.surname': (n) => NAMES[n % NAMES.length]?.split(' ')[1] ?? '',
  'Area.name': () => 'Turkana',
  'Program.code': (n) => ['OPCT', 'HSNP'][n % 2] ?? '',
  'Program.name': (n) => ['Older Persons Cash Transfer', 'Hunger Safety Net'][n % 2] ?? '',
  'Account.number': (n) => `01209${4000 + n}`,
};

function leaf(type: GraphQLLeafType, parent: string, field: string, n: number): unknown {
  if (isEnumType(type)) return type.getValues()[n % type.getValues().length]?.name;
  if (type.name === 'ID') return field === 'code' ? `KE.${10 + n}` : `${parent.toLowerCase()}-${n}`;
  if (type.name === 'Int') return n;
  if (type.name === 'Boolean') return false;
  if (type.name === 'Date') return `${1940 + (n % 30)}-0${1 + (n % 9)}-1${n % 10}`;
  if (type.name === 'DateTime') return `2026-0${1 + (n % 9)}-01T09:00:00Z`;
  if (type.name === 'Decimal') return `${2000 + n * 100}.00`;
  return TEXTS[`${parent}.${field}`]?.(n) ?? (field === 'currency' ? 'KES' : `${field} ${n}`);
}
