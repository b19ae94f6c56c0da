import {
  type GraphQLArgument,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import type { Chance } from '../random.ts';

/** The variables of an operation that is being made up. */
export class Variables {
  readonly #chance: Chance;
  readonly #definitions: string[] = [];
  readonly #conditions: string[] = [];
  readonly #values: Record<string, unknown> = {};

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** A new variable of a type, sometimes without a value, where it may be, or with null, unless that would be an error where it is used. */
  of(type: string, value: () => unknown, mayBeNull = true): string {
    const name = `v${this.#definitions.length}`;
    const isRequired = type.endsWith('!');
    const hasDefault = !isRequired && this.#chance.maybe(0.4);
    this.#definitions.push(`$${name}: ${type}${hasDefault ? ` = ${literal(value())}` : ''}`);
    if (isRequired || this.#chance.maybe(0.6)) this.#values[name] = !isRequired && mayBeNull && this.#chance.maybe(0.15) ? null : value();
    return `$${name}`;
  }

  /** A Boolean variable for `@skip` and `@include`: one of those that there are, or a new one. */
  condition(): string {
    if (this.#conditions.length > 0 && (this.#conditions.length > 2 || this.#chance.maybe(0.5))) return this.#chance.pick(this.#conditions);
    const name = `c${this.#conditions.length}`;
    const hasDefault = this.#chance.maybe(0.3);
    this.#definitions.push(`$${name}: Boolean! ${hasDefault ? `= ${this.#chance.maybe(0.5)}` : ''}`.trimEnd());
    if (!hasDefault || this.#chance.maybe(0.5)) this.#values[name] = this.#chance.maybe(0.5);
    this.#conditions.push(`$${name}`);
    return `$${name}`;
  }

  definitions(): string {
    return this.#definitions.length > 0 ? `(${this.#definitions.join(', ')})` : '';
  }

  values(): Record<string, unknown> {
    return JSON.parse(JSON.stringify(this.#values)) as Record<string, unknown>;
  }
}

/** A value of an enum, which GraphQL writes without quotes. */
class Name {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  toJSON(): string {
    return this.name;
  }
}

/** Values for the arguments of a field, as text. */
export function someInput(chance: Chance, args: readonly GraphQLArgument[], variables: Variables): string {
  const parts: string[] = [];
  for (const arg of args) {
    if (!isRequiredArgument(arg) && chance.maybe(0.4)) continue;
    const value = () => someValueOf(chance, arg.type);
    parts.push(
      `${arg.name}: ${chance.maybe(0.4) ? variables.of(variableType(chance, arg), value, !isNonNullType(arg.type)) : literal(value())}`,
    );
  }
  return parts.length > 0 ? `(${parts.join(', ')})` : '';
}

/** The type of a variable for an argument: one that may be null fits where there is a default, of the argument or of the variable. */
const variableType = (chance: Chance, { type, defaultValue }: GraphQLArgument): string =>
  isNonNullType(type) && defaultValue !== undefined && chance.maybe(0.5) ? String(type.ofType) : String(type);

/** A value of an input type. */
export function someValueOf(chance: Chance, type: GraphQLInputType, depth = 2): unknown {
  if (isNonNullType(type)) return someValueOf(chance, type.ofType, depth);
  if (isListType(type)) {
    // One value may stand for a list of it.
    if (chance.maybe(0.1)) return someValueOf(chance, type.ofType, depth);
    return Array.from({ length: chance.between(0, 2) }, () => someValueOf(chance, type.ofType, depth));
  }
  if (isEnumType(type)) return new Name(chance.pick(type.getValues()).name);
  if (isInputObjectType(type)) return someObject(chance, type, depth);
  switch (type.name) {
    case 'Int':
    case 'Float':
      return chance.between(0, 3);
    case 'Boolean':
      return chance.maybe(0.5);
    case 'String':
    case 'ID':
      return chance.pick(STRINGS);
    default:
      return chance.pick<unknown>([1, 'p', true, [1, ['q']], { a: { b: [null] } }]);
  }
}

const STRINGS = ['p', 'q', 'Ant', '', 'ü"\\\n'] as const;

function someObject(chance: Chance, type: GraphQLInputObjectType, depth: number): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const field of Object.values(type.getFields())) {
    const isDeep = isInputObjectType(getNamedType(field.type));
    if (!isRequiredInputField(field) && (chance.maybe(isDeep ? 0.7 : 0.5) || (isDeep && depth === 0))) continue;
    object[field.name] = !isNonNullType(field.type) && chance.maybe(0.1) ? null : someValueOf(chance, field.type, depth - 1);
  }
  return object;
}

/** A value as GraphQL writes it. */
function literal(value: unknown): string {
  if (value instanceof Name) return value.name;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([k, v]) => `${k}: ${literal(v)}`)
    .join(', ')}}`;
}
