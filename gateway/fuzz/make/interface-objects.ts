import { addField, type DraftType, typeIn } from './draft.ts';
import type { Making } from './making.ts';
import { LEAVES, subgraphOf, wrapped } from './making.ts';

/** Lets some subgraphs know entities only by an interface, as an object (`@interfaceObject`), and add to all that is behind it. */
export function makeInterfaceObjects(making: Making, blind: readonly string[], unseen: ReadonlySet<string>): void {
  const { chance } = making;
  const members = making.entities.filter((e) => unseen.has(e.name));
  const home = making.subgraphs.values().find((s) => members.every((m) => s.types.get(m.name)?.keys.has('id') === true));
  if (!home || members.length === 0 || blind.length === 0) return;
  const known = typeIn(home, 'Kind', 'interface');
  const everywhere = ['id', 'sku', 'num'].filter((key) => members.every((m) => home.types.get(m.name)?.keys.has(key)));
  const keys = everywhere.filter((key) => key === 'id' || chance.maybe(0.5));
  const label = chance.maybe(0.5) ? wrapped(chance, chance.pick(LEAVES)) : undefined;
  for (const key of keys) addKey(known, key, home.types.get((members[0] as { name: string }).name));
  if (label) addField(known, 'label', label);
  for (const member of members) {
    const type = typeIn(home, member.name);
    type.implements.add('Kind');
    if (label) addField(type, 'label', label);
  }
  for (const [i, name] of blind.entries()) {
    const object = typeIn(subgraphOf(making, name), 'Kind');
    object.directives.add('@interfaceObject');
    for (const key of chance.some(keys, 1)) addKey(object, key, known);
    addField(object, `extra${i}`, wrapped(chance, chance.pick(LEAVES)), chance.maybe(0.3) ? '(n: Int = 5)' : '');
    if (chance.maybe(0.5)) addField(object, `twin${i}`, wrapped(chance, 'Kind'));
    if (label && chance.maybe(0.5)) {
      addField(object, 'label', label, '', '@external');
      addField(object, `note${i}`, wrapped(chance, chance.pick(LEAVES)), '', '@requires(fields: "label")');
    }
  }
  making.objects.push({ name: 'Kind', members });
}

function addKey(type: DraftType, key: string, like: DraftType | undefined): void {
  type.keys.set(key, { resolvable: true });
  addField(type, key, like?.fields.get(key)?.type ?? 'ID!');
}
