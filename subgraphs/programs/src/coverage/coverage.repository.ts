import { areaCodeOf, type Context, givesFreely, withinAny } from '@commonweal/kit';
import type { Read } from '@commonweal/schema';
import { sql } from 'drizzle-orm';
import { pr } from '../program/program.entity.ts';
import { program } from '../program/program.table.ts';
import { coverageCell, coverageDelta } from './coverage.table.ts';
import { suppress, THRESHOLD } from './suppression.ts';

/** One count as it may be told. */
export interface ToldCell {
  readonly program: string;
  readonly area: string;
  readonly beneficiaries: number | null;
  readonly suppressed: boolean;
}

/** Counts by program and part of an area. */
export interface Coverage {
  readonly asOf: string;
  readonly suppressedBelow: number;
  readonly cells: readonly ToldCell[];
}

/** A count as stored: of a program in a part of the area (or, for smaller depths, of the areas above it). */
interface Counted {
  readonly asOf: string;
  readonly depth: number | null;
  readonly program: string;
  readonly code: string;
  readonly sensitive: boolean;
  readonly area: string;
  readonly n: string;
  readonly visible: boolean;
}

/** Counting by program and area takes all of these, in one alternative. */
const NEEDS: readonly Read[] = [
  { field: 'CoverageCell.beneficiaries', use: 'AGGREGATE' },
  { field: 'Enrollment.program', use: 'GROUP' },
  { field: 'Person.area', use: 'GROUP' },
];

/**
 * How many receive, by program and part of an area: folded counts and those not folded yet. Which cells are held back is worked out over all
 * ordinary programs and all parts, whoever asks and whatever is asked for, so that no two questions, of one caller or of two, tell the difference.
 */
export async function coverageUnder(
  context: Context,
  args: { programs?: readonly string[] | null; under?: string | null },
): Promise<Coverage> {
  const under = areaCodeOf(args.under ?? 'KE', 'under');
  // Counts are kept without persons, so no consent can be asked row by row: an alternative that needs one counts nothing.
  const counting = context.decision.alternatives.filter((a) => !a.rows.consentForRows && NEEDS.every((n) => givesFreely(context, a, n)));
  const scope = { id: sql`${pr.programId}`, sensitive: sql`${pr.sensitive}` };
  // Every program in every part, also where nobody receives: zeros are added and summed up, not joined, since the planner takes `cell` for one row and would compare each with each.
  const rows = await context.db.all<Counted>(sql`
    with change as (
      select program_id, area_path, beneficiaries as n from ${coverageCell} union all select program_id, area_path, change from ${coverageDelta}
    ), cell as (
      select d.depth, c.program_id, subpath(c.area_path, 0, d.depth + 1) as area, sum(c.n) as n
      from change c join ${program} as pr on ${pr.programId} = c.program_id and ${withinAny(counting, { public: true, program: scope })}
      cross join generate_series(1, nlevel(${under}::ltree)) as d(depth)
      where nlevel(c.area_path) > d.depth and c.area_path <@ subpath(${under}::ltree, 0, d.depth) group by 1, 2, 3
    ), grid as (
      select depth, area, program_id, sum(n) as n from (
        select depth, area, program_id, n from cell
        union all select place.depth, place.area, ran.program_id, 0 from (select distinct depth, area from cell) place cross join (select distinct program_id from cell) ran
      ) filled group by 1, 2, 3
    )
    select now() as "asOf", told.* from (select 1) one left join (
      select g.depth, g.program_id as program, ${pr.code} as code, ${pr.sensitive} as sensitive, g.area::text as area, g.n,
        ${withinAny(counting, { area: sql`g.area`, program: scope })} as visible
      from grid g join ${program} as pr on ${pr.programId} = g.program_id
    ) told on true order by told.depth, told.code, told.area`);
  const counted = rows.filter((r) => r.depth !== null);
  const blocks = [
    counted.filter((r) => !r.sensitive),
    ...Map.groupBy(
      counted.filter((r) => r.sensitive),
      (r) => r.program,
    ).values(),
  ];
  const cells = blocks.flatMap((block) => told(block, under)).filter((c) => args.programs == null || args.programs.includes(c.code));
  context.report.gave([], cells.length > 0 ? ['CoverageCell.beneficiaries'] : [], cells.length);
  return { asOf: rows[0]!.asOf, suppressedBelow: THRESHOLD - 1, cells };
}

/** The cells of one block of programs for the parts of an area. From the country down: what is held back in one table is not to be told by the next. */
function told(block: readonly Counted[], under: string): (ToldCell & { code: string })[] {
  const path = under.split('.');
  let heldBack = new Set<string>();
  for (let depth = 1; depth <= path.length; depth++) {
    const table = block.filter((r) => r.depth === depth);
    const areas = [...new Set(table.map((r) => r.area))];
    const lines = [...Map.groupBy(table, (r) => r.program)];
    const above = path.slice(0, depth).join('.');
    const counts = lines.map(([, line]) => {
      const byArea = new Map(line.map((r) => [r.area, Number(r.n)]));
      return areas.map((a) => Math.max(0, byArea.get(a) ?? 0));
    });
    const hidden = suppress(
      counts,
      lines.map(([id]) => heldBack.has(`${id} ${above}`)),
    );
    heldBack = new Set(lines.flatMap(([id], i) => areas.flatMap((a, j) => (hidden[i]![j] ? [`${id} ${a}`] : []))));
  }
  return block
    .filter((r) => r.depth === path.length && r.visible)
    .map((r) => {
      const suppressed = heldBack.has(`${r.program} ${r.area}`);
      return { program: r.program, code: r.code, area: r.area, beneficiaries: suppressed ? null : Math.max(0, Number(r.n)), suppressed };
    });
}
