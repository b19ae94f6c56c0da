import { randomUUID } from 'node:crypto';
import { type Context, consentJoin, type Db, emit, withinAny } from '@commonweal/kit';
import type { Alternative } from '@commonweal/schema';
import { type SQL, sql } from 'drizzle-orm';
import { refuse } from '../faults.ts';
import { personEntity } from '../person/person.entity.ts';
import { householdEntity } from './household.entity.ts';

// Whoever changes places locks households first and persons after them, each in the order of their ids, one by one (several at once
// would be locked shard by shard): so no two changes wait for each other, and what is counted of a household is counted by one at a time.

/** A person as far as a change of their place needs them. */
export interface PlacedPerson {
  readonly person_id: string;
  readonly household_id: string | null;
  readonly area: string;
}

const personRow = ({ decision }: Context, id: string, alternatives: readonly Alternative[]) =>
  sql`select p.person_id, p.household_id, p.area_path::text as area from person p ${consentJoin(decision, alternatives, personEntity.scope.person)}
    where p.person_id = ${id} and ${withinAny(alternatives, personEntity.scope)}`;

/** The internal id behind a reference; one that nothing has for a text that is none, so that both meet the same fate. */
export const idOf = (context: Context, kind: 'per' | 'hh', reference: string): string =>
  context.refs.decode(kind, reference)?.id ?? randomUUID();

/** A person whom the writer may change, not locked yet; refuses alike whether there is none or none in reach. */
export const personInReach = (
  context: Context,
  db: Db,
  alternatives: readonly Alternative[],
  id: string,
  ...path: string[]
): Promise<PlacedPerson> => foundOrRefused(db, personRow(context, id, alternatives), path);

/** The same, locked until the write ends. */
export const lockPerson: typeof personInReach = (context, db, alternatives, id, ...path) =>
  foundOrRefused(db, sql`${personRow(context, id, alternatives)} for update of p`, path);

async function foundOrRefused(db: Db, row: SQL, path: readonly string[]): Promise<PlacedPerson> {
  const [found] = await db.all<PlacedPerson>(row);
  return found ?? refuse('NOT_AVAILABLE', 'There is no such person, or none whom you may change.', ...path);
}

/** Locks households until the write ends; gives the area of each that the writer may change. */
export async function lockHouseholds(
  context: Context,
  db: Db,
  alternatives: readonly Alternative[],
  ids: readonly (string | null)[],
): Promise<Map<string, string>> {
  const areas = new Map<string, string>();
  for (const id of [...new Set(ids)].filter((x) => x !== null).sort()) {
    const [row] = await db.all<{ area: string; reached: boolean }>(
      sql`select h.area_path::text as area, ${withinAny(alternatives, householdEntity.scope)} as reached
        from household h ${consentJoin(context.decision, alternatives, householdEntity.scope.person)} where h.household_id = ${id} for update of h`,
    );
    if (row?.reached) areas.set(id, row.area);
  }
  return areas;
}

/** A place to open. */
export interface NewPlace {
  readonly person: string;
  readonly household: string;
  readonly area: string;
  readonly relationship: string;
  readonly role: string | null;
  readonly from: string;
}

/** Opens a place, by person and by household. The person and what stands beside them move to the area of the household. Gives the place's id. */
export async function openPlace(db: Db, at: NewPlace): Promise<string> {
  const id = randomUUID();
  for (const table of ['membership', 'roster']) {
    await db.all(sql`insert into ${sql.raw(table)} (membership_id, person_id, household_id, area_path, relationship, recipient_role, valid_from)
      values (${id}, ${at.person}, ${at.household}, ${at.area}::text::ltree, ${at.relationship}, ${at.role}, ${at.from}::date)`);
  }
  await db.all(
    sql`update person set household_id = ${at.household}, area_path = ${at.area}::text::ltree, updated_at = now() where person_id = ${at.person}`,
  );
  // Whoever may know of a person may know of their numbers and of the places they had.
  for (const table of ['membership', 'identifier', 'registration_review']) {
    await db.all(
      sql`update ${sql.raw(table)} set area_path = ${at.area}::text::ltree where person_id = ${at.person} and area_path <> ${at.area}::text::ltree`,
    );
  }
  await emit(db, 'person.moved', at.person, { area: at.area, household: at.household });
  return id;
}

/** Closes a place, by person and by household. It is kept. */
export async function closePlace(db: Db, place: { membership_id: string; person: string; household: string }, on: string): Promise<void> {
  await db.all(
    sql`update membership set valid_to = ${on}::date where person_id = ${place.person} and membership_id = ${place.membership_id}`,
  );
  await db.all(
    sql`update roster set valid_to = ${on}::date where household_id = ${place.household} and membership_id = ${place.membership_id}`,
  );
}
