import type { Db, EventHandlers, RegistryEvent } from '@commonweal/kit';
import { sql } from 'drizzle-orm';

/** Puts where a person lives now on all rows of theirs, whose visibility follows it. */
async function moved(db: Db, { subject, payload }: RegistryEvent): Promise<void> {
  const { area } = payload as { area: string };
  for (const table of ['account', 'payment', 'payment_event']) {
    await db.all(
      sql`update ${sql.identifier(table)} set area_path = ${area}::ltree where person_id = ${subject}::uuid and area_path <> ${area}::ltree`,
    );
  }
}

/** Puts the programs that know of a person on their accounts: an account is shown to a program only as long as the program knows the person. */
async function known(db: Db, { subject, payload }: RegistryEvent): Promise<void> {
  const { programs } = payload as { programs: string[] };
  await db.all(sql`update account set program_ids = ${sql.param([...programs])}::uuid[] where person_id = ${subject}::uuid`);
}

/** What the payments registry does when it hears of the others. */
export const onEvents: EventHandlers = { 'person.moved': moved, 'programs.known': known };
