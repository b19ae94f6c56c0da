import { type Fields, IDENTIFIER_FIELDS, MEMBERSHIP_FIELDS, TARGET_FIELDS } from './fields.ts';
import type { Session } from './session.ts';
import type { Tallied } from './tally.ts';

/** A temporary table into which the rows of files go before anything is written. */
export interface Stage {
  readonly name: Tallied;
  readonly table: string;
  readonly registry: 'persons' | 'programs';
  /** Columns that are filled from files, in order, with their types. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns that are worked out later. */
  readonly derived: Readonly<Record<string, string>>;
}

const typesOf = (fields: Fields): Record<string, string> =>
  Object.fromEntries(Object.values(fields).map((field) => [field.column, field.cast ?? 'text']));
const place = { file: 'smallint', line: 'integer' };
const row = { ...place, id: 'uuid', source_key: 'text' };
/** Why a row is refused when it is looked at together with others. */
const verdict = { refused: 'text', refused_column: 'text', refused_class: 'text' };

/** The stages, by what they hold. */
export const STAGES: Readonly<Record<Tallied, Stage>> = {
  areas: {
    name: 'areas',
    table: 'in_area',
    registry: 'persons',
    columns: { ...row, ...typesOf(TARGET_FIELDS.areas) },
    derived: { ...verdict, path: 'ltree' },
  },
  households: {
    name: 'households',
    table: 'in_household',
    registry: 'persons',
    columns: { ...row, ...typesOf(TARGET_FIELDS.households) },
    derived: { ...verdict, area_path: 'ltree' },
  },
  persons: {
    name: 'persons',
    table: 'in_person',
    registry: 'persons',
    columns: { ...row, ...typesOf(TARGET_FIELDS.persons), surname_key: 'text', given_key: 'text' },
    derived: { ...verdict, area_path: 'ltree' },
  },
  identifiers: {
    name: 'identifiers',
    table: 'in_identifier',
    registry: 'persons',
    columns: { ...place, id: 'uuid', person: 'uuid', ...typesOf(IDENTIFIER_FIELDS), last_four: 'text', value_hash: 'bytea' },
    derived: { ...verdict, area_path: 'ltree' },
  },
  memberships: {
    name: 'memberships',
    table: 'in_membership',
    registry: 'persons',
    columns: { ...place, person: 'uuid', ...typesOf(MEMBERSHIP_FIELDS) },
    derived: { ...verdict, area_path: 'ltree', old_id: 'uuid', old_household: 'uuid', change: 'text', since: 'date', new_id: 'uuid' },
  },
  programs: {
    name: 'programs',
    table: 'in_program',
    registry: 'programs',
    columns: { ...row, ...typesOf(TARGET_FIELDS.programs) },
    derived: verdict,
  },
  enrollments: {
    name: 'enrollments',
    table: 'in_enrollment',
    registry: 'programs',
    columns: { ...row, ...typesOf(TARGET_FIELDS.enrollments) },
    derived: {
      ...verdict,
      program_id: 'uuid',
      sensitive: 'boolean',
      target: 'text',
      area_path: 'ltree',
      old_status: 'text',
      old_area: 'ltree',
      existed: 'boolean not null default false',
    },
  },
};

/** Makes the stages of a registry in its session. */
export async function makeStages(session: Session): Promise<void> {
  for (const { table, registry, columns, derived } of Object.values(STAGES)) {
    if (registry !== session.registry) continue;
    const list = Object.entries({ ...columns, ...derived }).map(([column, type]) => `${column} ${type}`);
    await session.run(`create temporary table ${table} (${list.join(', ')})`);
  }
}

// Which stages are looked up by what, besides being read whole.
const INDEXES = [STAGES.households, STAGES.persons, STAGES.enrollments]
  .map(({ registry, table }) => ({ registry, table, column: 'id' }))
  .concat(
    [STAGES.memberships, STAGES.identifiers, STAGES.enrollments].map(({ registry, table }) => ({ registry, table, column: 'person' })),
  );

/**
 * Makes the stages of a registry ready for looking at: indexes and statistics. It must come before the transaction that writes: an index that
 * is made where rows were changed before is not used in the same transaction.
 */
export async function finishStages(session: Session): Promise<void> {
  for (const { registry, table, column } of INDEXES)
    if (registry === session.registry) await session.run(`create index on ${table} (${column})`);
  for (const { registry, table } of Object.values(STAGES)) if (registry === session.registry) await session.run(`analyze ${table}`);
}

/** Rows on their way into stages: kept until there are enough for one COPY each. */
export class StageWriter {
  readonly #sessions: Readonly<Record<'persons' | 'programs', Session>>;
  readonly #waiting = new Map<Stage, string[]>();

  constructor(sessions: Readonly<Record<'persons' | 'programs', Session>>) {
    this.#sessions = sessions;
  }

  /** Takes a row; a column that is not named is null. */
  add(stage: Stage, values: Readonly<Record<string, string | number | null>>): void {
    const cells = Object.keys(stage.columns).map((column) => copyText(values[column] ?? null));
    const lines = this.#waiting.get(stage);
    if (lines) lines.push(cells.join('\t'));
    else this.#waiting.set(stage, [cells.join('\t')]);
  }

  async flush(): Promise<void> {
    for (const [stage, lines] of this.#waiting) {
      if (lines.length === 0) continue;
      await this.#sessions[stage.registry].copyIn(stage.table, Object.keys(stage.columns), `${lines.join('\n')}\n`);
      lines.length = 0;
    }
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A value in COPY's text format. */
export const copyText = (value: string | number | null): string =>
  value === null ? '\\N' : String(value).replace(/[\\\t\n\r]/g, (c) => ESCAPES[c]!);
/** Bytes in COPY's text format need the backslash of their hexadecimal form once; `copyText` doubles it. */
export const hexBytes = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`;
/** An array of one text, or of none. */
export const oneOrNone = (text: string | null): string => (text === null ? '{}' : `{"${text.replace(/["\\]/g, '\\$&')}"}`);
