import type { DraftSubgraph } from './draft.ts';
import { addField, typeIn } from './draft.ts';
import type { Making } from './making.ts';
import { makeUsable, wrapped } from './making.ts';

/** Makes up interfaces over entities, and unions. */
export function makeAbstract(making: Making): void {
  const { chance } = making;
  for (const name of ['Being', 'Named'].slice(0, chance.pick([0, 1, 1, 2]))) makeInterface(making, name);
  for (const name of ['Any1', 'Any2'].slice(0, chance.pick([0, 1, 1, 2]))) makeUnion(making, name);
}

function makeInterface(making: Making, name: string): void {
  const { chance } = making;
  const members = chance.some(making.entities, 2, 3);
  const label = `${name.toLowerCase()}Tag`;
  const peer = `${name.toLowerCase()}Peer`;
  const labelType = wrapped(chance, chance.pick(['String', 'Int', 'Hue']));
  const refType = members[0] && chance.maybe(0.4) ? wrapped(chance, name) : undefined;
  const labeled = chance.maybe(0.7);
  making.interfaces.push({ name, members });
  const homes = [...making.subgraphs.values()].filter(
    (s) =>
      membersIn(
        making,
        s,
        members.map((m) => m.name),
      ).length > 0,
  );
  for (const subgraph of chance.some(homes, 1)) {
    const here = membersIn(
      making,
      subgraph,
      members.map((m) => m.name),
    );
    const type = typeIn(subgraph, name, 'interface');
    const keys =
      labeled && chance.maybe(0.3)
        ? []
        : ['id', 'sku'].filter((key) => here.every((member) => subgraph.types.get(member)?.fields.has(key)));
    for (const key of keys) addField(type, key, subgraph.types.get(here[0] as string)?.fields.get(key)?.type ?? 'ID!');
    if (labeled || keys.length === 0) addField(type, label, labelType);
    if (refType) addField(type, peer, refType);
    for (const member of here) {
      const draft = typeIn(subgraph, member);
      draft.implements.add(name);
      if (labeled || keys.length === 0) addField(draft, label, labelType, '', '@shareable');
      if (refType) addField(draft, peer, refType, '', '@shareable');
    }
  }
}

const membersIn = (making: Making, subgraph: DraftSubgraph, names: readonly string[]): string[] =>
  names.filter((name) => making.entities.some((e) => e.name === name && e.homes.includes(subgraph.name)));

function makeUnion(making: Making, name: string): void {
  const { chance } = making;
  const members = chance.some([...making.entities.map((e) => e.name), ...making.values.map((v) => v.name)], 2, 3);
  making.unions.push(name);
  for (const subgraph of chance.some([...making.subgraphs.values()], 1)) {
    const here = members.filter((member) => subgraph.types.has(member) || (chance.maybe(0.5) && makeUsable(making, subgraph, member)));
    if (here.length > 0) subgraph.unions.set(name, new Set(here));
  }
}
