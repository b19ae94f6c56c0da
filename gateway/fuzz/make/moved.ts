import { addField } from './draft.ts';
import type { Making } from './making.ts';
import { isKeyField, makeUsable, namedOf, subgraphOf } from './making.ts';

/** Lets some fields have moved from one subgraph to another (`@override`), also by degrees: a label that nobody sets means that it has not moved yet. */
export function makeMoved(making: Making): void {
  const { chance } = making;
  for (const entity of making.entities) {
    if (!chance.maybe(0.2) || entity.homes.length < 2) continue;
    const [from, to] = chance.shuffled(entity.homes).map((home) => subgraphOf(making, home));
    const [before, after] = [from?.types.get(entity.name), to?.types.get(entity.name)];
    if (!from || !to || !before || !after) continue;
    const movable = [...before.fields].filter(
      ([name, f]) => f.directives.size === 0 && !isKeyField(before, name) && !after.fields.has(name),
    );
    const [found] = chance.shuffled(movable);
    if (!found || !makeUsable(making, to, namedOf(found[1].type))) continue;
    const label = chance.maybe(0.2) ? ', label: "percent(0)"' : '';
    addField(after, found[0], found[1].type, found[1].args, `@override(from: "${from.name}"${label})`);
  }
}
