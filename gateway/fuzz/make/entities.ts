import { addField, typeIn } from './draft.ts';
import { makeInterfaceObjects } from './interface-objects.ts';
import type { EntityPlan, Making } from './making.ts';
import { LEAVES, subgraphOf, wrapped } from './making.ts';

/** Decides which entities there are, where they live, and by which keys they are known there. */
export function makeEntities(making: Making): void {
  const { chance } = making;
  const subgraphs = [...making.subgraphs.keys()];
  const names = ['Ant', 'Bee', 'Cat', 'Dog'].slice(0, chance.between(2, 4));
  // Subgraphs that shall know some of them by an interface object cannot be their home.
  const blind = subgraphs.length > 1 && chance.maybe(0.35) ? chance.some(subgraphs, 1, Math.min(2, subgraphs.length - 1)) : [];
  const unseen = new Set(blind.length > 0 ? chance.some(names, 1, 2) : []);
  for (const name of names) {
    const possible = subgraphs.filter((s) => !blind.includes(s) || !unseen.has(name));
    const homes = chance.some(possible, Math.min(possible.length, chance.maybe(0.85) ? 2 : 1));
    const entity: EntityPlan = { name, homes, hiddenFrom: new Set(unseen.has(name) ? blind : []) };
    making.entities.push(entity);
    giveKeys(making, entity);
  }
  makeInterfaceObjects(making, blind, unseen);
  makeValues(making);
}

function giveKeys(making: Making, entity: EntityPlan): void {
  const { chance } = making;
  const others = chance.some(['sku', 'num', 'x y', `meta { code }`, `meta { code inner { part } } num`], 0, 2);
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
    const meta = typeIn(subgraph, `${name}Meta`);
    addField(type, 'meta', `${name}Meta!`);
    addField(meta, 'code', 'ID!', '', '@shareable');
    if (!key.includes('inner')) return;
    addField(type, 'num', 'Int!');
    addField(meta, 'inner', `${name}Inner!`, '', '@shareable');
    addField(typeIn(subgraph, `${name}Inner`), 'part', 'String!', '', '@shareable');
  }
}

function makeValues(making: Making): void {
  const { chance } = making;
  for (const name of ['Box', 'Pin'].slice(0, chance.between(0, 2))) {
    const fields = ['v1', 'v2', 'v3']
      .slice(0, chance.between(1, 3))
      .map((field) => ({ name: field, type: wrapped(chance, chance.pick(LEAVES)) }));
    // A value may hold others, itself, and entities.
    const composite = [...making.entities.filter((e) => e.hiddenFrom.size === 0), ...making.values, { name }].map((t) => t.name);
    if (chance.maybe(0.4)) fields.push({ name: 'held', type: wrapped(chance, chance.pick(composite)) });
    making.values.push({ name, fields });
  }
}
