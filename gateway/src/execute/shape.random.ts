import {
  buildSchema,
  type GraphQLOutputType,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { Chance } from '../../fuzz/random.ts';
import { fragmentsOf } from '../plan/fragments.ts';

/** A schema with everything that an answer can be made of. */
export const SCHEMA = buildSchema(`
  scalar Json
  enum Mood { CALM CROSS GLAD }
  interface Node { id: ID! near: Node all: [Node] }
  interface Thing { mood: Mood! must: Thing! count: Int! }
  type A implements Node & Thing { id: ID! near: Node all: [Node] mood: Mood! must: Thing! count: Int! a: A as: [A!]! moods: [Mood!] text: String any: Any }
  type B implements Node & Thing { id: ID! near: B all: [Node!] mood: Mood! must: Thing! count: Int! b: B grid: [[Float]!] json: Json any: [Any!] }
  type C implements Node { id: ID! near: Node all: [Node] a: A! yes: Boolean! numbers: [Int!]! anys: [[Any]] }
  union Any = A | B | C
  type Query { node: Node thing: Thing any: Any a: A as: [A!]! cs: [C] text: String! }`);

const CONDITIONS = [
  '',
  '',
  '',
  '',
  ' @skip(if: $x)',
  ' @include(if: $y)',
  ' @skip(if: false)',
  ' @include(if: $x) @skip(if: $y)',
  ' @include(if: false)',
];
const possible = (name: string): readonly string[] => {
  const type = SCHEMA.getType(name);
  return isAbstractType(type) ? SCHEMA.getPossibleTypes(type).map((t) => t.name) : [name];
};

/** A random valid operation over it. The conditions hang on `$x` and `$y`. */
export function randomDocument(chance: Chance): string {
  const on = Array.from({ length: 3 }, () => chance.pick(['A', 'B', 'C', 'Node', 'Thing']));
  const selections = (typeName: string, depth: number, mayUse: number): string => {
    const type = SCHEMA.getType(typeName);
    const fields = isObjectType(type) || (isAbstractType(type) && 'getFields' in type) ? Object.values(type.getFields()) : [];
    const parts: string[] = [];
    for (let n = chance.between(1, 4); n > 0; n--) {
      const condition = chance.pick(CONDITIONS);
      const kind = chance.next();
      if (kind < 0.65 && fields.length > 0) {
        const field = chance.pick(fields);
        const below = String(field.type).replace(/[[\]!]/g, '');
        const isLeaf = !isObjectType(SCHEMA.getType(below)) && !isAbstractType(SCHEMA.getType(below));
        if (!isLeaf && depth === 0) continue;
        // A name stands for one field, but where types differ: there it must not matter which one it is.
        const alias = chance.maybe(0.3)
          ? chance.pick([`${field.name}1: `, `${field.name}2: `, ...(below === 'ID' ? ['same: ', '__proto__: ', 'constructor: '] : [])])
          : '';
        parts.push(`${alias}${field.name}${condition}${isLeaf ? '' : ` { ${selections(below, depth - 1, mayUse)} }`}`);
      } else if (kind < 0.72) parts.push(`${chance.maybe(0.3) ? 'kind: ' : ''}__typename${condition}`);
      else if (kind < 0.9 && depth > 0) {
        const to = chance.maybe(0.8) ? chance.pick(possible(typeName)) : typeName;
        parts.push(`...${to !== typeName || chance.maybe(0.5) ? ` on ${to}` : ''}${condition} { ${selections(to, depth - 1, mayUse)} }`);
      } else if (typeName !== 'Query') {
        const fitting = on
          .keys()
          .filter((i) => i >= mayUse && possible(on[i]!).some((t) => possible(typeName).includes(t)))
          .toArray();
        if (fitting.length > 0) parts.push(`...F${chance.pick(fitting)}${condition}`);
      }
    }
    return parts.length > 0 ? parts.join(' ') : '__typename';
  };
  const fragments = on.map((type, i) => `fragment F${i} on ${type} { ${selections(type, 2, i + 1)} }`);
  return `query ($x: Boolean!, $y: Boolean!) { ${selections('Query', 3, 0)} } ${fragments.join(' ')}`;
}

/** Random merged data for an operation, of which a part, `oddity`, is not as it should be. `key` gives the key under which a field travels. */
export function randomData(
  chance: Chance,
  document: string,
  oddity: number,
  key: (responseKey: string) => string,
): Record<string, unknown> {
  const parsed = parse(document);
  const fragments = fragmentsOf(parsed);
  const operation = parsed.definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode;

  function object(typeName: string, sets: readonly SelectionSetNode[]): Record<string, unknown> {
    const data: Record<string, unknown> = Object.create(null);
    data.__typename = chance.maybe(oddity) ? chance.pick(['Ghost', 'Node', undefined, 'Query', 3]) : typeName;
    data.proof = chance.maybe(0.02) ? null : 1;
    const found = new Map<string, { name: string; below: SelectionSetNode[] }>();
    const walk = (set: SelectionSetNode) => {
      for (const s of set.selections) {
        if (s.kind === Kind.FIELD) {
          const responseKey = s.alias?.value ?? s.name.value;
          const known = found.get(responseKey) ?? { name: s.name.value, below: [] };
          found.set(responseKey, known);
          if (s.selectionSet) known.below.push(s.selectionSet);
          continue;
        }
        const fragment = s.kind === Kind.INLINE_FRAGMENT ? s : fragments.get(s.name.value)!;
        const on = fragment.typeCondition?.name.value ?? typeName;
        const type = SCHEMA.getType(on);
        if (on === typeName || (isAbstractType(type) && SCHEMA.getPossibleTypes(type).some((t) => t.name === typeName)))
          walk(fragment.selectionSet);
      }
    };
    for (const set of sets) walk(set);
    const type = SCHEMA.getType(typeName);
    for (const [responseKey, { name, below }] of found) {
      const field = isObjectType(type) ? type.getFields()[name] : undefined;
      if (field && !chance.maybe(oddity)) data[key(responseKey)] = value(field.type, below);
    }
    return data;
  }

  function value(type: GraphQLOutputType, below: readonly SelectionSetNode[]): unknown {
    if (chance.maybe(oddity)) return chance.pick([null, undefined, 'x', '12', 1.5, -7, true, [], [null], {}, [[{}]], { __typename: 'A' }]);
    return present(type, below);
  }
  function present(type: GraphQLOutputType, below: readonly SelectionSetNode[]): unknown {
    if (isListType(type)) {
      const isNullable = !isNonNullType(type.ofType);
      return Array.from({ length: chance.between(0, 3) }, () => (isNullable && chance.maybe(0.1) ? null : value(type.ofType, below)));
    }
    if (isNonNullType(type)) return present(type.ofType, below);
    if (isEnumType(type)) return chance.pick(type.getValues()).name;
    if (isAbstractType(type)) return object(chance.pick(SCHEMA.getPossibleTypes(type)).name, below);
    if (isObjectType(type)) return object(type.name, below);
    return { Int: 7, Float: 1.5, Boolean: true, Json: { any: ['thing'] } }[type.name] ?? 'text';
  }
  return object('Query', [operation.selectionSet]);
}
