import { createRequire } from 'node:module';
import {
  type Hop,
  hopKey,
  type SubgraphAnswer,
  type SubgraphName,
  type SubgraphRequest,
  type SubgraphTransport,
  verifyHop,
} from '@commonweal/schema';
import {
  type DocumentNode,
  execute,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isObjectType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

// The library is a dependency of the contract and of the registries, not of the gateway.
const require = createRequire(new URL('../../../schema/index.ts', import.meta.url));
const { buildSubgraphSchema } = require('@apollo/subgraph') as {
  buildSubgraphSchema: (modules: { typeDefs: DocumentNode; resolvers: object }[]) => GraphQLSchema;
};

/** A call that reached a subgraph. */
export interface SeenFetch {
  readonly subgraph: SubgraphName;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly hop: Hop;
  /** Fields of the subgraph's schema that the call asks for. */
  readonly coordinates: ReadonlySet<string>;
}

/** Answers in the place of a fake registry, or lets it answer itself with null. */
export type Intercept = (
  subgraph: SubgraphName,
  request: SubgraphRequest,
  signal: AbortSignal | undefined,
) => Promise<SubgraphAnswer | null> | SubgraphAnswer | null;

/** The hop secret of all fakes. */
export const HOP_SECRET = Buffer.from('a secret of thirty-two bytes, or more');

/** An object of the fake: its type, and a key on which its values depend. Keys that contain `gone` do not exist. */
interface Thing {
  readonly __typename: string;
  readonly key: string;
}

const kebab = (type: string) => type.toLowerCase();
const thing = (type: string, key: string): Thing | null => (key.includes('gone') ? null : { __typename: type, key });
const ofKey = (key: unknown, types: readonly string[]): Thing | null => {
  const type = types.find((t) => String(key).startsWith(`${kebab(t)}-`));
  return type ? thing(type, String(key)) : null;
};

/** A subgraph in memory whose every value says which coordinate of which object it is, so that a value that leaks is known when seen. */
export function fakeRegistry(
  name: SubgraphName,
  sdl: string,
  seen: SeenFetch[],
  intercept: () => Intercept | null,
  now: () => Date,
): SubgraphTransport {
  const typeDefs = parse(sdl);
  const resolvers: Record<string, object> = {};
  for (const d of typeDefs.definitions) {
    if (d.kind === 'ObjectTypeDefinition' && d.directives?.some((x) => x.name.value === 'key')) {
      const type = d.name.value;
      resolvers[type] = { __resolveReference: (r: Record<string, string>) => thing(type, r.id ?? r.ref ?? r.ticket ?? r.code ?? 'gone') };
    }
    if (d.kind === 'InterfaceTypeDefinition' || d.kind === 'UnionTypeDefinition')
      resolvers[d.name.value] = { __resolveType: (o: Thing) => o.__typename };
  }
  const schema = buildSubgraphSchema([{ typeDefs, resolvers }]);
  const key = hopKey(HOP_SECRET, name);

  return {
    async fetch(request, signal) {
      const document = parse(request.query);
      const checked = verifyHop(key, request.hop, name, request.query, Math.floor(now().getTime() / 1000), { firstTime: () => true });
      if ('fault' in checked) throw new Error(`hop refused: ${checked.fault}`);
      seen.push({
        subgraph: name,
        query: request.query,
        variables: request.variables ?? {},
        hop: checked.hop,
        coordinates: coordinatesOf(schema, document),
      });
      const instead = await intercept()?.(name, request, signal);
      if (instead) return instead;
      const result = await execute({
        schema,
        document,
        variableValues: request.variables,
        operationName: request.operationName,
        fieldResolver: canary,
      });
      return {
        data: result.data as Record<string, unknown> | null,
        errors: result.errors?.map((e) => ({
          message: e.message,
          path: e.path as (string | number)[],
          extensions: { code: 'WHATEVER', sql: 'select secret' },
        })),
        extensions: { report: { subgraph: name, persons: ['person-1'], fields: [], rows: 1, withheld: {}, searched: [], statements: 1 } },
      };
    },
  };
}

const canary: GraphQLFieldResolver<Thing | undefined, unknown, Record<string, unknown>> = (source, args, _context, info) => {
  const key = source?.key ?? '1';
  const type = getNamedType(info.returnType);
  const one = (n: number): unknown => {
    if (isEnumType(type)) return type.getValues().at(-1)?.name;
    if (isLeafType(type)) {
      if (info.fieldName === 'id' || info.fieldName === 'ref' || info.fieldName === 'code' || info.fieldName === 'ticket') return key;
      if (type.name === 'Int') return 7;
      if (type.name === 'Boolean') return true;
      return `canary ${info.parentType.name}.${info.fieldName} of ${key}`;
    }
    const types = isAbstractType(type) ? info.schema.getPossibleTypes(type).map((t) => t.name) : [type.name];
    const asked = args.id ?? args.code;
    if (source === undefined && asked !== undefined) return ofKey(asked, types);
    if (isAbstractType(type))
      return thing(types[(n - 1) % types.length] as string, `${kebab(types[(n - 1) % types.length] as string)}-${n}`);
    // What has a reference has a key of its own; parts of an object keep the object's.
    return isObjectType(type) && (type.getFields().id || type.getFields().ticket)
      ? thing(type.name, `${kebab(type.name)}-${n}`)
      : thing(type.name, key);
  };
  return isListType(getNullableType(info.returnType))
    ? isAbstractType(type)
      ? info.schema.getPossibleTypes(type).map((_, i) => one(i + 1))
      : [one(1), one(2)]
    : one(1);
};

function coordinatesOf(schema: GraphQLSchema, document: DocumentNode): Set<string> {
  const found = new Set<string>();
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field(node) {
        if (!node.name.value.startsWith('_')) found.add(`${info.getParentType()?.name}.${node.name.value}`);
      },
    }),
  );
  return found;
}
