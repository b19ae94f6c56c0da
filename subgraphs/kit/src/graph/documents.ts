import { ApiError } from '@commonweal/schema';
import {
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { Bounded } from '../bounded.ts';

/** A document of the gateway, looked at once. */
export interface KnownDocument {
  readonly document: DocumentNode;
  /** Coordinates it selects that have a rule in the tripwire. */
  readonly ruled: readonly string[];
  /** Variables without whose values compiled code makes other arguments than graphql-js. */
  readonly needed: readonly string[];
  /** What has been compiled from it, by name of the operation and schema. */
  readonly compiled: Map<string, unknown>;
}

/** Documents kept. The gateway sends few different ones. */
const MOST = 1000;

/** Parses and validates each text once. `ruled` are the coordinates that have a rule. */
export class Documents {
  readonly #schema: GraphQLSchema;
  readonly #ruled: ReadonlySet<string>;
  readonly #known = new Bounded<string, KnownDocument>(MOST);

  constructor(schema: GraphQLSchema, ruled: ReadonlySet<string>) {
    this.#schema = schema;
    this.#ruled = ruled;
  }

  /** Throws ApiError for a text that this registry does not understand. */
  get(query: string): KnownDocument {
    return this.#known.getOrMake(query, () => {
      const document = parse(query);
      if (validate(this.#schema, document).length > 0) throw new ApiError('INTERNAL', 'The registries do not fit each other.');
      const ruled = selectedBy(this.#schema, document).filter((coordinate) => this.#ruled.has(coordinate));
      return { document, ruled, needed: neededBy(document), compiled: new Map() };
    });
  }
}

/** All coordinates that a document selects, whether or not a directive or a fragment leaves some out: of an interface, those of every type behind it. */
export function selectedBy(schema: GraphQLSchema, document: DocumentNode): string[] {
  const found = new Set<string>();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      [Kind.FIELD](node) {
        const parent = types.getParentType();
        const possible = isAbstractType(parent) ? schema.getPossibleTypes(parent) : isObjectType(parent) ? [parent] : [];
        for (const type of possible) if (type.getFields()[node.name.value]) found.add(`${type.name}.${node.name.value}`);
      },
    }),
  );
  return [...found];
}

/**
 * Variables that stand inside a list or an input object. One that is not given is left out there, and null must not come to what must not be null: graphql-js knows
 * both, and compiled code puts null in either case.
 */
function neededBy(document: DocumentNode): string[] {
  const needed = new Set<string>();
  const inside = (node: ASTNode) =>
    visit(node, {
      [Kind.VARIABLE](variable) {
        needed.add(variable.name.value);
      },
    });
  visit(document, { [Kind.LIST]: inside, [Kind.OBJECT]: inside });
  return [...needed];
}
