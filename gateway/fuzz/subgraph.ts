import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLObjectType,
  GraphQLOutputType,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';
import {
  getArgumentValues,
  getVariableValues,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  validate,
} from 'graphql';
import type { SubgraphCall, SubgraphError, SubgraphReply } from '../src/execute/types.ts';
import type { SubgraphFacts } from './catalog.ts';
import type { Faults } from './faults.ts';
import { messageOf } from './faults.ts';
import { withKnown } from './known-inputs.ts';
import { identityOf, requiredIn } from './representation.ts';
import { collected } from './selected.ts';
import type { World } from './world.ts';
import { applies, Ref, ROOT } from './world.ts';

/** What is asked of a subgraph with one call. */
interface Asked {
  readonly world: World;
  readonly faults: Faults;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly errors: SubgraphError[];
  readonly listener: Listener;
  readonly objection: (text: string) => void;
}

/** Hears what a subgraph is asked. */
export interface Listener {
  /** A question that no proper gateway asks. */
  objection(text: string): void;
  /** A root field of a mutation, when it is its turn. */
  mutation(field: string): void;
}

/** An object being answered for, with the representation that it was asked by. */
interface Found {
  readonly ref: Ref;
  readonly by: Readonly<Record<string, unknown>> | undefined;
}

/** Null in the place of a value that must not be null: the object around it becomes null too. */
const BROKEN = Symbol('broken');

/** A subgraph in the process: answers from the made-up data, with the faults, and as strictly about the questions as a server. */
export class FakeSubgraph {
  readonly #facts: SubgraphFacts;
  readonly #documents = new Map<
    string,
    { operation: OperationDefinitionNode; fragments: Map<string, FragmentDefinitionNode>; problem: string | undefined }
  >();

  constructor(facts: SubgraphFacts) {
    this.#facts = facts;
  }

  /** Answers one call. Rejects when the subgraph is down. */
  answer(call: SubgraphCall, world: World, faults: Faults, listener: Listener): SubgraphReply {
    const objection = (text: string) => listener.objection(text);
    const { operation, fragments, problem } = this.#read(call.query);
    if (problem) objection(`${this.#facts.name} was asked what is not valid (${problem}): ${call.query}`);
    const coerced = getVariableValues(this.#facts.schema, operation.variableDefinitions ?? [], call.variables as Record<string, unknown>);
    if (coerced.errors)
      objection(
        `${this.#facts.name} was given wrong variables (${coerced.errors[0]?.message}): ${call.query} ${JSON.stringify(call.variables)}`,
      );
    if (problem || !coerced.coerced) return { data: null, errors: [{ message: `refused: ${problem ?? 'variables'}` }] };
    const all = faults.ofSubgraph(this.#facts.name);
    if (all?.kind === 'down') throw new Error(messageOf(all));
    if (all?.kind === 'nothing') return { data: null, errors: [{ message: messageOf(all) }] };
    if (all?.kind === 'silent') return { data: null };
    const asked: Asked = { world, faults, variables: coerced.coerced, fragments, errors: [], listener, objection };
    const root = operation.operation === 'mutation' ? this.#facts.schema.getMutationType() : this.#facts.schema.getQueryType();
    if (!root) throw new Error('there is no such root type');
    const data = this.#object(
      asked,
      root,
      { ref: new Ref(this.#facts.publicName(root.name), ROOT), by: undefined },
      [operation.selectionSet],
      [],
    );
    const reply = { data: data === BROKEN ? null : (data as Record<string, unknown>) };
    return asked.errors.length > 0 ? { ...reply, errors: asked.errors } : reply;
  }

  #read(text: string) {
    let known = this.#documents.get(text);
    if (!known) {
      const document = parse(text, { noLocation: true });
      const [problem] = validate(this.#facts.schema, document);
      const operation = document.definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION);
      if (!operation) throw new Error('there is no operation');
      const fragments = new Map(document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((d) => [d.name.value, d]));
      known = { operation, fragments, problem: problem?.message };
      this.#documents.set(text, known);
    }
    return known;
  }

  #object(
    asked: Asked,
    type: GraphQLObjectType,
    found: Found,
    sets: readonly SelectionSetNode[],
    path: readonly (string | number)[],
  ): unknown {
    const result: Record<string, unknown> = {};
    let isBroken = false;
    for (const [key, nodes] of collected(this.#facts.schema, asked, type.name, sets)) {
      const node = nodes[0] as FieldNode;
      const here = [...path, key];
      let value: unknown;
      if (node.name.value === '__typename') value = this.#typename(asked, type, found.ref);
      else if (node.name.value === '_entities') value = this.#entities(asked, nodes, here);
      else value = this.#field(asked, type, found, nodes, here);
      if (value === BROKEN) isBroken = true;
      else result[key] = value;
    }
    return isBroken ? BROKEN : result;
  }

  #typename(asked: Asked, type: GraphQLObjectType, ref: Ref): unknown {
    const fault = asked.faults.ofTypename(this.#facts.name, ref.type, ref.id);
    return fault ? fault.value : type.name;
  }

  #field(asked: Asked, type: GraphQLObjectType, found: Found, nodes: readonly FieldNode[], path: readonly (string | number)[]): unknown {
    const node = nodes[0] as FieldNode;
    const name = node.name.value;
    const { ref, by } = found;
    const definition = type.getFields()[name];
    if (type === this.#facts.schema.getMutationType()) asked.listener.mutation(name);
    if (!definition) throw new Error(`there is no ${type.name}.${name}`);
    const fault = asked.faults.ofField(this.#facts.name, ref.type, ref.id, name);
    if (fault?.kind === 'null') return null;
    if (fault?.kind === 'value') return structuredClone(fault.value);
    if (fault)
      asked.errors.push({ message: messageOf(fault), ...(fault.kind === 'pathless' ? {} : { path }), extensions: { code: 'FUZZ' } });
    if (fault && fault.kind !== 'beside') return isNonNullType(definition.type) ? BROKEN : null;
    const needed = this.#facts.requires.get(`${type.name}.${name}`);
    const required = needed && requiredIn(this.#facts, asked, type.name, name, needed, by);
    const args = this.#shared(asked, ref.type, name, getArgumentValues(definition, node, asked.variables as Record<string, unknown>));
    const value = asked.world.value(ref.type, ref.id, name, args, required);
    return this.#complete(asked, definition.type, value, nodes, path);
  }

  /** Arguments that the graph has: one that not all subgraphs know is nobody's to give, and its default would make two values of one field. */
  #shared(asked: Asked, type: string, field: string, args: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const { api, whole } = asked.world.catalog;
    const [seen, hidden] = [api, whole]
      .map((schema) => schema.getType(type))
      .map((t) => (isObjectType(t) ? t.getFields()[field]?.args : undefined));
    const known = seen ?? hidden;
    return known ? withKnown(args, new Map(known.map((a) => [a.name, a.type]))) : args;
  }

  #complete(
    asked: Asked,
    type: GraphQLOutputType,
    value: unknown,
    nodes: readonly FieldNode[],
    path: readonly (string | number)[],
  ): unknown {
    if (isNonNullType(type)) {
      const inner = this.#complete(asked, type.ofType, value, nodes, path);
      return inner === null ? BROKEN : inner;
    }
    if (value === null) return null;
    if (isListType(type)) {
      const elements = (value as unknown[]).map((v, i) => this.#complete(asked, type.ofType, v, nodes, [...path, i]));
      return elements.includes(BROKEN) ? null : elements;
    }
    if (!isCompositeType(type)) return structuredClone(value);
    const ref = value as Ref;
    const object = this.#facts.schema.getType(this.#nameHere(asked, ref.type));
    if (!isObjectType(object)) throw new Error(`${this.#facts.name} does not know ${ref.type}`);
    const sets = nodes.map((n) => n.selectionSet).filter((s) => s !== undefined);
    const result = this.#object(asked, object, { ref, by: undefined }, sets, path);
    return result === BROKEN ? null : result;
  }

  /** The name under which this subgraph knows an object. */
  #nameHere(asked: Asked, type: string): string {
    const root = this.#facts.schema.getQueryType();
    if (root && this.#facts.publicName(root.name) === type) return root.name;
    if (isObjectType(this.#facts.schema.getType(type))) return type;
    return [...this.#facts.interfaceObjects].find((name) => applies(asked.world.catalog.api, name, type)) ?? type;
  }

  #entities(asked: Asked, nodes: readonly FieldNode[], path: readonly (string | number)[]): unknown {
    const query = this.#facts.schema.getQueryType()?.getFields()._entities;
    if (!query) throw new Error(`${this.#facts.name} has no entities`);
    const { representations } = getArgumentValues(query, nodes[0] as FieldNode, asked.variables as Record<string, unknown>);
    const sets = nodes.map((n) => n.selectionSet).filter((s) => s !== undefined);
    const all = (representations as Record<string, unknown>[]).map((by, i) => this.#entity(asked, by, sets, [...path, i]));
    const fault = asked.faults.ofSubgraph(this.#facts.name)?.kind;
    if (fault === 'short') all.pop();
    if (fault === 'long') all.push(null);
    return all;
  }

  #entity(
    asked: Asked,
    by: Readonly<Record<string, unknown>>,
    sets: readonly SelectionSetNode[],
    path: readonly (string | number)[],
  ): unknown {
    const id = identityOf(this.#facts, asked, by);
    if (id === null) return null;
    const ref = new Ref(asked.world.typeOf(by.__typename as string, id), id);
    const fault = asked.faults.ofEntity(this.#facts.name, ref.type, ref.id);
    if (fault?.kind === 'lost') asked.errors.push({ message: messageOf(fault), path, extensions: { code: 'FUZZ' } });
    if (fault) return null;
    const object = this.#facts.schema.getType(this.#nameHere(asked, ref.type));
    if (!isObjectType(object)) return null;
    const result = this.#object(asked, object, { ref, by }, sets, path);
    return result === BROKEN ? null : result;
  }
}
