import {
  allOf,
  alternativesFor,
  type Context,
  childPage,
  entityLoader,
  type Page,
  type PageArguments,
  page,
  type Row,
  withinAny,
} from '@commonweal/kit';
import DataLoader from 'dataloader';
import { type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { cycleColumns as cy, cycleEntity, pr, programEntity } from './program.entity.ts';
import { compatibility, program } from './program.table.ts';

const c = alias(compatibility, 'c');

/** One program by internal id, with the fields asked for; null when absent or hidden. */
export const findProgram = (context: Context, id: string, requested: ReadonlySet<string>): Promise<Row | null> =>
  entityLoader(context, programEntity(context), requested).load({ id, owner: null });

/** One program by reference, code or both; null when absent, hidden, or when neither is given. */
export async function findProgramBy(
  context: Context,
  by: { id?: string | null; code?: string | null },
  requested: ReadonlySet<string>,
): Promise<Row | null> {
  const id = by.id == null ? undefined : context.refs.decode('prg', by.id)?.id;
  if (by.id != null && id === undefined) return null;
  if (by.code == null) return id === undefined ? null : findProgram(context, id, requested);
  const where = allOf(sql`${pr.code} = ${by.code}`, id === undefined ? undefined : sql`${pr.programId} = ${id}::uuid`);
  const found = await page(
    context,
    { name: 'Query.program', entity: programEntity(context), where, order: [], filter: by },
    { first: 1 },
    requested,
  );
  return found.nodes[0] ?? null;
}

/** What the list of programs is asked with. */
export interface ProgramsArguments extends PageArguments {
  readonly filter?: { readonly type?: readonly string[] | null; readonly status?: readonly string[] | null } | null;
}

const oneOf = (column: SQL, values: readonly string[] | null | undefined) =>
  values ? sql`${column} = any (${sql.param([...values])}::text[])` : undefined;

/** A page of programs, by code. */
export const listPrograms = (context: Context, args: ProgramsArguments, requested: ReadonlySet<string>): Promise<Page> =>
  page(
    context,
    {
      name: 'Query.programs',
      entity: programEntity(context),
      where: allOf(oneOf(sql`${pr.type}`, args.filter?.type), oneOf(sql`${pr.status}`, args.filter?.status)),
      order: [{ value: sql`${pr.code}`, type: 'text' }],
      filter: args.filter ?? null,
      standard: 50,
    },
    args,
    requested,
  );

/** Cycles of a program, newest first. */
export const cyclesOf = (context: Context, programId: string, args: PageArguments, requested: ReadonlySet<string>): Promise<Page> =>
  childPage(
    context,
    {
      name: 'Program.cycles',
      entity: cycleEntity(context),
      order: [{ value: sql`${cy.sequence}`, type: 'integer' }],
      descending: true,
      standard: 12,
    },
    sql`${cy.programId}`,
    programId,
    args,
    requested,
  );

/** A rule about two programs, as it holds today. */
export interface Compatibility {
  readonly program: string;
  readonly with: string;
  readonly level: string;
  readonly verdict: string;
}

/** The rules that hold today for a program, about programs the caller may know of; all programs of a request in one statement. */
export function compatibilitiesOf(context: Context, programId: string): Promise<Compatibility[]> {
  let loader = context.loaders.get('compatibilities') as DataLoader<string, Compatibility[]> | undefined;
  if (!loader) {
    loader = new DataLoader<string, Compatibility[]>(async (ids) => {
      const reach = alternativesFor(context.catalog, context.decision, ['Program.id', 'Program.compatibilities'], 'READ');
      const rows = await context.db.all<Compatibility>(sql`
        select ${c.programId} as program, ${c.otherProgramId} as with, ${c.level} as level, ${c.verdict} as verdict
        from ${compatibility} as c join ${program} as pr on ${pr.programId} = ${c.otherProgramId}
        where ${c.programId} = any (${sql.param([...ids])}::uuid[]) and ${c.validFrom} <= current_date and (${c.validTo} is null or ${c.validTo} >= current_date)
          and ${withinAny(reach, programEntity(context).scope)}
        order by ${pr.code}, ${c.level}`);
      return ids.map((id) => rows.filter((r) => r.program === id));
    });
    context.loaders.set('compatibilities', loader);
  }
  return loader.load(programId);
}
