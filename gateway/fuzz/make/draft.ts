/** The subgraphs of a supergraph while they are being made up. */
export interface Draft {
  readonly subgraphs: ReadonlyMap<string, DraftSubgraph>;
}

export interface DraftSubgraph {
  readonly name: string;
  readonly types: Map<string, DraftType>;
  readonly unions: Map<string, Set<string>>;
  /** Whether its root types have names of their own. */
  readonly isRenamed: boolean;
}

/** An object type or an interface in one subgraph. */
export interface DraftType {
  readonly kind: 'type' | 'interface';
  readonly name: string;
  /** Fields of each `@key`, with `!` behind those that are not resolvable. */
  readonly keys: Map<string, { resolvable: boolean }>;
  readonly implements: Set<string>;
  readonly directives: Set<string>;
  readonly fields: Map<string, DraftField>;
}

export interface DraftField {
  type: string;
  /** As text, with the parentheses, or empty. */
  args: string;
  readonly directives: Set<string>;
}

/** A type of a subgraph, made when it is not there yet. */
export function typeIn(subgraph: DraftSubgraph, name: string, kind: DraftType['kind'] = 'type'): DraftType {
  let type = subgraph.types.get(name);
  if (!type) {
    type = { kind, name, keys: new Map(), implements: new Set(), directives: new Set(), fields: new Map() };
    subgraph.types.set(name, type);
  }
  return type;
}

/** Adds a field, or only the directives when it is there. */
export function addField(type: DraftType, name: string, fieldType: string, args = '', ...directives: readonly string[]): DraftField {
  let field = type.fields.get(name);
  if (!field) {
    field = { type: fieldType, args, directives: new Set() };
    type.fields.set(name, field);
  }
  for (const directive of directives) field.directives.add(directive);
  return field;
}

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@interfaceObject", "@override", "@inaccessible"])';

/** The types that every subgraph has, as far as it uses them: the same but for what one alone knows of what only goes in, or only comes out. */
const commonOf = (subgraph: string): Readonly<Record<string, string>> => ({
  Json: 'scalar Json',
  Hue: 'enum Hue { RED GREEN BLUE }',
  Tint: `enum Tint { PALE DARK ONLY_${subgraph.toUpperCase()} }`,
  Filter: `input Filter { n: Int = 3 hue: Hue = GREEN tags: [String!] inner: Filter only${subgraph.toUpperCase()}: Int = 7 }`,
});

/** The SDL of a subgraph. */
export function printSubgraph(subgraph: DraftSubgraph): string {
  const lines = [LINK];
  for (const type of subgraph.types.values()) lines.push(printType(type));
  for (const [name, members] of subgraph.unions) if (members.size > 0) lines.push(`union ${name} = ${[...members].join(' | ')}`);
  const uses = (name: string, text: string) => new RegExp(`\\b${name}\\b`).test(text);
  // What a filter is made of comes after it.
  for (const [name, text] of Object.entries(commonOf(subgraph.name)).reverse()) if (uses(name, lines.join('\n'))) lines.push(text);
  if (!subgraph.isRenamed) return lines.join('\n\n');
  const roots = ['Query', 'Mutation'].filter((name) => subgraph.types.has(name));
  lines.push(`schema { ${roots.map((name) => `${name.toLowerCase()}: ${name}`).join(' ')} }`);
  return lines.join('\n\n').replaceAll(/\b(Query|Mutation)\b/g, 'Root$1');
}

function printType(type: DraftType): string {
  const keys = [...type.keys]
    .map(([fields, { resolvable }]) => ` @key(fields: "${fields}"${resolvable ? '' : ', resolvable: false'})`)
    .join('');
  const above = type.implements.size > 0 ? ` implements ${[...type.implements].join(' & ')}` : '';
  const directives = [...type.directives].map((d) => ` ${d}`).join('');
  const fields = [...type.fields].map(
    ([name, field]) => `  ${name}${field.args}: ${field.type}${[...field.directives].map((d) => ` ${d}`).join('')}`,
  );
  return `${type.kind} ${type.name}${above}${directives}${keys} {\n${fields.join('\n')}\n}`;
}
