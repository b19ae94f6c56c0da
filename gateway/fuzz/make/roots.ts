import type { DraftSubgraph } from './draft.ts';
import { addField, typeIn } from './draft.ts';
import type { Making } from './making.ts';
import { LEAVES, makeUsable, someArguments, someNamedType, wrapped } from './making.ts';

/** Gives the root types their fields. */
export function makeRoots(making: Making): void {
  const { chance } = making;
  for (const subgraph of making.subgraphs.values()) {
    const homes = making.entities.filter((e) => e.homes.includes(subgraph.name));
    for (const entity of homes) {
      if (chance.maybe(0.75)) addRoot(making, subgraph, 'Query', `${entity.name.toLowerCase()}${subgraph.name.toUpperCase()}`, entity.name);
    }
    for (const name of [...subgraph.unions.keys(), ...making.interfaces.map((i) => i.name), 'Kind']) {
      if ((subgraph.unions.has(name) || subgraph.types.has(name)) && chance.maybe(0.7)) {
        addRoot(making, subgraph, 'Query', `${name.toLowerCase()}${subgraph.name.toUpperCase()}`, name);
      }
    }
    if (chance.maybe(0.3) || !subgraph.types.has('Query'))
      addRoot(making, subgraph, 'Query', `leaf${subgraph.name.toUpperCase()}`, chance.pick(LEAVES));
    if (chance.maybe(0.25)) {
      for (const name of ['doOne', 'doTwo'].slice(0, chance.between(1, 2))) {
        addRoot(making, subgraph, 'Mutation', `${name}${subgraph.name.toUpperCase()}`, someNamedType(making, subgraph));
      }
    }
  }
  if (chance.maybe(0.3)) shareRoot(making);
  if (chance.maybe(0.2)) leadBack(making);
}

/** Fields that lead back to the root, and through what a mutation gives. */
function leadBack(making: Making): void {
  const { chance } = making;
  for (const subgraph of chance.some([...making.subgraphs.values()], 1)) {
    const holder = typeIn(subgraph, `Payload${subgraph.name.toUpperCase()}`);
    addField(holder, 'ok', 'Boolean');
    addField(holder, 'query', chance.pick(['Query', 'Query!']));
    addField(typeIn(subgraph, 'Query'), `back${subgraph.name.toUpperCase()}`, chance.pick(['Query', holder.name]));
    if (subgraph.types.has('Mutation')) addField(typeIn(subgraph, 'Mutation'), `doBack${subgraph.name.toUpperCase()}`, holder.name);
  }
}

function addRoot(making: Making, subgraph: DraftSubgraph, root: 'Query' | 'Mutation', field: string, named: string): void {
  const usable = makeUsable(making, subgraph, named) ? named : 'String';
  addField(typeIn(subgraph, root), field, wrapped(making.chance, usable), someArguments(making.chance, 0.35));
}

/** A root field that several subgraphs give. */
function shareRoot(making: Making): void {
  const { chance } = making;
  const entity = chance.pick(making.entities);
  const type = wrapped(chance, entity.name);
  const args = someArguments(chance, 0.4);
  for (const subgraph of chance.some([...making.subgraphs.values()], 2)) {
    if (makeUsable(making, subgraph, entity.name)) addField(typeIn(subgraph, 'Query'), 'shared', type, args, '@shareable');
  }
}
