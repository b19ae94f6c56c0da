import {
  type ArgumentNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  Kind,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { freeName } from '../operation.ts';
import { type Subtypes, subtypesOf } from '../subtypes.ts';
import { argumentOf, baseName, type FieldsOf, fieldsOf, parseFieldSet, printFieldSet } from './supergraph-ast.ts';

/** Fields that stand in the planner's supergraph for a real field with arguments, by name. */
export type VirtualFields = ReadonlyMap<string, { readonly name: string; readonly arguments: readonly ArgumentNode[] }>;

/**
 * A field that takes arguments and stands in `@requires` has the same response key whatever its arguments are, so the planner mixes it with the client's own
 * selection of that field, and with that of another `@requires`. Here each such use becomes a field of its own, without arguments, that the planner knows
 * and clients do not; `required-arguments.texts.ts` turns it back in what is sent.
 */
export function withVirtualFields(supergraph: DocumentNode): { readonly document: DocumentNode; readonly virtual: VirtualFields } {
  const making = new Making(supergraph);
  const rewritten = visit(supergraph, {
    ObjectTypeDefinition: (node) => ({ ...node, fields: node.fields?.map((f) => making.rewritten(node.name.value, f)) }),
    InterfaceTypeDefinition: (node) => ({ ...node, fields: node.fields?.map((f) => making.rewritten(node.name.value, f)) }),
  });
  if (making.virtual.size === 0) return { document: supergraph, virtual: making.virtual };
  const document = visit(rewritten, {
    ObjectTypeDefinition: (node) => ({ ...node, fields: making.extended(node.name.value, node.fields ?? []) }),
    InterfaceTypeDefinition: (node) => ({ ...node, fields: making.extended(node.name.value, node.fields ?? []) }),
  });
  return { document, virtual: making.virtual };
}

class Making {
  readonly virtual = new Map<string, { name: string; arguments: readonly ArgumentNode[] }>();
  readonly #byUse = new Map<string, string>();
  /** Names of virtual fields for each type that has them. */
  readonly #ofType = new Map<string, Set<string>>();
  readonly #taken = new Set<string>();
  readonly #fieldsOf: FieldsOf;
  readonly #subtypes: Subtypes;

  constructor(supergraph: DocumentNode) {
    this.#fieldsOf = fieldsOf(supergraph);
    this.#subtypes = subtypesOf(supergraph);
    visit(supergraph, { FieldDefinition: (node) => void this.#taken.add(node.name.value) });
  }

  /** A field whose `requires` name virtual fields. */
  rewritten(type: string, field: FieldDefinitionNode): FieldDefinitionNode {
    return { ...field, directives: field.directives?.map((d) => (d.name.value === 'join__field' ? this.#directive(type, d) : d)) };
  }

  /** Fields of a type with the virtual ones: copies of the real fields in the same subgraphs, without arguments. */
  extended(type: string, fields: readonly FieldDefinitionNode[]): readonly FieldDefinitionNode[] {
    const added = [...(this.#ofType.get(type) ?? [])].flatMap((name) => {
      const real = fields.find((f) => f.name.value === this.virtual.get(name)?.name);
      const directives = real?.directives?.filter((d) => d.name.value === 'join__field');
      return real ? [{ ...real, name: { kind: Kind.NAME as const, value: name }, arguments: [], directives }] : [];
    });
    return [...fields, ...added];
  }

  #directive(type: string, directive: ConstDirectiveNode): ConstDirectiveNode {
    const requires = argumentOf(directive, 'requires');
    if (requires?.kind !== Kind.STRING) return directive;
    const value = printFieldSet(this.#selections(type, parseFieldSet(requires.value)));
    return {
      ...directive,
      arguments: directive.arguments?.map((a) => (a.name.value === 'requires' ? { ...a, value: { kind: Kind.STRING, value } } : a)),
    };
  }

  #selections(type: string, set: SelectionSetNode): SelectionSetNode {
    return { ...set, selections: set.selections.map((selection) => this.#selection(type, selection)) };
  }

  #selection(type: string, selection: SelectionNode): SelectionNode {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return { ...selection, selectionSet: this.#selections(selection.typeCondition?.name.value ?? type, selection.selectionSet) };
    }
    const definition = this.#fieldsOf(type).get(selection.name.value);
    if (!definition) return selection;
    const selectionSet = selection.selectionSet && this.#selections(baseName(definition.type), selection.selectionSet);
    // A field that could be given arguments is one too: the client may give it some.
    if (!definition.arguments?.length) return { ...selection, selectionSet };
    return { ...selection, name: { kind: Kind.NAME, value: this.#virtualName(type, selection) }, arguments: [], selectionSet };
  }

  #virtualName(type: string, field: FieldNode): string {
    const args = field.arguments ?? [];
    const use = `${field.name.value}(${args.map(print).sort().join()})`;
    let name = this.#byUse.get(use);
    if (!name) {
      name = freeName(`${field.name.value}__required`, this.#taken);
      this.#taken.add(name);
      this.#byUse.set(use, name);
      this.virtual.set(name, { name: field.name.value, arguments: args });
    }
    // What an interface has, its implementations have.
    for (const owner of this.#subtypes(type)) this.#ofType.set(owner, (this.#ofType.get(owner) ?? new Set()).add(name));
    return name;
  }
}
