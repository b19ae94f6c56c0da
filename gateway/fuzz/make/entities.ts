import { addField, typeIn } from './draft.ts';
import type { EntityPlan, Making } from './making.ts';
import { LEAVES, subgraphOf, wrapped } from './making.ts';

/** Decides which entities there are, where they live, and by which keys they are known there. */
export function makeEntities(making: Making): void {
  const { chance } = making;
  const subgraphs = [...making.subgraphs.keys()];
  const names = ['Ant', 'Bee', 'Cat', 'Dog'].slice(0, chance.between(2, 4));
  // A subgraph that shall know some of them by an interface object cannot be their home.
  const blind = subgraphs.length > 1 && chance.maybe(0.3) ? chance.pick(subgraphs) : undefined;
  const unseen = new Set(blind ? chance.some(names, 1, 2) : []);
  for (const name of names) {
    const possible = subgraphs.filter((s) => s !== blind || !unseen.has(name));
    const homes = chance.some(possible, Math.min(possible.length, chance.maybe(0.85) ? 2 : 1));
    const entity: EntityPlan = { name, homes, hiddenFrom: new Set(unseen.has(name) && blind ? [blind] : []) };
    making.entities.push(entity);
    giveKeys(making, entity);
  }
  if (blind) makeInterfaceObject(making, blind, unseen);
  makeValues(making);
}

function giveKeys(making: Making, entity: EntityPlan): void {
  const { chance } = making;
  const others = chance.some(['sku', 'num', 'x y', `meta { code }`], 0, 2);
  const primary = chance.maybe(0.85) ? 'id' : (others[0] ?? 'id');
  for (const [i, home] of entity.homes.entries()) {
    const type = typeIn(subgraphOf(making, home), entity.name);
    const keys = new Set([primary, ...others.filter(() => chance.maybe(0.4))]);
    // Some are known in one place by one key and in another by another; a third place may know both.
    if (i > 0 && keys.size > 1 && chance.maybe(0.3)) keys.delete(primary);
    for (const key of chance.shuffled([...keys])) giveKey(making, home, type.name, key);
  }
}

function giveKey(making: Making, home: string, name: string, key: string): void {
  const subgraph = subgraphOf(making, home);
  const type = typeIn(subgraph, name);
  type.keys.set(key, { resolvable: true });
  if (key === 'id') addField(type, 'id', 'ID!');
  else if (key === 'sku') addField(type, 'sku', 'String!');
  else if (key === 'num') addField(type, 'num', 'Int!');
  else if (key === 'x y') {
    addField(type, 'x', 'Int!');
    addField(type, 'y', 'String');
  } else {
    addField(type, 'meta', `${name}Meta!`);
    addField(typeIn(subgraph, `${name}Meta`), 'code', 'ID!', '', '@shareable');
  }
}

function makeInterfaceObject(making: Making, blind: string, unseen: ReadonlySet<string>): void {
  const { chance } = making;
  const members = making.entities.filter((e) => unseen.has(e.name));
  const home = making.subgraphs.values().find((s) => members.every((m) => s.types.get(m.name)?.keys.has('id') === true));
  if (!home || members.length === 0) return;
  const known = typeIn(home, 'Kind', 'interface');
  known.keys.set('id', { resolvable: true });
  addField(known, 'id', 'ID!');
  for (const member of members) typeIn(home, member.name).implements.add('Kind');
  const object = typeIn(subgraphOf(making, blind), 'Kind');
  object.directives.add('@interfaceObject');
  object.keys.set('id', { resolvable: true });
  addField(object, 'id', 'ID!');
  addField(object, 'extra', wrapped(chance, chance.pick(LEAVES)));
  if (chance.maybe(0.5)) addField(object, 'twin', wrapped(chance, 'Kind'));
  making.objects.push({ name: 'Kind', subgraph: blind, members });
}

function makeValues(making: Making): void {
  const { chance } = making;
  for (const name of ['Box', 'Pin'].slice(0, chance.between(0, 2))) {
    const fields = ['v1', 'v2', 'v3']
      .slice(0, chance.between(1, 3))
      .map((field) => ({ name: field, type: wrapped(chance, chance.pick(LEAVES)) }));
    making.values.push({ name, fields });
  }
}
