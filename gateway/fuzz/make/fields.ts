import { addField, typeIn } from './draft.ts';
import type { EntityPlan, Making } from './making.ts';
import { makeUsable, someArguments, someNamedType, subgraphOf, wrapped } from './making.ts';

const NAMES = ['name', 'size', 'color', 'friend', 'parts', 'data', 'place', 'rank'] as const;

/** Gives each entity its fields: most of them in one subgraph, some of them shared by several. */
export function makeFields(making: Making): void {
  for (const entity of making.entities) {
    for (const name of NAMES.slice(0, making.chance.between(2, 6))) makeField(making, entity, name);
  }
}

function makeField(making: Making, entity: EntityPlan, name: string): void {
  const { chance } = making;
  const home = chance.pick(entity.homes);
  const named = someNamedType(making, subgraphOf(making, home));
  const type = wrapped(chance, named);
  const args = someArguments(chance, 0.25);
  const homes = chance.maybe(0.2) ? chance.some(entity.homes, 2) : [home];
  const usable = homes.filter((h) => makeUsable(making, subgraphOf(making, h), named));
  for (const [i, h] of usable.entries()) {
    // One subgraph may promise less than another.
    const weaker = i > 0 && chance.maybe(0.15) ? type.replace(/!$/, '') : type;
    addField(typeIn(subgraphOf(making, h), entity.name), name, weaker, args, ...(usable.length > 1 ? ['@shareable'] : []));
  }
}
