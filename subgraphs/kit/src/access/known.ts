import type { Alternative } from '@commonweal/schema';
import { type SQL, sql } from 'drizzle-orm';
import type { Context } from '../graph/context.ts';
import type { Entity } from './entity.ts';
import { alternativesFor, masked, withinAny } from './sql.ts';

/** Whether a row is within the rows of one of the alternatives that give a coordinate and, where that one asks for consent to its class, with the person's consent. */
export function givenIn({ catalog, decision }: Context, entity: Entity, coordinate: string, giving: readonly Alternative[]): SQL {
  const accessClass = catalog.fields.get(coordinate)?.accessClass;
  if (!giving.some((a) => accessClass !== undefined && a.consentClasses.has(accessClass))) return withinAny(giving, entity.scope);
  const each = giving.map(
    (a) =>
      sql`(${withinAny([a], entity.scope)} and ${masked(catalog, decision, [coordinate], entity.scope, sql`true`, [a]) ?? sql`false`})`,
  );
  return sql`(${sql.join(each, sql` or `)})`;
}

/**
 * In which rows the reference behind a link may be given: null for all rows that give the link, where the same alternatives give both. `target` is the
 * coordinate of the reference, `asked` the alternatives that the condition asks, whether or not they reach the row.
 */
export function referring(
  context: Context,
  entity: Entity,
  link: readonly string[],
  target: string,
  reach: readonly Alternative[],
): { condition: SQL | null; asked: readonly Alternative[] } {
  const { catalog, decision } = context;
  const giving = alternativesFor(catalog, decision, [target], 'READ');
  const linking = alternativesFor(catalog, decision, link, 'READ').filter((a) => reach.includes(a));
  if (linking.every((a) => giving.includes(a))) return { condition: null, asked: [] };
  return { condition: givenIn(context, entity, target, giving), asked: giving };
}
