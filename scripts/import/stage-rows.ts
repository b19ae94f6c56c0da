import { identifierHash, lastFour } from '@commonweal/persons/person/identifiers.ts';
import { foldName, foldNumber } from '@commonweal/persons/person/names.ts';
import type { Fault } from './field.ts';
import { IDENTIFIER_FIELDS, MEMBERSHIP_FIELDS, TARGET_FIELDS } from './fields.ts';
import { importedId } from './ids.ts';
import type { Entry, Target } from './mapping.ts';
import { type Cells, type Columns, compileFields, compileKey, type FedField } from './row.ts';
import { hexBytes, oneOrNone, STAGES, type StageWriter } from './staging.ts';
import type { Tallied } from './tally.ts';

/** What staging rows needs to know besides the rows. */
export interface StagingContext {
  readonly source: string;
  /** Key of the hashes of numbers. */
  readonly hashKey: Buffer;
  /** YYYY-MM-DD; days of birth and the like are not behind it. */
  readonly today: string;
  readonly writer: StageWriter;
  /** Hears of a row or a part of it that is refused or left empty. */
  readonly tell: (outcome: 'refused' | 'left empty', kind: Tallied, line: number, fault: Fault) => void;
  readonly counted: (kind: Tallied) => void;
}

type Values = Record<string, string | number | null>;

/** Prepares an entry with a target: returns what puts one of its rows into the stages, with all that hangs on it, or refuses it. */
export function compileStaging(
  entry: Entry & { target: Target },
  file: number,
  columns: Columns,
  context: StagingContext,
): (line: number, cells: Cells) => void {
  const { source, writer, tell } = context;
  const key = compileKey(entry.key, columns);
  const fields = compileFields(entry.fields ?? {}, TARGET_FIELDS[entry.target], columns);
  const identifiers = (entry.identifiers ?? []).map((given, i) => ({ slot: i, fields: compileFields(given, IDENTIFIER_FIELDS, columns) }));
  const membership = entry.membership ? compileFields(entry.membership, MEMBERSHIP_FIELDS, columns) : null;

  function stageIdentifiers(line: number, cells: Cells, person: string, personKey: string): void {
    for (const { slot, fields: parts } of identifiers) {
      const valueField = parts.find(({ name }) => name === 'value')!;
      const value = valueField.read(cells, context.today);
      if ('text' in value && value.text === null && !value.remark) continue;
      context.counted('identifiers');
      const read = readAll('identifiers', line, cells, parts);
      if (!read || read.value == null) continue;
      const number = String(read.value);
      writer.add(STAGES.identifiers, {
        ...read,
        file,
        line,
        person,
        id: importedId(source, 'identifier', `${personKey}\n${read.type}\n${slot}`),
        last_four: lastFour(foldNumber(number)),
        value_hash: hexBytes(identifierHash(context.hashKey, String(read.type), number)),
      });
    }
  }

  function stageMembership(line: number, cells: Cells, person: string): void {
    if (!membership) return;
    const household = membership.find(({ name }) => name === 'household')!.read(cells, context.today);
    if ('text' in household && household.text === null) return;
    context.counted('memberships');
    const read = readAll('memberships', line, cells, membership);
    if (read) writer.add(STAGES.memberships, { ...read, file, line, person });
  }

  /** Reads all fields; null when one of them is refused, after telling so. */
  function readAll(kind: Tallied, line: number, cells: Cells, parts: readonly FedField[]): Values | null {
    const values: Values = {};
    for (const part of parts) {
      const read = part.read(cells, context.today);
      if ('fault' in read) return refused(kind, line, read.fault);
      if (read.remark) tell('left empty', kind, line, read.remark);
      values[part.field.column] = staged(part, read.text);
    }
    return values;
  }

  function staged({ field }: FedField, text: string | null): string | null {
    if (field.type === 'phone' || field.type === 'email') return oneOrNone(text);
    if (field.type === 'label' && text !== null) return safeLabel(text);
    return field.type === 'reference' && text !== null ? importedId(source, field.to!, text) : text;
  }

  function refused(kind: Tallied, line: number, fault: Fault): null {
    tell('refused', kind, line, fault);
    return null;
  }

  return (line, cells) => {
    context.counted(entry.target);
    const keyed = key(cells);
    if ('fault' in keyed) return void refused(entry.target, line, keyed.fault);
    const values = readAll(entry.target, line, cells, fields);
    if (!values) return;
    const id = importedId(source, entry.target, keyed.key);
    Object.assign(values, { file, line, id, source_key: keyed.key });
    if (entry.target === 'persons')
      Object.assign(values, { surname_key: foldName(String(values.surname)), given_key: foldName(String(values.given_name)) });
    writer.add(STAGES[entry.target], values);
    if (entry.target !== 'persons') return;
    stageIdentifiers(line, cells, id, keyed.key);
    stageMembership(line, cells, id);
  };
}

/** A text as a label of an area's path: letters, digits and _ only, without accents. */
export const safeLabel = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_]/g, '_')
    .slice(0, 32);
