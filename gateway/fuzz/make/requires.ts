import type { Chance } from '../random.ts';
import type { DraftField, DraftSubgraph, DraftType } from './draft.ts';
import { addField, typeIn } from './draft.ts';
import type { EntityPlan, Making } from './making.ts';
import { isKeyField, LEAVES, makeUsable, namedOf, someNamedType, subgraphOf, wrapped } from './making.ts';

/** Adds fields that need others from elsewhere: one or two of them, also nested, also with arguments. */
export function makeRequires(making: Making): void {
  const { chance } = making;
  for (const entity of making.entities) {
    for (const home of entity.homes)
      if (chance.maybe(0.45)) for (const name of ['sum', 'gist'].slice(0, chance.between(1, 2))) makeRequire(making, entity, home, name);
  }
}

function makeRequire(making: Making, entity: EntityPlan, home: string, name: string): void {
  const { chance } = making;
  const subgraph = subgraphOf(making, home);
  const type = typeIn(subgraph, entity.name);
  const wanted = new Map<string, string>();
  for (const [field, draft] of chance.shuffled(fieldsElsewhere(making, entity, subgraph)).slice(0, chance.pick([1, 1, 2]))) {
    const selection = requireField(making, subgraph, type, field, draft);
    if (selection !== null) wanted.set(field, selection);
  }
  if (wanted.size === 0) return;
  const named = chance.maybe(0.7) ? chance.pick(LEAVES) : someNamedType(making, subgraph);
  if (!makeUsable(making, subgraph, named)) return;
  const args = chance.maybe(0.15) ? '(n: Int = 5)' : '';
  addField(
    type,
    `${name}${home.toUpperCase()}`,
    wrapped(chance, named),
    args,
    `@requires(fields: ${JSON.stringify([...wanted.values()].join(' '))})`,
  );
}

/** Fields of an entity that other subgraphs resolve and this one does not. */
function fieldsElsewhere(making: Making, entity: EntityPlan, subgraph: DraftSubgraph): [string, DraftField][] {
  const own = subgraph.types.get(entity.name);
  const found = new Map<string, DraftField>();
  for (const home of entity.homes) {
    if (home === subgraph.name) continue;
    const type = subgraphOf(making, home).types.get(entity.name);
    for (const [name, field] of type?.fields ?? []) {
      const here = own?.fields.get(name);
      if (here && !here.directives.has('@external')) continue;
      if (!field.directives.has('@external') && type && !isKeyField(type, name)) found.set(name, field);
    }
  }
  return [...found];
}

/** Declares a field of another subgraph here, as far as it is needed; the text of the selection, or null when it cannot be. */
function requireField(making: Making, subgraph: DraftSubgraph, type: DraftType, name: string, from: DraftField): string | null {
  const { chance } = making;
  const named = namedOf(from.type);
  const below = selectionBelow(making, subgraph, named);
  if (below === null) return null;
  addField(type, name, from.type, from.args, '@external');
  return `${name}${literals(chance, from.args)}${below}`;
}

function selectionBelow(making: Making, subgraph: DraftSubgraph, named: string): string | null {
  const { chance } = making;
  if ((LEAVES as readonly string[]).includes(named)) return '';
  const members = subgraph.unions.get(named);
  if (members) {
    const parts = [...members].map((m) => fragmentOn(making, subgraph, m)).filter((part) => part !== null);
    return parts.length > 0 ? ` { __typename ${parts.join(' ')} }` : null;
  }
  if (!subgraph.types.has(named) && !makeUsable(making, subgraph, named)) return null;
  const type = subgraph.types.get(named);
  if (!type) return null;
  // Of an interface, what one of its types has besides. Without its name a subgraph could not tell which type an object is of.
  const member = type.kind === 'interface' && chance.maybe(0.5) ? implementing(making, subgraph, named) : undefined;
  const part = member && fragmentOn(making, subgraph, member.name);
  if (part) return ` { __typename ${part} }`;
  const leaves = [...type.fields].filter(
    ([, f]) => (LEAVES as readonly string[]).includes(namedOf(f.type)) && f.args === '' && !hasRequires(f),
  );
  const entity = making.entities.find((e) => e.name === named);
  const other =
    entity && chance.maybe(0.5)
      ? chance.shuffled(fieldsElsewhere(making, entity, subgraph)).find(([, f]) => (LEAVES as readonly string[]).includes(namedOf(f.type)))
      : undefined;
  if (other) {
    addField(type, other[0], other[1].type, other[1].args, '@external');
    return ` { ${other[0]}${literals(chance, other[1].args)} }`;
  }
  return leaves.length > 0 ? ` { ${chance.pick(leaves)[0]} }` : null;
}

const implementing = (making: Making, subgraph: DraftSubgraph, name: string) =>
  making.entities.find((e) => subgraph.types.get(e.name)?.implements.has(name));

const hasRequires = (field: DraftField) => [...field.directives].some((d) => d.startsWith('@requires'));

function fragmentOn(making: Making, subgraph: DraftSubgraph, member: string): string | null {
  const below = selectionBelow(making, subgraph, member);
  return below === null || below === '' ? null : `... on ${member}${below}`;
}

/** Values for the arguments of a field that is required: some of those that there are, always those that must be given. */
export function literals(chance: Chance, args: string): string {
  if (args === '') return '';
  if (args.includes('x: String!')) return `(x: '${chance.pick(['u', 'v'])}')`.replaceAll("'", '"');
  if (chance.maybe(0.4)) return '';
  if (args.includes('f: Filter')) return chance.pick(['(f: { n: 2 })', '(f: { hue: RED, inner: { n: 1 } })']);
  if (args.includes('n: Int')) return `(n: ${chance.between(1, 3)})`;
  if (args.includes('hue: Hue')) return `(hue: ${chance.pick(['RED', 'GREEN'])})`;
  return '';
}
