import { TARGET_FIELDS } from './fields.ts';
import type { Mapping, Target } from './mapping.ts';
import type { Session } from './session.ts';
import type { Tally } from './tally.ts';

/** What stands for nothing in columns that must have a value. */
const FALLBACKS: Readonly<Record<string, string>> = {
  marital_status: "'UNKNOWN'",
  employment_status: "'UNKNOWN'",
  birth_date_estimated: 'false',
  country: "'ZZ'",
  status: "'ACTIVE'",
  assistance_unit: "'HOUSEHOLD'",
  description: "''",
  institution: "''",
  sensitive: 'false',
  registered_at: 'now()',
};
/** Columns of stages that point to other rows and have no column of their own in the registry. */
const POINTERS: ReadonlySet<string> = new Set([
  'area',
  'area_code',
  'parent',
  'label',
  'person',
  'household',
  'program',
  'program_code',
  'status_since',
  'reason',
]);

/** The columns that a mapping feeds for a target, each with the expression that gives its value from the stage `s`. Others are left as they are. */
export function fedColumns(mapping: Mapping, target: Target): Record<string, string> {
  const fed = new Set(mapping.entries.filter((entry) => entry.target === target).flatMap((entry) => Object.keys(entry.fields ?? {})));
  // Whether a person is alive follows from the day of death, see `settleDeaths`.
  if (target === 'persons' && fed.has('deathDate')) fed.add('status');
  return Object.fromEntries(
    Object.entries(TARGET_FIELDS[target])
      .filter(([name, { column }]) => fed.has(name) && !POINTERS.has(column))
      .map(([, { column }]) => [column, FALLBACKS[column] ? `coalesce(s.${column}, ${FALLBACKS[column]})` : `s.${column}`]),
  );
}

/** Rows from a stage that go into a table. */
export interface Upsert {
  readonly table: string;
  readonly stage: string;
  readonly key: readonly string[];
  /** Columns and the expressions that give their values. */
  readonly values: Readonly<Record<string, string>>;
  /** Columns that are only set when the row is made. */
  readonly once?: readonly string[];
  /** Columns that alone do not make a row another: when it was taken from the source. */
  readonly silent?: readonly string[];
  /** More that is set when a row changes. */
  readonly onChange?: string;
}

/** Makes new rows, changes those that differ and leaves the others alone; counts them. */
export async function upsert(
  session: Session,
  { table, stage, key, values, once = [], silent = [], onChange }: Upsert,
  tally: Tally,
): Promise<void> {
  const staged = await session.count(`select count(*) as n from ${stage} s where refused is null`);
  if (staged === 0) return;
  const columns = Object.keys(values);
  const changing = columns.filter((column) => !key.includes(column) && !once.includes(column));
  const compared = changing.filter((column) => !silent.includes(column));
  const set = [...changing.map((column) => `${column} = excluded.${column}`), ...(onChange ? [onChange] : [])];
  const list = (prefix: string) => `row(${compared.map((column) => `${prefix}.${column}`).join(', ')})`;
  const rows = await session.run<{ created: string; updated: string }>(`
    with written as (
      insert into ${table} as t (${columns.join(', ')}) select ${Object.values(values).join(', ')} from ${stage} s where s.refused is null
      on conflict (${key.join(', ')}) do update set ${set.join(', ')} where ${list('t')} is distinct from ${list('excluded')}
      returning (xmax = 0) as created
    )
    select count(*) filter (where created) as created, count(*) filter (where not created) as updated from written`);
  const created = Number(rows[0]!.created);
  const updated = Number(rows[0]!.updated);
  tally.created += created;
  tally.updated += updated;
  tally.unchanged += staged - created - updated;
}

/** Notes on rows that came again unchanged that the source still says so. */
export async function refreshTakenOn(session: Session, table: string, stage: string, id: string, takenOn: string): Promise<void> {
  await session.run(
    `update ${table} t set source_taken_on = $1::text::date from ${stage} s where s.refused is null and t.${id} = s.id and t.source_taken_on is distinct from $1::text::date`,
    [takenOn],
  );
}
