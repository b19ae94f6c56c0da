import { statSync } from 'node:fs';
import path from 'node:path';
import { type CsvRow, readHeader, readRows } from './csv.ts';
import type { Reading } from './mapping.load.ts';
import type { Mapping, Target } from './mapping.ts';
import type { ImportProgress } from './progress.ts';
import type { Report } from './report.ts';
import { type Cells, columnsOf, compileKey, compilePassOver } from './row.ts';
import type { Session } from './session.ts';
import { compileStaging, type StagingContext } from './stage-rows.ts';
import { copyText, finishStages, makeStages, StageWriter } from './staging.ts';
import type { Tallied, Tallies } from './tally.ts';

/** What reading needs besides files and mapping. */
export interface ReadingContext {
  readonly sessions: Readonly<Record<'persons' | 'programs', Session>>;
  readonly report: Report;
  readonly tallies: Tallies;
  readonly progress: ImportProgress;
  readonly hashKey: Buffer;
  readonly today: string;
}

/** Reads all files into the stages, row by row checked on its own. Nothing of the registries is touched. Throws `StartupProblem`. */
export async function readFiles(mapping: Mapping, readings: readonly Reading[], context: ReadingContext): Promise<void> {
  const { sessions, progress } = context;
  await makeStages(sessions.persons);
  await makeStages(sessions.programs);
  await sessions.persons.run('create temporary table in_lookup (name text, key text, line integer, cells text)');
  // All headers first: a column that is missing shall be told before an hour of reading.
  const headers = new Map<string, string[]>();
  for (const { file } of readings) if (!headers.has(file)) headers.set(file, await readHeader(file, mapping.delimiter ?? ','));
  progress.expect(readings.reduce((bytes, { file }) => bytes + statSync(file).size, 0));
  const lookups = new Map<string, string[]>();
  const prepared = readings.map((reading) => prepare(mapping, reading, headers.get(reading.file)!, lookups, context));
  for (const read of prepared) await read();
  await finishStages(sessions.persons);
  await finishStages(sessions.programs);
}

/** Why a row cannot be read at all; null when it can. Whatever a cell is used for, as a value, key or in a look-up: no text of the database holds the character of code zero. */
function faultOfRow(cells: readonly string[], expected: number): string | null {
  if (cells.length !== expected) return `${cells.length} cells where the header has ${expected}`;
  return cells.some((cell) => cell.includes('\0')) ? 'a cell holds the character of code zero' : null;
}

/** Checks that the columns are there and returns what reads the file. */
function prepare(
  mapping: Mapping,
  reading: Reading,
  names: string[],
  lookups: Map<string, string[]>,
  context: ReadingContext,
): () => Promise<void> {
  const { entry, file, number } = reading;
  const { sessions, report, tallies, progress } = context;
  if (entry.lookup) lookups.set(entry.lookup, names);
  const joins = Object.entries(entry.join ?? {});
  const columns = columnsOf(file, [...names, ...joins.flatMap(([name]) => lookups.get(name)!.map((column) => `${name}.${column}`))]);
  const passOver = compilePassOver(entry.passOver ?? [], columns);
  const label = path.basename(file);
  const writer = new StageWriter(sessions);
  const kind: Tallied = entry.target ?? 'enrollments';
  const staging: StagingContext = {
    source: mapping.source,
    hashKey: context.hashKey,
    today: context.today,
    writer,
    tell(outcome, told, line, fault) {
      report.add({ outcome, target: told, file: label, line, ...fault });
      if (outcome === 'refused') tallies[told].refused++;
    },
    counted: (told) => void tallies[told].rows++,
  };
  const stage = entry.target ? compileStaging(entry as typeof entry & { target: Target }, number, columns, staging) : null;
  const key = compileKey(entry.key, columns);

  async function lookupRows(rows: readonly CsvRow[]): Promise<void> {
    let lines = '';
    for (const { line, cells } of rows) {
      const keyed = key(cells);
      if ('fault' in keyed || passOver(cells) !== null) continue;
      lines += `${[entry.lookup!, keyed.key, line, JSON.stringify(cells)].map(copyText).join('\t')}\n`;
    }
    if (lines !== '') await sessions.persons.copyIn('in_lookup', ['name', 'key', 'line', 'cells'], lines);
  }

  async function targetRows(rows: readonly CsvRow[]): Promise<void> {
    const wanted = rows.filter(({ cells }) => {
      const reason = passOver(cells);
      if (reason === null) return true;
      tallies[kind].rows++;
      tallies[kind].passedOver[reason] = (tallies[kind].passedOver[reason] ?? 0) + 1;
      return false;
    });
    const joined = await join(wanted);
    for (const [i, { line }] of wanted.entries()) {
      const cells = joined[i];
      if (cells) stage!(line, cells);
    }
    await writer.flush();
  }

  /** The cells of rows with those of their look-ups behind them; null for a row whose look-up has no row. */
  async function join(rows: readonly CsvRow[]): Promise<(Cells | null)[]> {
    let all: (Cells | null)[] = rows.map(({ cells }) => cells);
    for (const [name, column] of joins) {
      const place = columns(column);
      const keys = rows.map(({ cells }) => cells[place]?.trim() ?? '');
      const found = await sessions.persons.run<{ key: string; cells: string }>(
        'select key, cells from in_lookup where name = $1 and key in (select jsonb_array_elements_text($2::text::jsonb)) order by line desc',
        [name, JSON.stringify([...new Set(keys)])],
      );
      const byKey = new Map(found.map((row) => [row.key, JSON.parse(row.cells) as string[]]));
      all = all.map((cells, i) => {
        const more = byKey.get(keys[i]!);
        if (more || cells === null) return cells && [...cells, ...more!];
        staging.counted(kind);
        staging.tell('refused', kind, rows[i]!.line, {
          column,
          class: keys[i] === '' ? 'empty' : 'text',
          reason: `${name} has no current row with this key`,
        });
        return null;
      });
    }
    return all;
  }

  return async () => {
    progress.say(`reading ${label}`);
    const onBadRow = (line: number, reason: string) => {
      tallies[kind].rows++;
      staging.tell('refused', kind, line, { column: '', class: 'row', reason });
    };
    for await (const rows of readRows(file, { delimiter: mapping.delimiter ?? ',', onBadRow, onBytes: (bytes) => progress.read(bytes) })) {
      const whole = rows.filter(({ line, cells }) => {
        const fault = faultOfRow(cells, names.length);
        if (fault !== null) onBadRow(line, fault);
        return fault === null;
      });
      await (entry.lookup ? lookupRows(whole) : targetRows(whole));
      progress.rows(rows.length);
    }
    if (entry.lookup)
      await sessions.persons
        .run('create index if not exists in_lookup_key on in_lookup (name, key)')
        .then(() => sessions.persons.run('analyze in_lookup'));
  };
}
