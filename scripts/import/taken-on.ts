import { StartupProblem } from '../startup-problem.ts';
import type { Session } from './session.ts';

const HOURS_AHEAD = 14;

/** Refuses a day on which nothing can have been taken yet, anywhere on earth: places would be held from then on only, and every export until then be older. */
export function refuseFuture(takenOn: string): void {
  if (takenOn <= new Date(Date.now() + HOURS_AHEAD * 3_600_000).toISOString().slice(0, 10)) return;
  throw new StartupProblem(
    `The export cannot have been taken on ${takenOn}: that day is still to come.`,
    'Mend --taken-on, or the time of the file.',
  );
}

/** What may have been imported before, in both registries that keep the day. */
const DATED = [
  { registry: 'persons', table: 'person', stage: 'in_person', id: 'person_id', name: 'persons' },
  { registry: 'persons', table: 'household', stage: 'in_household', id: 'household_id', name: 'households' },
  { registry: 'programs', table: 'program', stage: 'in_program', id: 'program_id', name: 'programs' },
  { registry: 'programs', table: 'enrollment', stage: 'in_enrollment', id: 'enrollment_id', name: 'enrollments' },
] as const;

/** Refuses an export that is older than one of which rows were imported: what has changed since would be taken back without a word. */
export async function refuseOlder(sessions: Readonly<Record<'persons' | 'programs', Session>>, takenOn: string): Promise<void> {
  for (const { registry, table, stage, id, name } of DATED) {
    const [newer] = await sessions[registry].run<{ n: string; day: string | null }>(
      `select count(*) as n, max(t.source_taken_on)::text as day from ${table} t
       where t.source_taken_on > $1::text::date and exists (select 1 from ${stage} s where s.id = t.${id})`,
      [takenOn],
    );
    if (!newer?.day) continue;
    throw new StartupProblem(
      `This export was taken on ${takenOn}; ${newer.n} ${name} of it were imported already as they were on ${newer.day}.`,
      `Import the newest export. If this is it and only its file is dated wrongly, or it shall hold all the same: --taken-on ${newer.day}.`,
    );
  }
}
