import type { Catalog, Decision } from '@commonweal/schema';
import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';
import type { Engine, Prepared } from '../execute/engine.ts';
import { Lru } from '../lru.ts';
import { deniedWith } from '../reply/denied.ts';
import { codeOf, isTellable, refusal, SENTENCES, tellable, validationErrors } from '../reply/errors.ts';
import { type Split, splitIntrospection } from '../reply/introspection.ts';
import { type Shape, shapeFor } from '../reply/shape.ts';
import { type Cost, costOf } from './cost.ts';
import type { Profile } from './decisions.ts';
import { checkSize, type GraphLimits } from './limits.ts';
import { type Selected, selectOperation } from './operations.ts';
import { type AccessPlan, rewrite } from './rewrite.ts';
import { validateDocument, validateOperation } from './validate.ts';
import { type ReadVariables, variablesReader } from './variables.ts';

/** All that can be known of an operation for one profile before its variables are: either what may run, or why nothing does. */
export type Compiled =
  | { readonly refused: readonly GraphQLError[] }
  | {
      readonly refused: null;
      readonly selected: Selected;
      readonly split: Split;
      readonly plan: AccessPlan;
      readonly cost: Cost;
      readonly known: GraphQLSchema;
      /** Coordinates that it asks for with some variables and that are refused: each once, in order. */
      denied(variables: Readonly<Record<string, unknown>>): readonly string[];
      readonly variables: ReadVariables;
      /** How what is left is fetched: planned when it is first run, so that an operation refused for its cost or its variables costs no planning. Null: nothing is left. */
      prepared(): Prepared | null;
      /** How what was fetched becomes an answer. */
      shape(): Shape;
    };

/** What a compiler leans on. */
export interface CompileBase {
  readonly engine: Pick<Engine, 'schema' | 'prepare'>;
  readonly catalog: Catalog;
  readonly limits: GraphLimits;
  /** Told when a field that is hidden got past validation. */
  readonly tripwire: (coordinate: string) => void;
}

/** Characters of source text whose compiled operations are remembered. */
const MOST_TEXT = 4_000_000;

/** Compiles operations, each once for (text, operation name, shape of the decision). `hash` is that of the document's text. */
export type Compile = (
  document: DocumentNode,
  hash: string,
  operationName: string | undefined,
  decision: Decision,
  profile: Profile,
) => Compiled;

/** Makes a compiler with a memory of its own. */
export function compiler(base: CompileBase): Compile {
  const remembered = new Lru<Compiled>(MOST_TEXT);
  return (document, hash, operationName, decision, profile) => {
    const key = `${hash}\n${decision.shape}\n${operationName ?? ''}`;
    const known = remembered.get(key);
    if (known) return known;
    const compiled = compile(base, document, operationName, decision, profile);
    remembered.set(key, compiled, 500 + (document.loc?.end ?? 2000));
    return compiled;
  };
}

/** The steps, in the order in which an operation meets them. */
function compile(
  base: CompileBase,
  document: DocumentNode,
  operationName: string | undefined,
  decision: Decision,
  profile: Profile,
): Compiled {
  const { engine, catalog, limits } = base;
  const { schema } = engine;
  // In HIDE mode what may not be seen does not exist; in DENY mode it exists and is refused.
  const known = decision.disclosure === 'HIDE' ? profile.visible : schema;
  if (!known || !profile.visible) return { refused: [refusal('PURPOSE_NOT_ALLOWED', SENTENCES.PURPOSE_NOT_ALLOWED)] };
  try {
    checkSize(document, limits);
    const faults = validateDocument(schema, document);
    if (faults.length > 0) return { refused: validationErrors(faults) };
    const selected = selectOperation(document, operationName);
    const errors = validateOperation(known, selected);
    if (errors.length > 0) return { refused: validationErrors(errors) };
    const cost = costOf(known, selected.operation, selected.fragments, {});
    const split = splitIntrospection(selected);
    const plan = rewrite({ schema, catalog, rights: profile.rights, abstractFields: limits.abstractFields }, split.data);
    if (decision.disclosure === 'HIDE' && plan.denied.size > 0) {
      for (const coordinate of plan.denied.values()) base.tripwire(coordinate);
      return { refused: [refusal('INTERNAL', SENTENCES.INTERNAL)] };
    }
    const { rights } = profile;
    return {
      refused: null,
      selected,
      split,
      plan,
      cost,
      known,
      denied: (variables) => deniedWith(split.data, plan.denied, variables),
      variables: variablesReader(known, selected),
      prepared: once(() => plan.document && engine.prepare(plan.document, selected.operation.name?.value)),
      shape: once(() => shapeFor({ schema, rights, disclosure: decision.disclosure, selected: split.data, plan })),
    };
  } catch (error) {
    if (!isTellable(error)) throw error;
    if (decision.disclosure === 'HIDE' && codeOf(tellable(error, '')).startsWith('FORBIDDEN')) {
      base.tripwire((error as Error).message);
      return { refused: [refusal('INTERNAL', SENTENCES.INTERNAL)] };
    }
    return { refused: [tellable(error, '')] };
  }
}

/** Makes something when it is first asked for. What throws is tried again. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
