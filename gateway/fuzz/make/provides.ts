import type { DraftField, DraftSubgraph } from './draft.ts';
import { addField } from './draft.ts';
import type { EntityPlan, Making } from './making.ts';
import { LEAVES, namedOf, subgraphOf } from './making.ts';

/** Lets some fields that lead to an entity give a field of it that the subgraph does not resolve elsewhere. */
export function makeProvides(making: Making): void {
  for (const subgraph of making.subgraphs.values()) {
    for (const type of [...subgraph.types.values()]) {
      if (type.kind === 'interface') continue;
      for (const field of type.fields.values()) {
        if (!field.directives.has('@external') && making.chance.maybe(0.25)) provide(making, subgraph, field);
      }
    }
  }
}

function provide(making: Making, subgraph: DraftSubgraph, field: DraftField): void {
  const named = namedOf(field.type);
  const members = membersOf(making, subgraph, named);
  const target = members ? making.chance.pick([undefined, ...members]) : making.entities.find((e) => e.name === named);
  const here = target && subgraph.types.get(target.name);
  if (!target || !here || target.homes.includes(subgraph.name) === making.chance.maybe(0.3)) return;
  const owners = target.homes.filter((h) => h !== subgraph.name).map((h) => subgraphOf(making, h).types.get(target.name));
  const candidates = owners
    .flatMap((owner) => [...(owner?.fields ?? [])])
    .filter(([name, f]) => {
      const own = here.fields.get(name);
      const isFree = !own || own.directives.has('@external');
      return (
        isFree &&
        f.args === '' &&
        (LEAVES as readonly string[]).includes(namedOf(f.type)) &&
        [...f.directives].every((d) => d === '@shareable')
      );
    });
  const [name, from] = candidates[0] ?? [];
  if (!name || !from) return;
  const resolvers = owners.map((owner) => owner?.fields.get(name)).filter((f) => f !== undefined);
  // What several subgraphs can give must be the same in all of them, and they have to say so.
  for (const f of resolvers) if (!f.directives.has('@external')) f.directives.add('@shareable');
  addField(here, name, from.type, '', '@external');
  field.directives.add(`@provides(fields: "${members ? `... on ${target.name} { ${name} }` : name}")`);
}

/** Entities behind an interface or a union in a subgraph. */
function membersOf(making: Making, subgraph: DraftSubgraph, name: string): readonly EntityPlan[] | undefined {
  const isInterface = subgraph.types.get(name)?.kind === 'interface';
  if (!isInterface && !subgraph.unions.has(name)) return undefined;
  return making.entities.filter(
    (e) => subgraph.unions.get(name)?.has(e.name) || (isInterface && subgraph.types.get(e.name)?.implements.has(name)),
  );
}
