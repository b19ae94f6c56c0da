import {
  type DocumentNode,
  type ExecutableDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  validate,
  visit,
} from 'graphql';

/** A request as it came in. */
export interface EngineRequest {
  readonly query?: string | undefined;
  /** In place of `query`, when it is parsed already. */
  readonly document?: DocumentNode | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName?: string | null | undefined;
}

/** An operation that may run, or why none does. */
export type Checked =
  | { readonly refused: readonly GraphQLError[] }
  | { readonly refused: null; readonly document: DocumentNode; readonly operation: OperationDefinitionNode };

/** Parses and validates a request, and finds the operation that it means. */
export function check(schema: GraphQLSchema, request: EngineRequest): Checked {
  try {
    const document = request.document ?? parse(request.query ?? '');
    const refused = validate(schema, document);
    if (refused.length > 0) return { refused };
    const operation = operationOf(document, request.operationName ?? undefined);
    const strange = strangeNames(document);
    return strange.length > 0 ? { refused: strange } : { refused: null, document, operation };
  } catch (error) {
    if (error instanceof GraphQLError) return { refused: [error] };
    throw error;
  }
}

function operationOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION);
  const operation = name === undefined ? operations[0] : operations.find((o) => o.name?.value === name);
  if (!operation || (name === undefined && operations.length > 1))
    throw new GraphQLError(
      name === undefined ? 'The document has no operation, or several: name one.' : 'The document has no operation of that name.',
    );
  if (operation.operation === OperationTypeNode.SUBSCRIPTION)
    throw new GraphQLError('Subscriptions are not supported.', { nodes: [operation] });
  return operation;
}

/** JavaScript takes `__proto__` for something else than a key of data: there is no response key or variable of that name. */
export function strangeNames(document: DocumentNode): GraphQLError[] {
  const errors: GraphQLError[] = [];
  const refuse = (node: ExecutableDefinitionNode | { readonly kind: Kind }) =>
    errors.push(new GraphQLError('The name __proto__ cannot be used.', { nodes: [node as never] }));
  visit(document, {
    Field: (node) => void ((node.alias ?? node.name).value === '__proto__' && refuse(node)),
    VariableDefinition: (node) => void (node.variable.name.value === '__proto__' && refuse(node)),
  });
  return errors;
}
