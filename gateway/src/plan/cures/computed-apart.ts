import {
  type ConstDirectiveNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  visit,
} from 'graphql';
import { type Computed, computedFields, fieldsInSets, graphOf } from './computed-levels.ts';
import { argumentOf, type FieldsOf, fieldsOf } from './supergraph-ast.ts';

type TypeNode = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** A supergraph in which subgraphs are seen as several, and which subgraph each of them really is. */
export interface Apart {
  readonly document: DocumentNode;
  readonly realName: (subgraph: string) => string;
}

/**
 * Where what a field requires requires something in turn, the planner loses its way when it comes back into a subgraph that it has been in: it asks for a field
 * without what the field requires, or fails. Here a subgraph is seen as several: one that has all but its computed fields, and for each step in such a chain and
 * each type a twin that has the computed fields of this step, and of entities nothing else but a key. So no way leads through one of them twice, but where a
 * computed field is asked for below itself. It makes more fetches than are needed, so this is for operations that could not be planned without. Null where no
 * field is computed.
 */
export function withComputedApart(supergraph: DocumentNode): Apart | null {
  const computed = computedFields(supergraph);
  if (computed.length === 0) return null;
  const making = new Making(supergraph, computed);
  const document = visit(supergraph, {
    EnumTypeDefinition: (node) =>
      node.name.value === 'join__Graph'
        ? { ...node, values: node.values?.flatMap((v) => making.graphs(v)) }
        : { ...node, directives: making.everywhere(node), values: node.values?.map((v) => ({ ...v, directives: making.everywhere(v) })) },
    ObjectTypeDefinition: (node) => making.type(node),
    InterfaceTypeDefinition: (node) => making.type(node),
    UnionTypeDefinition: (node) => ({ ...node, directives: making.everywhere(node) }),
    ScalarTypeDefinition: (node) => ({ ...node, directives: making.everywhere(node) }),
    InputObjectTypeDefinition: (node) => ({
      ...node,
      directives: making.everywhere(node),
      fields: node.fields?.map((f) => ({ ...f, directives: making.everywhere(f) })),
    }),
  });
  return { document, realName: (name) => making.realNames.get(name) ?? name };
}

/** A subgraph, seen for the fields of one type that it computes at one level. */
interface Twin {
  readonly name: string;
  /** What it computes, and what that requires, each as its type and its name. */
  readonly computes: ReadonlySet<string>;
  readonly requires: ReadonlySet<string>;
}

class Making {
  readonly realNames = new Map<string, string>();
  readonly #twins = new Map<string, Twin[]>();
  readonly #roots: ReadonlySet<string>;
  /** The first key by which a graph finds the objects of a type, by graph and type; and the fields of these keys, each as graph, type and name. */
  readonly #keys = new Map<string, ConstDirectiveNode>();
  readonly #keyFields = new Set<string>();
  /** Interfaces that a graph knows as an object. */
  readonly #objects = new Set<string>();
  readonly #fieldsOf: FieldsOf;

  constructor(supergraph: DocumentNode, computed: readonly Computed[]) {
    for (const [name, all] of Map.groupBy(computed, (c) => `${c.graph}__COMPUTED_${c.type}_${c.level}`)) {
      const graph = all[0]!.graph;
      const twin = { name, computes: new Set(all.map((c) => `${c.type} ${c.field}`)), requires: new Set(all.flatMap((c) => c.requires)) };
      this.#twins.set(graph, [...(this.#twins.get(graph) ?? []), twin]);
    }
    const schema = supergraph.definitions.find((d) => d.kind === Kind.SCHEMA_DEFINITION);
    this.#roots = new Set(schema?.operationTypes.map((o) => o.type.name.value) ?? ['Query', 'Mutation', 'Subscription']);
    this.#fieldsOf = fieldsOf(supergraph);
    const find = fieldsInSets(supergraph);
    for (const definition of supergraph.definitions) {
      if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
      for (const directive of definition.directives ?? []) {
        const graph = graphOf(directive);
        if (directive.name.value !== 'join__type' || graph === null) continue;
        const isObject = argumentOf(directive, 'isInterfaceObject');
        if (isObject?.kind === Kind.BOOLEAN && isObject.value) this.#objects.add(`${graph} ${definition.name.value}`);
        const key = argumentOf(directive, 'key');
        const resolvable = argumentOf(directive, 'resolvable');
        if (key?.kind !== Kind.STRING || (resolvable?.kind === Kind.BOOLEAN && !resolvable.value)) continue;
        const place = `${graph} ${definition.name.value}`;
        if (this.#keys.has(place)) continue;
        this.#keys.set(place, directive);
        for (const field of find(definition.name.value, key.value)) this.#keyFields.add(`${graph} ${field}`);
      }
    }
  }

  /** A graph and its twins. */
  graphs(value: EnumValueDefinitionNode): readonly EnumValueDefinitionNode[] {
    const real = value.directives?.map((d) => argumentOf(d, 'name')).find((v) => v?.kind === Kind.STRING);
    const twins = this.#twins.get(value.name.value) ?? [];
    return [
      value,
      ...twins.map((twin) => {
        if (real?.kind === Kind.STRING) this.realNames.set(twin.name, real.value);
        const directives = value.directives?.map((d) => withArgument(d, 'name', { kind: Kind.STRING, value: twin.name }));
        return { ...value, name: { kind: Kind.NAME, value: twin.name } as const, directives };
      }),
    ];
  }

  /** What is said of a graph, said of its twins too. */
  everywhere({
    directives,
  }: {
    readonly directives?: readonly ConstDirectiveNode[] | undefined;
  }): readonly ConstDirectiveNode[] | undefined {
    return directives?.flatMap((d) => [d, ...(this.#twins.get(graphOf(d) ?? '') ?? []).map((twin) => onGraph(d, twin.name))]);
  }

  type<T extends TypeNode>(node: T): T {
    if (this.#roots.has(node.name.value)) return node;
    const graphs = [...new Set(node.directives?.filter((d) => d.name.value === 'join__type').map(graphOf))].filter((g) => g !== null);
    if (!graphs.some((g) => this.#twins.has(g))) return node;
    return { ...node, directives: this.#types(node), fields: node.fields?.map((f) => this.#field(node, f, graphs)) };
  }

  /**
   * What is said of a type in a graph, said of its twins. Into a twin leads one key, so that it is no way from one key to another; and none of an interface, or the
   * planner would ask for what is computed there as soon as it knows the type.
   */
  #types(node: TypeNode): readonly ConstDirectiveNode[] {
    const ofTwins = (node.directives ?? []).flatMap((d) => {
      const graph = graphOf(d) ?? '';
      const place = `${graph} ${node.name.value}`;
      const key = this.#keys.get(place);
      const isInterface = node.kind === Kind.INTERFACE_TYPE_DEFINITION && !this.#objects.has(place);
      if (d.name.value === 'join__type' && key !== undefined && key !== d) return [];
      return (this.#twins.get(graph) ?? []).map(({ name }) => {
        const moved = onGraph(d, name);
        const isBare = isInterface && d.name.value === 'join__type';
        return isBare ? { ...moved, arguments: moved.arguments?.filter((a) => a.name.value === 'graph') } : moved;
      });
    });
    return [...(node.directives ?? []), ...ofTwins];
  }

  #field(node: TypeNode, field: FieldDefinitionNode, graphs: readonly string[]): FieldDefinitionNode {
    const place = `${node.name.value} ${field.name.value}`;
    const said = field.directives ?? [];
    // A field that says nothing of graphs is in all that have its type.
    const all = said.some((d) => d.name.value === 'join__field') ? said : [...said, ...graphs.map(joinOf)];
    const directives = all.flatMap((d): readonly ConstDirectiveNode[] => {
      const graph = d.name.value === 'join__field' ? graphOf(d) : null;
      const twins = graph === null ? undefined : this.#twins.get(graph);
      if (graph === null || !twins) return [d];
      const isComputed = argumentOf(d, 'requires') !== undefined;
      const joins = twins.flatMap((twin): readonly ConstDirectiveNode[] => {
        if (isComputed && twin.computes.has(place)) return [onTwin(d, twin.name)];
        if (!isComputed && this.#isWhole(node, field, graph)) return [onTwin(d, twin.name)];
        if (!twin.requires.has(place) && !this.#isOfInterface(node, field, graph)) return [];
        return [withArgument(joinOf(twin.name), 'external', { kind: Kind.BOOLEAN, value: true })];
      });
      return isComputed ? joins : [d, ...joins];
    });
    return { ...field, directives };
  }

  /** Whether the twins of a graph have a field as the graph has it: if it is part of a key, or of a type that cannot be asked for by key. */
  #isWhole(node: TypeNode, field: FieldDefinitionNode, graph: string): boolean {
    if (node.kind === Kind.INTERFACE_TYPE_DEFINITION && !this.#objects.has(`${graph} ${node.name.value}`)) return true;
    const place = `${graph} ${node.name.value}`;
    return !this.#keys.has(place) || this.#keyFields.has(`${place} ${field.name.value}`);
  }

  /** Whether an interface that a type implements in a graph has a field: then so must the type, if only by name. */
  #isOfInterface(node: TypeNode, field: FieldDefinitionNode, graph: string): boolean {
    return (node.directives ?? []).some((d) => {
      const implemented = d.name.value === 'join__implements' && graphOf(d) === graph && argumentOf(d, 'interface');
      return implemented && implemented.kind === Kind.STRING && this.#fieldsOf(implemented.value).has(field.name.value);
    });
  }
}

const joinOf = (graph: string): ConstDirectiveNode => ({
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: 'join__field' },
  arguments: [{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'graph' }, value: { kind: Kind.ENUM, value: graph } }],
});

type ConstArgument = NonNullable<ConstDirectiveNode['arguments']>[number];

/** A directive with another value for an argument. */
function withArgument(directive: ConstDirectiveNode, name: string, value: ConstArgument['value']): ConstDirectiveNode {
  const argument: ConstArgument = { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: name }, value };
  const others = (directive.arguments ?? []).filter((a) => a.name.value !== name);
  return { ...directive, arguments: [...others, argument] };
}

const onGraph = (directive: ConstDirectiveNode, graph: string): ConstDirectiveNode =>
  withArgument(directive, 'graph', { kind: Kind.ENUM, value: graph });

/** Nothing is provided in a twin: what could be is not there. */
function onTwin(directive: ConstDirectiveNode, twin: string): ConstDirectiveNode {
  const moved = onGraph(directive, twin);
  return { ...moved, arguments: moved.arguments?.filter((a) => a.name.value !== 'provides') };
}
