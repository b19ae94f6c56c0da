import { errorCauses, Supergraph as FederationSupergraph, type Schema } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { type DocumentNode, GraphQLError, type GraphQLSchema, Kind, parse } from 'graphql';
import { clientKeys, type SentKey } from './cures/client-keys.ts';
import { withComputedApart } from './cures/computed-apart.ts';
import { type InterfaceKeys, interfaceKeys } from './cures/interface-keys.ts';
import { computedByInterface } from './cures/kept-apart.ts';
import { type LocalFields, localFields } from './cures/local-fields.ts';
import { fieldsOfInterfaceObjects } from './cures/one-name.ts';
import { withRequirementsNotProvided } from './cures/provided-requirements.ts';
import { type VirtualFields, withVirtualFields } from './cures/required-arguments.ts';
import { type RequiredBy, requiredBy } from './cures/required-fields.ts';
import { withResolvableKeysFirst } from './cures/resolvable-keys.ts';
import { interfaceObjectsOf } from './interface-objects.ts';
import { type Subtypes, subtypesOf } from './subtypes.ts';

/** A supergraph that is ready for planning. */
export interface Supergraph {
  /** As it was given. */
  readonly sdl: string;
  /** What clients see: without inaccessible elements and the vocabulary of composition. */
  readonly schema: GraphQLSchema;
  readonly subgraphs: readonly SubgraphPlace[];
  /**
   * The key under which the data of a plan has what the client calls `responseKey`. Nearly always the same; not where the client gives a field the name of
   * another that plans need themselves.
   */
  readonly sentKey: SentKey;
  /** For the planner only. */
  readonly planning: Planning;
}

/** Where the supergraph says that a subgraph is. */
export interface SubgraphPlace {
  readonly name: string;
  readonly url: string;
}

/** What planning needs of a supergraph. */
export interface Planning {
  readonly planner: QueryPlanner;
  /** The name of a subgraph that the planner knows under another one. */
  readonly realName: (subgraph: string) => string;
  /** Planning for what could not be planned at first: it takes longer. Null where that is no help. Made when it is first needed. */
  readonly otherwise: () => Planning | null;
  /** The planner's own form of `Supergraph.schema`. */
  readonly api: Schema;
  readonly subtypes: Subtypes;
  /** Fields that only the planner knows. */
  readonly virtual: VirtualFields;
  readonly required: RequiredBy;
  readonly local: LocalFields;
  /** Interfaces that some subgraph knows as an object. */
  readonly untyped: ReadonlySet<string>;
  /** Fields that such a subgraph gives, as `Interface.field`. */
  readonly byInterface: ReadonlySet<string>;
  /** Those of them that it computes from others, as `Type.field` of each type behind the interface. */
  readonly computed: ReadonlySet<string>;
  /** Keys by which subgraphs know interfaces as objects. */
  readonly interfaceKeys: InterfaceKeys;
  readonly rootTypes: { readonly query: string; readonly mutation: string | null };
}

/** The text is no supergraph that can be planned for; the message says what is wrong with it. */
export class SupergraphError extends Error {
  override readonly name = 'SupergraphError';
}

/**
 * Combinations of ways to the fields of one operation that the planner weighs against each other before it takes the best of them, at about 0.07 ms each (it
 * takes ten times as many unless told otherwise). Beyond the number it leaves out the ways that look worst: the plan is still right, but may make more
 * fetches than are needed. With five subgraphs that share every field it took 0.08 s instead of 0.6 s, and no plan had more fetches.
 */
const MOST_PLANS = 1_000;

/**
 * Ways to one field that the planner may find. Many shared fields under each other multiply them; beyond the number the operation is refused. Of ten operations
 * that were, four could be planned with ten thousand, in a second of CPU each, and seven with fifty thousand, in up to sixteen.
 */
const MOST_PATHS = 2_000;

/** Reads a supergraph as `@apollo/composition` and its like write it (federation 2). Throws a `SupergraphError`. */
export function loadSupergraph(sdl: string): Supergraph {
  const document = withResolvableKeysFirst(parsed(sdl));
  const inner = built(document, true);
  const api = inner.apiSchema();
  const schema = api.toGraphQLJSSchema();
  const { document: withVirtual, virtual } = withVirtualFields(document);
  const extended = withRequirementsNotProvided(withVirtual);
  const untyped = interfaceObjectsOf(sdl);
  const planning: Planning = {
    // What is made of a valid supergraph here is right by construction, and not tidy enough for validation: fields that nothing uses any more stay.
    planner: planner(extended === document ? inner : built(extended, false)),
    realName: (name) => name,
    otherwise: once(() => {
      const apart = withComputedApart(extended);
      if (!apart) return null;
      try {
        return { ...planning, planner: planner(built(apart.document, false)), realName: apart.realName, otherwise: () => null };
      } catch (error) {
        // What could not be planned stays so, and its client is told.
        if (error instanceof SupergraphError) return null;
        throw error;
      }
    }),
    api,
    subtypes: subtypesOf(document),
    virtual,
    required: requiredBy(extended),
    local: localFields(extended),
    untyped,
    byInterface: fieldsOfInterfaceObjects(document),
    computed: computedByInterface(document, untyped),
    interfaceKeys: interfaceKeys(document),
    rootTypes: { query: schema.getQueryType()?.name ?? 'Query', mutation: schema.getMutationType()?.name ?? null },
  };
  return {
    sdl,
    schema,
    subgraphs: inner.subgraphsMetadata().map(({ name, url }) => ({ name, url })),
    sentKey: clientKeys(extended, virtual),
    planning,
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function parsed(sdl: string): DocumentNode {
  try {
    return parse(sdl, { noLocation: true });
  } catch (error) {
    const at = error instanceof GraphQLError ? error.locations?.[0] : undefined;
    throw new SupergraphError(`The supergraph is not GraphQL${at ? ` at line ${at.line}` : ''}: ${messageOf(error)}`, { cause: error });
  }
}

function built(document: DocumentNode, validateSupergraph: boolean): FederationSupergraph {
  const definesGraphs = document.definitions.some((d) => d.kind === Kind.ENUM_TYPE_DEFINITION && d.name.value === 'join__Graph');
  if (!definesGraphs) {
    throw new SupergraphError(
      'The text is a schema, but no supergraph: it does not say which subgraphs there are (enum join__Graph). Compose the subgraphs first.',
    );
  }
  try {
    return FederationSupergraph.build(document, { validateSupergraph });
  } catch (error) {
    throw new SupergraphError(`The supergraph cannot be used: ${messageOf(error)}`, { cause: error });
  }
}

function planner(inner: FederationSupergraph): QueryPlanner {
  try {
    return new QueryPlanner(inner, {
      // Fragments of the client would carry its names into texts that are otherwise equal.
      reuseQueryFragments: false,
      debug: { maxEvaluatedPlans: MOST_PLANS, pathsLimit: MOST_PATHS },
    });
  } catch (error) {
    throw new SupergraphError(`The supergraph cannot be planned for: ${messageOf(error)}`, { cause: error });
  }
}

/** One line for each cause: the libraries put several errors of a schema into one. */
function messageOf(error: unknown): string {
  const causes = error instanceof Error ? errorCauses(error) : undefined;
  return causes?.map((c) => c.message).join('\n') ?? (error instanceof Error ? error.message : String(error));
}
