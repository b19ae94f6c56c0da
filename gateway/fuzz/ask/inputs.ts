import type { GraphQLArgument } from 'graphql';
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

  /** A new variable of a type, sometimes without a value, where it may be. */
  of(type: string, value: () => unknown): string {
    const name = `v${this.#definitions.length}`;
    const isRequired = type.endsWith('!');
    const hasDefault = !isRequired && this.#chance.maybe(0.4);
    this.#definitions.push(`$${name}: ${type}${hasDefault ? ` = ${literal(value())}` : ''}`);
    if (isRequired || this.#chance.maybe(0.6)) this.#values[name] = !isRequired && this.#chance.maybe(0.15) ? null : value();
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
    const type = String(arg.type);
    const mayBeLeftOut = !type.endsWith('!') || arg.defaultValue !== undefined;
    if (mayBeLeftOut && chance.maybe(0.4)) continue;
    const value = () => someValueOf(chance, type.replaceAll('!', ''));
    parts.push(
      `${arg.name}: ${chance.maybe(0.4) ? variables.of(type, () => JSON.parse(JSON.stringify(value()), revive(type))) : literal(value())}`,
    );
  }
  return parts.length > 0 ? `(${parts.join(', ')})` : '';
}

/** In a default of a variable an enum is a name again. */
const revive = (type: string) => (key: string, value: unknown) =>
  key === 'hue' || (key === '' && type.startsWith('Hue')) ? new Name(String(value)) : value;

/** A value of an input type. */
export function someValueOf(chance: Chance, type: string): unknown {
  if (type.startsWith('[')) return Array.from({ length: chance.between(0, 2) }, () => someValueOf(chance, type.slice(1, -1)));
  switch (type) {
    case 'Int':
      return chance.between(0, 3);
    case 'Boolean':
      return chance.maybe(0.5);
    case 'Hue':
      return new Name(chance.pick(['RED', 'GREEN', 'BLUE']));
    case 'Filter':
      return someFilter(chance, 2);
    default:
      return chance.pick(['p', 'q', 'Ant', '', 'ü"\\\n']);
  }
}

function someFilter(chance: Chance, depth: number): Record<string, unknown> {
  const filter: Record<string, unknown> = {};
  if (chance.maybe(0.5)) filter.n = chance.maybe(0.1) ? null : chance.between(0, 2);
  if (chance.maybe(0.5)) filter.hue = someValueOf(chance, 'Hue');
  if (chance.maybe(0.3)) filter.tags = someValueOf(chance, '[String]');
  if (depth > 0 && chance.maybe(0.3)) filter.inner = someFilter(chance, depth - 1);
  return filter;
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
