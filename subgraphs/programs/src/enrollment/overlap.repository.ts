import { type Context, rowsGiving } from '@commonweal/kit';
import DataLoader from 'dataloader';
import { sql } from 'drizzle-orm';
import { pr } from '../program/program.entity.ts';
import { program } from '../program/program.table.ts';
import { enrollmentEntity } from './enrollment.entity.ts';

/**
 * Whether a person receives from programs besides one: NONE, SAME_TYPE or OTHER. Null for a program that is not the caller's and for a person
 * of whom no enrollment is within the caller's rows. The answer looks beyond those rows, in the database, and names nothing; sensitive programs do not count.
 */
export function overlapOf(context: Context, personId: string, programCode: string): Promise<string | null> {
  const name = `overlap:${programCode}`;
  let loader = context.loaders.get(name) as DataLoader<string, string | null> | undefined;
  if (!loader) {
    loader = new DataLoader<string, string | null>(async (persons) => {
      const { scope } = enrollmentEntity;
      const rows = rowsGiving(context, ['Person.overlap'], 'READ', [
        scope,
        { ...scope, program: { id: sql`${pr.programId}`, sensitive: sql`${pr.sensitive}` } },
      ]);
      if (!rows) return persons.map(() => null);
      const found = await context.db.all<{ person: string; overlap: string }>(sql`
        select o.person_id as person, o.overlap from ${program} as pr cross join lateral overlap_of(${sql.param([...persons])}::uuid[], ${pr.programId}) as o
        where ${pr.code} = ${programCode} and exists (select 1 from ${enrollmentEntity.from} ${rows.join} where ${scope.person} = o.person_id and ${rows.condition})`);
      context.report.gave(
        found.map((r) => r.person),
        found.length > 0 ? ['Person.overlap'] : [],
        found.length,
      );
      const byPerson = new Map(found.map((r) => [r.person, r.overlap]));
      return persons.map((p) => byPerson.get(p) ?? null);
    });
    context.loaders.set(name, loader);
  }
  return loader.load(personId);
}
