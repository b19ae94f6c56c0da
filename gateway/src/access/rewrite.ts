import type { Catalog, Rights } from '@commonweal/schema';
import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  Kind,
  OperationTypeNode,
  type SelectionNode,
  type ValueNode,
  type VariableDefinitionNode,
  visit,
} from 'graphql';
import { refusal } from '../reply/errors.ts';
import { inputCheck } from './inputs.ts';
import { EXISTS, sentKey, sentName } from './names.ts';
import { field, inlineFragment, selectionSet, typename } from './nodes.ts';
import { type Selected, usedVariables, withFragments } from './operations.ts';

/** What may run of one operation for one profile: everything else has been cut out, so that nothing later can fetch it. */
export interface AccessPlan {
  readonly isMutation: boolean;
  /** What is planned and fetched; null when nothing of the operation is left to fetch. */
  readonly document: DocumentNode | null;
  /** Fields of the original that were refused, with their coordinates. */
  readonly denied: ReadonlyMap<FieldNode, string>;
  /** Variables that are still used: under which name they are sent, and their input type, by which each request's values are checked. */
  readonly variables: readonly { readonly name: string; readonly sentAs: string; readonly type: string }[];
  /** Whether anything but public facts is asked for. */
  readonly personal: boolean;
}

/** What a rewrite leans on. */
export interface RewriteBase {
  /** The whole graph, not the pruned one. */
  readonly schema: GraphQLSchema;
  readonly catalog: Catalog;
  readonly rights: Rights;
  /** The most fields that may give an interface or a union. */
  readonly abstractFields: number;
}

/**
 * Cuts out of a valid operation what its caller may not have. The operation and each fragment are visited once. Throws FORBIDDEN_INPUT when a refused argument,
 * input field or enum value is used (leaving a filter out would return more), and FORBIDDEN_ACTION for a mutation with a refused field at its top: then nothing runs.
 */
export function rewrite(base: RewriteBase, selected: Selected): AccessPlan {
  const { schema, catalog, rights } = base;
  const { operation } = selected;
  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  const inputs = inputCheck(catalog, rights);
  const denied = new Map<FieldNode, string>();
  const rewritten = new Map<string, FragmentDefinitionNode | null>();
  let personal = isMutation;
  let abstractFields = 0;

  const possible = (type: GraphQLCompositeType): readonly string[] =>
    isAbstractType(type) ? schema.getPossibleTypes(type).map((t) => t.name) : [type.name];
  const forbiddenInput = (input: string) =>
    refusal('FORBIDDEN_INPUT', `The input ${input} may not be used for this purpose. Nothing was run.`, { details: { input } });

  function selections(list: readonly SelectionNode[], parent: GraphQLCompositeType): SelectionNode[] {
    const kept = list.flatMap((s): SelectionNode[] => {
      if (s.kind === Kind.FIELD) return ofField(s, parent);
      if (s.kind === Kind.INLINE_FRAGMENT) return ofInlineFragment(s, parent);
      return ofFragment(s.name.value) ? [s] : [];
    });
    // The type of the object behind an interface or union decides what of it may be told.
    return isAbstractType(parent) && kept.length > 0 ? [typename(), ...kept] : kept;
  }

  function ofInlineFragment(node: InlineFragmentNode, parent: GraphQLCompositeType): SelectionNode[] {
    const type = node.typeCondition ? (schema.getType(node.typeCondition.name.value) as GraphQLCompositeType) : parent;
    const kept = selections(node.selectionSet.selections, type);
    return kept.length > 0 ? [{ ...node, selectionSet: selectionSet(kept) }] : [];
  }

  function ofFragment(name: string): FragmentDefinitionNode | null {
    const done = rewritten.get(name);
    if (done !== undefined) return done;
    const fragment = selected.fragments.get(name) as FragmentDefinitionNode;
    const kept = selections(fragment.selectionSet.selections, schema.getType(fragment.typeCondition.name.value) as GraphQLCompositeType);
    const value = kept.length > 0 ? { ...fragment, selectionSet: selectionSet(kept) } : null;
    rewritten.set(name, value);
    return value;
  }

  function ofField(node: FieldNode, parent: GraphQLCompositeType): SelectionNode[] {
    const name = node.name.value;
    // The answer tells type names by itself; where nothing else is left, `orTypename` asks for one.
    if (name === '__typename') return [];
    const coordinate = `${parent.name}.${name}`;
    const definition = 'getFields' in parent ? parent.getFields()[name] : undefined;
    if (!definition || !rights.type(parent.name) || !rights.field(coordinate)) {
      if (isMutation && parent === schema.getMutationType())
        throw refusal('FORBIDDEN_ACTION', `${coordinate} may not be done for this purpose. Nothing was run.`, { nodes: [node] });
      denied.set(node, coordinate);
      return [];
    }
    for (const a of node.arguments ?? []) checkArgument(a, parent, name);
    const type = getNamedType(definition.type);
    if (isAbstractType(type) && ++abstractFields > base.abstractFields) {
      throw refusal('LIMIT_EXCEEDED', `The operation is too large: fields of many types, at most ${base.abstractFields}.`, {
        details: { limit: base.abstractFields },
      });
    }
    for (const p of possible(parent)) personal ||= isPersonal(catalog, `${p}.${name}`);
    const alias = sentKey(node.alias?.value ?? name, name);
    const below = isCompositeType(type)
      ? orTypename([...proof(type), ...selections(node.selectionSet?.selections ?? [], type)])
      : undefined;
    const sent: FieldNode = {
      ...node,
      alias: alias === name ? undefined : { kind: Kind.NAME, value: alias },
      selectionSet: below && selectionSet(below),
    };
    return onPermittedTypes(parent, sent);
  }

  function checkArgument(a: ArgumentNode, parent: GraphQLCompositeType, fieldName: string): void {
    const known = inputs.argument(possible(parent), fieldName, a.name.value);
    if (!known) throw forbiddenInput(`${parent.name}.${fieldName}(${a.name.value}:)`);
    checkLiteral(a.value, known.type);
  }
  function checkLiteral(value: ValueNode, type: string): void {
    const refused = inputs.literal(value, type);
    if (refused !== null) throw forbiddenInput(refused);
  }

  /** Behind an interface stand types that this caller may not meet: then each type that it may is asked by name, and of the others nothing is fetched. */
  function onPermittedTypes(parent: GraphQLCompositeType, sent: FieldNode): SelectionNode[] {
    if (!isAbstractType(parent)) return [sent];
    const all = possible(parent);
    const permitted = all.filter((t) => rights.type(t));
    return permitted.length === all.length ? [sent] : permitted.map((t) => inlineFragment(t, [sent]));
  }

  /**
   * What stands behind a reference exists only if the registry that owns it says so: its `id` is always asked for, and before anything else, so that it is
   * its absence that the executor tells and not that of a field which the caller asked for.
   */
  function proof(type: GraphQLCompositeType): SelectionNode[] {
    return isInterfaceType(type) && type.getFields().id ? [typename(), ...onPermittedTypes(type, field('id', EXISTS))] : [];
  }

  const root = (isMutation ? schema.getMutationType() : schema.getQueryType()) as GraphQLCompositeType;
  const kept = selections(operation.selectionSet.selections, root);
  const plan = { isMutation, denied, personal };
  if (kept.length === 0) return { ...plan, document: null, variables: [] };

  const reached = withFragments(
    { ...operation, selectionSet: selectionSet(kept) },
    new Map([...rewritten].filter((f): f is [string, FragmentDefinitionNode] => f[1] !== null)),
  );
  const used = usedVariables(reached);
  const definitions = (operation.variableDefinitions ?? []).filter((v) => used.has(v.variable.name.value));
  for (const d of definitions) if (d.defaultValue) checkLiteral(d.defaultValue, namedType(d));
  const document = renameVariables(withFragments({ ...reached.operation, variableDefinitions: definitions }, reached.fragments));
  return {
    ...plan,
    document,
    variables: definitions.map((d) => ({ name: d.variable.name.value, sentAs: sentName(d.variable.name.value), type: namedType(d) })),
  };
}

const orTypename = (kept: SelectionNode[]): SelectionNode[] => (kept.length > 0 ? kept : [typename()]);

function namedType(definition: VariableDefinitionNode): string {
  let type = definition.type;
  while (type.kind !== Kind.NAMED_TYPE) type = type.type;
  return type.name.value;
}

function renameVariables(selected: Selected): DocumentNode {
  return visit(selected.document, {
    Variable: (node) => {
      const sent = sentName(node.name.value);
      return sent === node.name.value ? undefined : { ...node, name: { ...node.name, value: sent } };
    },
  });
}

/** Whether a field tells more than public facts: by its class, its action, or what its type holds. */
function isPersonal(catalog: Catalog, coordinate: string): boolean {
  const known = catalog.fields.get(coordinate);
  if (known?.accessClass !== 'OPEN' || known.action !== null) return true;
  const type = catalog.types.get(known.type);
  if (!type) return catalog.possible.has(known.type);
  return [...type.fields.values()].some((f) => f.accessClass !== 'OPEN');
}
