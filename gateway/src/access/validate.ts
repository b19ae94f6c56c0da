import {
  type DocumentNode,
  ExecutableDefinitionsRule,
  type GraphQLError,
  type GraphQLSchema,
  LoneAnonymousOperationRule,
  NoUnusedFragmentsRule,
  OperationTypeNode,
  specifiedRules,
  UniqueFragmentNamesRule,
  UniqueOperationNamesRule,
  type ValidationRule,
  validate,
} from 'graphql';
import { refusal } from '../reply/errors.ts';
import type { Selected } from './operations.ts';

/** Rules about the document as a whole: they tell of no schema. */
const DOCUMENT_RULES: readonly ValidationRule[] = [
  ExecutableDefinitionsRule,
  UniqueOperationNamesRule,
  LoneAnonymousOperationRule,
  UniqueFragmentNamesRule,
];
/** A fragment that only another operation uses is no fault of this one. */
const OPERATION_RULES: readonly ValidationRule[] = specifiedRules.filter((r) => !DOCUMENT_RULES.includes(r) && r !== NoUnusedFragmentsRule);
const OPTIONS = { maxErrors: 10, hideSuggestions: true };

/** Errors of the document that no schema is needed for. */
export const validateDocument = (schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] =>
  validate(schema, document, DOCUMENT_RULES, OPTIONS);

/**
 * Errors of one operation against the schema that its caller may know. Where that is a pruned schema, a field that is hidden gives, word for word, the error of one
 * that never was: nothing is suggested, and no other operation of the document is looked at.
 */
export function validateOperation(schema: GraphQLSchema, selected: Selected): readonly GraphQLError[] {
  const { operation } = selected;
  // graphql-js has no rule for an operation type that a schema lacks: it checks nothing of it and fails at execution.
  if (operation.operation === OperationTypeNode.SUBSCRIPTION)
    return [refusal('GRAPHQL_VALIDATION_FAILED', 'Subscriptions are not supported.', { nodes: [operation] })];
  if (operation.operation === OperationTypeNode.MUTATION && !schema.getMutationType())
    return [refusal('GRAPHQL_VALIDATION_FAILED', 'The schema has no mutations.', { nodes: [operation] })];
  return validate(schema, selected.document, OPERATION_RULES, OPTIONS);
}
