import type { Mapping } from './mapping.ts';
import { refuse } from './refusing.ts';
import type { Session } from './session.ts';
import { STAGES } from './staging.ts';

/** Whether a mapping feeds a field of persons. */
export const feedsPersons = ({ entries }: Mapping, field: string): boolean =>
  entries.some((entry) => entry.target === 'persons' && entry.fields?.[field] !== undefined);

/** Refuses persons who died before they were born. */
export async function refuseDeadBeforeBorn(session: Session): Promise<void> {
  await refuse(session, STAGES.persons, 's.death_date < s.birth_date', {
    column: 'deathDate',
    class: 'date',
    reason: 'before the day of birth',
  });
}

/**
 * Makes persons with a day of death deceased: whoever is active is told to be entitled. A source that tells the day and no state tells by leaving it out that somebody
 * lives; of whom it does not say so, the state stays as it is here.
 */
export async function settleDeaths(session: Session, mapping: Mapping): Promise<void> {
  if (!feedsPersons(mapping, 'deathDate')) return;
  if (!feedsPersons(mapping, 'status'))
    await session.run(`
      update in_person s set status = case when p.status = 'DECEASED' then 'ACTIVE' else p.status end
      from person p where p.person_id = s.id and s.refused is null`);
  await session.run(
    `update in_person s set status = 'DECEASED' where s.refused is null and s.death_date is not null and coalesce(s.status, 'ACTIVE') = 'ACTIVE'`,
  );
}
