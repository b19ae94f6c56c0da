import {
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { type Collecting, collectFields } from './shape.collect.ts';
import { type Leaf, leafOf, ODD } from './shape.leaf.ts';
import type { Refused, ShapeRules } from './shape.ts';
import { anyOf } from './shape.untyped.ts';

export { ODD };

/** Shapes the data of a whole answer, or throws ODD. */
export type Root = (data: Readonly<Record<string, unknown>>) => { data: Record<string, unknown>; refused: readonly Refused[] };

/** What the quick way is compiled from. */
export interface FastInput extends Collecting {
  readonly rules?: ShapeRules | undefined;
  readonly untyped?: ReadonlySet<string> | undefined;
}

type Path = (string | number)[];

/** One answer under way. */
interface Run {
  /** The place of the value at hand; what stands beyond its depth is of another one before. */
  readonly path: Path;
  readonly met: Map<string, Refused>;
}

/** Gives a value as it stands in the answer, null included. Throws ODD. `depth` is the number of steps of its place. */
type Complete = (value: unknown, run: Run, depth: number) => unknown;

interface Field {
  readonly key: string;
  /** Key in the merged data. */
  readonly from: string;
  /** Whether one of the keys means something to every JavaScript object. */
  readonly isDelicate: boolean;
  /** A leaf that may be null and has plain keys is most of every answer, and takes a short cut. */
  readonly leaf: Leaf | null;
  readonly complete: Complete;
}

/** Fields compiled for one set of conditions at the most: an operation that spreads fragments in fragments has more of them than any memory holds. */
const MOST_FIELDS = 10_000;

/** Compiles the quick way, level by level as data is met. */
export function compileRoot(input: FastInput, type: GraphQLObjectType, operation: OperationDefinitionNode): Root {
  const complete = new FastCompiler(input).object(type, [operation.selectionSet]);
  return (data) => {
    const run: Run = { path: [], met: new Map() };
    return { data: complete(data, run, 0) as Record<string, unknown>, refused: [...run.met.values()] };
  };
}

class FastCompiler {
  readonly #input: FastInput;
  #fields = 0;

  constructor(input: FastInput) {
    this.#input = input;
  }

  object(type: GraphQLObjectType, sets: readonly (SelectionSetNode | undefined)[]): Complete {
    let fields: readonly Field[] | null = null;
    return (value, run, depth) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw ODD;
      fields ??= this.#fieldsOf(type, sets);
      const source = value as Record<string, unknown>;
      const object: Record<string, unknown> = {};
      const { path } = run;
      for (let i = 0; i < fields.length; i++) {
        const field = fields[i]!;
        const { key, leaf } = field;
        if (leaf) {
          const given = source[field.from];
          object[key] = given === null || given === undefined ? null : leaf(given);
          continue;
        }
        path[depth] = key;
        if (field.isDelicate) define(object, key, field.complete(ownValue(source, field.from), run, depth + 1));
        else object[key] = field.complete(source[field.from], run, depth + 1);
      }
      return object;
    };
  }

  #fieldsOf(type: GraphQLObjectType, sets: readonly (SelectionSetNode | undefined)[]): readonly Field[] {
    const fields: Field[] = [];
    for (const [key, nodes] of collectFields(this.#input, type, sets)) {
      this.#fields += 1;
      if (this.#fields > MOST_FIELDS) throw ODD;
      const field = this.#field(type, key, nodes);
      if (field) fields.push(field);
    }
    return fields;
  }

  #field(parent: GraphQLObjectType, key: string, nodes: readonly FieldNode[]): Field | null {
    const { rules, schema } = this.#input;
    const name = nodes[0]!.name.value;
    const from = rules?.key(key, name) ?? key;
    const field = { key, from, isDelicate: key in Object.prototype || from in Object.prototype, leaf: null };
    if (name === '__typename') return { ...field, complete: () => parent.name };
    for (const node of nodes) {
      const coordinate = rules?.refused(node);
      if (coordinate !== undefined)
        return { ...field, complete: refusedAs(coordinate, nodes, isNonNullType(parent.getFields()[name]?.type)) };
    }
    const definition = parent.getFields()[name];
    if (!definition) {
      // Questions about the schema are left to the exact way; a field that there is not has no key in the answer.
      if (parent === schema.getQueryType() && (name === '__schema' || name === '__type')) throw ODD;
      return null;
    }
    const leaf = isLeafType(definition.type) && !field.isDelicate ? leafOf(definition.type, rules) : null;
    const sets = nodes.map((n) => n.selectionSet);
    return { ...field, leaf, complete: this.#nullable(definition.type, sets) };
  }

  #nullable(type: GraphQLOutputType, sets: readonly (SelectionSetNode | undefined)[]): Complete {
    if (isNonNullType(type)) {
      const inner = this.#nullable(type.ofType, sets);
      return (value, run, depth) => {
        const complete = inner(value, run, depth);
        if (complete === null) throw ODD;
        return complete;
      };
    }
    if (isLeafType(type)) {
      const leaf = leafOf(type, this.#input.rules);
      return (value) => (value === null || value === undefined ? null : leaf(value));
    }
    const inner = isListType(type)
      ? this.#list(type.ofType, sets)
      : isAbstractType(type)
        ? this.#abstract(type, sets)
        : this.object(type, sets);
    return (value, run, depth) => (value === null || value === undefined ? null : inner(value, run, depth));
  }

  #list(type: GraphQLOutputType, sets: readonly (SelectionSetNode | undefined)[]): Complete {
    const item = isNonNullType(type) ? type.ofType : type;
    if (isLeafType(item)) return leafList(leafOf(item, this.#input.rules), isNonNullType(type));
    const complete = this.#nullable(type, sets);
    return (value, run, depth) => {
      if (!Array.isArray(value)) throw ODD;
      const list = new Array<unknown>(value.length);
      for (let i = 0; i < value.length; i++) {
        run.path[depth] = i;
        list[i] = complete(value[i], run, depth + 1);
      }
      return list;
    };
  }

  #abstract(type: GraphQLAbstractType, sets: readonly (SelectionSetNode | undefined)[]): Complete {
    const { schema, rules } = this.#input;
    const proof = rules?.proof(type) ?? null;
    const possible = schema.getPossibleTypes(type);
    const byName = new Map(possible.filter((t) => rules?.type(t.name) ?? true).map((t) => [t.name as unknown, this.object(t, sets)]));
    const mayBeUntyped = this.#input.untyped?.has(type.name) && proof === null && byName.size === possible.length;
    let untyped: Complete | null | undefined;
    return (value, run, depth) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw ODD;
      const name = ownValue(value, '__typename');
      const complete = byName.get(name);
      if (complete) return proof !== null && (ownValue(value, proof) ?? null) === null ? null : complete(value, run, depth);
      if (mayBeUntyped && (name === undefined || name === type.name)) {
        if (untyped === undefined) {
          const any = anyOf(this.#input, type, sets);
          untyped = any && this.object(any, sets);
        }
        if (untyped) return untyped(value, run, depth);
      }
      if (rules && (typeof name !== 'string' || !rules.type(name))) return null;
      throw ODD;
    };
  }
}

/** A list of leaves is handed on as it came when nothing in it has to change. */
function leafList(leaf: Leaf, isNonNull: boolean): Complete {
  return (value) => {
    if (!Array.isArray(value)) throw ODD;
    let changed: unknown[] | null = null;
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i];
      const told = item === null || item === undefined ? null : leaf(item);
      if (told === null && isNonNull) throw ODD;
      if (told !== item) {
        changed ??= value.slice();
        changed[i] = told;
      }
    }
    return changed ?? value;
  };
}

/** Null in the place of a refused field, and a note of where it was met first. */
function refusedAs(coordinate: string, nodes: readonly FieldNode[], isNonNull: boolean): Complete {
  return (_value, { met, path }, depth) => {
    if (isNonNull) throw ODD;
    if (!met.has(coordinate)) met.set(coordinate, { coordinate, nodes, path: path.slice(0, depth) });
    return null;
  };
}

const ownValue = (source: object, key: string): unknown =>
  Object.hasOwn(source, key) ? (source as Record<string, unknown>)[key] : undefined;

/** Sets a key that assignment might take for something else: `__proto__` would become the object's prototype. */
const define = (object: object, key: string, value: unknown) =>
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
