import type { DraftSubgraph } from './draft.ts';
import { addField, typeIn } from './draft.ts';
import type { EntityPlan, Making } from './making.ts';
import { makeUsable, someArguments, wrapped } from './making.ts';

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
  const args = someArguments(chance, 0.2);
  // What an interface promises a type may promise more strictly.
  const strict = new Set(members.filter(() => chance.maybe(0.2)));
  const own = (member: EntityPlan | undefined, type: string) => (member && strict.has(member) && !type.endsWith('!') ? `${type}!` : type);
  const base = labeled && chance.maybe(0.25) ? `${name}Base` : undefined;
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
    if (labeled || keys.length === 0) addField(type, label, labelType, args);
    if (refType) addField(type, peer, refType);
    if (base) {
      type.implements.add(base);
      addField(typeIn(subgraph, base, 'interface'), label, labelType, args);
    }
    for (const member of here) {
      const draft = typeIn(subgraph, member);
      draft.implements.add(name);
      const plan = members.find((m) => m.name === member);
      if (base) draft.implements.add(base);
      if (labeled || keys.length === 0) addField(draft, label, own(plan, labelType), args, '@shareable');
      if (refType) addField(draft, peer, own(plan, refType), '', '@shareable');
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
