import type { DocumentNode, GraphQLCompositeType, GraphQLField, GraphQLSchema } from 'graphql';
import { GraphQLString, getNamedType, isCompositeType, isInterfaceType, isObjectType, isUnionType, parse, validate } from 'graphql';
import type { Chance } from '../random.ts';
import { someInput, someValueOf, Variables } from './inputs.ts';

/** An operation with its variables. */
export interface Operation {
  readonly text: string;
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** While an operation is being made up. */
interface Making {
  readonly chance: Chance;
  readonly schema: GraphQLSchema;
  readonly variables: Variables;
  readonly fragments: { readonly name: string; readonly type: string; readonly text: string }[];
  /** Fields that may still be added. */
  left: number;
}

const ALIASES = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'a', 'b', 'x0', '_y', 'id', 'name', 'then'] as const;

/** Makes up an operation that is valid; undefined when chance brings none. */
export function makeOperation(chance: Chance, schema: GraphQLSchema): Operation | undefined {
  for (let attempt = 0; attempt < 12; attempt++) {
    const made = attemptOperation(chance, schema);
    if (validate(schema, made.document).length === 0) return made;
  }
  return undefined;
}

function attemptOperation(chance: Chance, schema: GraphQLSchema): Operation {
  const isMutation = schema.getMutationType() != null && chance.maybe(0.2);
  const root = isMutation ? schema.getMutationType() : schema.getQueryType();
  if (!root) throw new Error('there is no root type');
  const making: Making = { chance, schema, variables: new Variables(chance), fragments: [], left: chance.pick([2, 4, 6, 9, 14]) };
  const selection = selectionOf(making, root, chance.between(2, 4));
  const fragments = making.fragments.map((f) => `fragment ${f.name} on ${f.type} ${f.text}`);
  const name = chance.maybe(0.5) ? ' Op' : '';
  const keyword = isMutation ? 'mutation' : 'query';
  const text = [`${keyword}${name}${making.variables.definitions()} ${selection}`, ...fragments].join('\n');
  return { text, document: parse(text, { noLocation: true }), variables: making.variables.values() };
}

function selectionOf(making: Making, type: GraphQLCompositeType, depth: number): string {
  const { chance } = making;
  const parts: string[] = [];
  const isRoot = type === making.schema.getQueryType();
  if (chance.maybe(isRoot ? 0.08 : 0.2)) parts.push(`${someAlias(chance, 0.3)}__typename${directives(making, 0.05)}`);
  if (isRoot && chance.maybe(0.03)) parts.push(introspection(making));
  const fields = isUnionType(type)
    ? []
    : Object.values(type.getFields()).filter((f) => depth > 0 || !isCompositeType(getNamedType(f.type)));
  for (const field of fields.length > 0 ? chance.some(fields, 1, isRoot ? 3 : 5) : [])
    if (making.left-- > 0) parts.push(fieldOf(making, field, depth));
  for (let more = chance.pick([0, 0, 1, 1, 2]); more > 0 && depth > 0 && making.left > 0; more--)
    parts.push(fragmentIn(making, type, depth - 1));
  // The same once more, so that selections have to be merged.
  if (fields.length > 0 && making.left > 0 && chance.maybe(0.15)) parts.push(fieldOf(making, chance.pick(fields), depth));
  if (parts.length === 0) parts.push('__typename');
  return `{ ${chance.shuffled(parts).join(' ')} }`;
}

function fieldOf(making: Making, field: GraphQLField<unknown, unknown>, depth: number): string {
  const named = getNamedType(field.type);
  const below = isCompositeType(named) ? ` ${selectionOf(making, named, depth - 1)}` : '';
  return `${someAlias(making.chance, 0.12)}${field.name}${someInput(making.chance, field.args, making.variables)}${directives(making, 0.08)}${below}`;
}

function fragmentIn(making: Making, type: GraphQLCompositeType, depth: number): string {
  const { chance, schema } = making;
  const target = chance.pick(overlapping(schema, type));
  const known = making.fragments.filter((f) => f.type === target.name);
  if (known.length > 0 && chance.maybe(0.4)) return `...${chance.pick(known).name}${directives(making, 0.1)}`;
  const text = selectionOf(making, target, depth);
  if (chance.maybe(0.3)) {
    const name = `F${making.fragments.length}`;
    making.fragments.push({ name, type: target.name, text });
    return `...${name}${directives(making, 0.1)}`;
  }
  const hasCondition = target !== type || chance.maybe(0.5);
  return `...${hasCondition ? ` on ${target.name}` : ''}${directives(making, 0.15)} ${text}`;
}

/** Types that a condition within a type may name. */
function overlapping(schema: GraphQLSchema, type: GraphQLCompositeType): GraphQLCompositeType[] {
  const own = new Set(isObjectType(type) ? [type] : schema.getPossibleTypes(type));
  const all = Object.values(schema.getTypeMap()).filter((t) => isCompositeType(t) && !t.name.startsWith('__'));
  return all.filter((t): t is GraphQLCompositeType => {
    if (isObjectType(t)) return own.has(t);
    return (isInterfaceType(t) || isUnionType(t)) && schema.getPossibleTypes(t).some((o) => own.has(o));
  });
}

const someAlias = (chance: Chance, probability: number) => (chance.maybe(probability) ? `${chance.pick(ALIASES)}: ` : '');

function directives(making: Making, probability: number): string {
  const { chance, variables } = making;
  let text = '';
  for (const name of ['skip', 'include']) {
    if (!chance.maybe(probability)) continue;
    const value = chance.maybe(0.75) ? variables.condition() : String(chance.maybe(name === 'include' ? 0.8 : 0.2));
    text += ` @${name}(if: ${value})`;
  }
  return text;
}

function introspection(making: Making): string {
  const name = making.chance.pick(Object.keys(making.schema.getTypeMap()));
  return making.chance.pick([
    '__schema { queryType { name } mutationType { name } }',
    `__type(name: "${name}") { kind name fields { name type { kind name ofType { name } } } possibleTypes { name } }`,
    `meta1: __type(name: ${making.variables.of('String!', () => someValueOf(making.chance, GraphQLString))}) { name }`,
  ]);
}
