import { type Catalog, CEILINGS, decide, documentIdOf, hashIn, type PolicySnapshot, type Principal, whyNothing } from '@commonweal/schema';
import { type ASTNode, type GraphQLError, type GraphQLSchema, getLocation, getOperationAST, Kind, parse } from 'graphql';
import { compiler } from './compile.ts';
import { decisions } from './decisions.ts';
import { DEFAULT_LIMITS, type GraphLimits } from './limits.ts';
import { validateOperation } from './validate.ts';

/** What is wrong with an operation, and where: line and column, from 1. */
export interface PreviewFault {
  readonly message: string;
  readonly at: { readonly line: number; readonly column: number } | null;
}

/** What becomes of an operation when a consumer runs it for a purpose. */
export interface Preview {
  readonly id: string;
  /** Its name; null where it has none. */
  readonly name: string | null;
  readonly kind: 'query' | 'mutation' | null;
  /** Why nothing of it would run; empty when something would. */
  readonly faults: readonly PreviewFault[];
  /** Coordinates that it asks for and does not get. */
  readonly refused: readonly string[];
  /** Objects that it may answer with, and whether that depends on its variables. */
  readonly cost: { readonly objects: number; readonly most: number; readonly dependsOnVariables: boolean } | null;
}

/** What a preview is made from. */
export interface PreviewBase {
  readonly schema: GraphQLSchema;
  readonly catalog: Catalog;
  readonly snapshot: PolicySnapshot;
  readonly limits?: GraphLimits;
}

/** Judges an operation as the gateway would for a consumer and a purpose: for a token with all scopes, in the place of whatever person, areas and programs it names. */
export function previewOperation(base: PreviewBase, text: string, consumer: string, purpose: string): Preview {
  const { schema, catalog, snapshot, limits = DEFAULT_LIMITS } = base;
  const id = documentIdOf(text);
  const nothing = { id, name: null, kind: null, refused: [], cost: null };
  const document = readDocument(text, limits.tokens);
  if ('message' in document) return { ...nothing, faults: [document] };
  const operations = document.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION);
  if (operations.length !== 1) return { ...nothing, faults: [{ message: 'The file holds not exactly one operation.', at: null }] };
  const operation = getOperationAST(document)!;
  const named = {
    ...nothing,
    name: operation.name?.value ?? null,
    kind: operation.operation === 'mutation' ? 'mutation' : 'query',
  } as const;

  const principal = anybodyOf(consumer, purpose, snapshot);
  const reason = whyNothing(Object.hasOwn(snapshot.consumers, consumer) ? snapshot.consumers[consumer] : undefined, principal);
  const decision = decide(catalog, snapshot, principal, new Date());
  if (decision.alternatives.length === 0)
    return { ...named, faults: [{ message: `Nothing is shared with ${consumer} for ${purpose} (${reason ?? 'NO_POLICY'}).`, at: null }] };

  const profile = decisions(catalog, schema, () => new Date()).profile(decision);
  const compile = compiler({ engine: { schema, prepare: notPlanned }, catalog, limits, tripwire: () => {} });
  const compiled = compile(document, hashIn(id), undefined, decision, profile);
  if (compiled.refused) {
    const unknown = new Set(validateOperation(schema, { operation, fragments: new Map(), document }).map(keyOf));
    return { ...named, faults: compiled.refused.map((e) => faultOf(e, !unknown.has(keyOf(e)) && isUnknown(e), consumer)) };
  }
  const { plan, cost } = compiled;
  const refused = [...new Set(plan.denied.values())].sort();
  const faults: PreviewFault[] = [];
  if (plan.document === null && plan.denied.size > 0) {
    const [[node] = []] = plan.denied;
    faults.push({ message: `Nothing that it asks for may be seen by ${consumer} for ${purpose}.`, at: placeOf(node) });
  }
  if (!cost.dependsOnVariables && cost.objects > limits.cost)
    faults.push({ message: `It may answer with ${cost.objects} objects; ${limits.cost} are the most.`, at: null });
  return { ...named, faults, refused, cost: { ...cost, most: limits.cost } };
}

const notPlanned = () => {
  throw new Error('a preview plans nothing');
};

const ALL_SCOPES = ['read', 'filter', 'sort', 'group', 'aggregate', 'verify', 'write', 'export'];

/** Somebody of the consumer, confined as its kind must be: what rows that leaves is not asked here. */
function anybodyOf(consumer: string, purpose: string, snapshot: PolicySnapshot): Principal {
  const kind = Object.hasOwn(snapshot.consumers, consumer) ? snapshot.consumers[consumer]?.kind : undefined;
  const claims = kind ? CEILINGS[kind].claims : [];
  return {
    consumer,
    user: 'preview',
    purpose,
    scopes: ALL_SCOPES,
    person: claims.includes('person') ? '00000000-0000-4000-8000-000000000000' : null,
    areas: claims.includes('areas') ? [] : null,
    programs: claims.includes('programs') ? [] : null,
  };
}

function readDocument(text: string, maxTokens: number) {
  try {
    return parse(text, { maxTokens });
  } catch (error) {
    const { message, locations } = error as GraphQLError;
    return { message, at: locations?.[0] ?? null } satisfies PreviewFault;
  }
}

const keyOf = (e: GraphQLError) => JSON.stringify([e.message, e.locations]);
const isUnknown = (e: GraphQLError) => e.extensions.code === 'GRAPHQL_VALIDATION_FAILED';

/** To whoever registers, what is hidden from the consumer is no secret. */
function faultOf(e: GraphQLError, isHidden: boolean, consumer: string): PreviewFault {
  const message = isHidden ? `${e.message} It exists; it is not shared with ${consumer}.` : e.message;
  return { message, at: e.locations?.[0] ?? placeOf(e.nodes?.[0]) };
}

const placeOf = (node: ASTNode | undefined) => (node?.loc ? getLocation(node.loc.source, node.loc.start) : null);
