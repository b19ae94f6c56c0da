import path from 'node:path';
import type { Report } from './report.ts';
import type { Session } from './session.ts';
import type { Stage } from './staging.ts';
import type { Tallies } from './tally.ts';

/** Refuses the rows of a stage (called `s`) for which a condition holds and that are not refused yet. */
export async function refuse(
  session: Session,
  stage: Stage,
  condition: string,
  why: { column: string; class: string; reason: string },
): Promise<void> {
  await session.run(
    `update ${stage.table} s set refused = ${quoted(why.reason)}, refused_column = ${quoted(why.column)}, refused_class = ${quoted(why.class)} where s.refused is null and (${condition})`,
  );
}

/** Refuses all rows but the first for each value of some expressions; rows for which one of them is null are let alone. */
export async function refuseRepeated(
  session: Session,
  stage: Stage,
  by: readonly string[],
  where: string,
  why: { column: string; class: string; reason: string },
): Promise<void> {
  await session.run(`
    update ${stage.table} s set refused = ${quoted(why.reason)} || ' (line ' || first.line || ')', refused_column = ${quoted(why.column)}, refused_class = ${quoted(why.class)}
    from (
      select ctid as place, row_number() over w as position, first_value(line) over w as line from ${stage.table} s
      where refused is null and ${by.map((one) => `${one} is not null`).join(' and ')} and (${where})
      window w as (partition by ${by.join(', ')} order by file, line, ctid)
    ) first
    where first.place = s.ctid and first.position > 1`);
}

/** Reports the refused rows of a stage and counts them. */
export async function tellRefused(
  session: Session,
  stage: Stage,
  files: readonly string[],
  report: Report,
  tallies: Tallies,
): Promise<void> {
  const query = `select file, line, refused as reason, refused_column as column, refused_class as class from ${stage.table} where refused is not null order by file, line`;
  for await (const rows of session.pages<{ file: number; line: number; reason: string; column: string; class: string }>(query)) {
    for (const { file, line, reason, column, class: kind } of rows) {
      tallies[stage.name].refused++;
      report.add({ outcome: 'refused', target: stage.name, file: path.basename(files[file]!), line, column, class: kind as never, reason });
    }
  }
}

/** A constant of the program as a literal. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
