import type { Making } from './making.ts';
import { isKeyField } from './making.ts';

/** Hides some fields from clients (`@inaccessible`): other subgraphs may require them all the same, and keys lead to where they are. */
export function makeHidden(making: Making): void {
  const { chance } = making;
  if (!chance.maybe(0.25)) return;
  for (const subgraph of making.subgraphs.values()) {
    for (const type of subgraph.types.values()) {
      if (type.kind === 'interface' || type.implements.size > 0 || type.name === 'Mutation') continue;
      for (const [name, field] of type.fields) {
        const isKey = name !== 'id' && isKeyField(type, name) && !name.startsWith('meta');
        if (chance.maybe(isKey ? 0.3 : 0.08) && !field.directives.has('@external')) field.directives.add('@inaccessible');
      }
    }
  }
}
