import path from 'node:path';
import { StartupProblem } from '../startup-problem.ts';
import { type Fault, faultOf } from './field.ts';
import type { Field, Fields } from './fields.ts';
import type { Condition, Value } from './mapping.ts';
import { meant } from './nearest.ts';
import { applyStep, classOf, codeClass, stepWants } from './value.ts';

/** Cells of a row, those of joined look-ups behind its own. */
export type Cells = readonly string[];
/** What a value comes to: a text (empty means nothing), or what is wrong with it. */
export type Evaluated = { readonly text: string; readonly column: string } | { readonly fault: Fault };
/** Finds the place of a column among the cells. Throws `StartupProblem` when there is none. */
export type Columns = (name: string) => number;

/** The columns of a file with those of its look-ups as `name.column`. */
export function columnsOf(file: string, names: readonly string[]): Columns {
  const places = new Map(names.map((name, i) => [name, i]));
  return (name) => {
    const place = places.get(name);
    if (place !== undefined) return place;
    const delimiter = names.length === 1 ? /[,;|\t]/.exec(names[0]!)?.[0] : undefined;
    throw new StartupProblem(
      `The file ${path.basename(file)} has no column "${name}".${meant(name, names)}`,
      delimiter === undefined
        ? `It has: ${names.join(', ')}. Mend the mapping, or export the file with this column.`
        : `Its header is one column: ${names[0]}. If the cells are separated by that sign, write "delimiter": ${JSON.stringify(delimiter)} into the mapping.`,
    );
  };
}

/** Prepares a value for reading it from many rows. */
function compileValue(value: Value, columns: Columns): (cells: Cells) => Evaluated {
  const source = sourceOf(value, columns);
  const codes = value.codes ? new Map(Object.entries(value.codes)) : null;
  return (cells) => {
    const read = source(cells);
    if ('fault' in read) return read;
    const { column } = read;
    let { text } = read;
    for (const step of text === '' ? [] : (value.steps ?? [])) {
      const done = applyStep(text, step);
      if (done === null) return { fault: { column, class: classOf(text), reason: stepWants(step) } };
      text = done;
    }
    if (codes && text !== '') {
      const ours = codes.get(text) ?? value.unknown;
      if (ours === undefined) return { fault: { column, class: codeClass(text), reason: 'unknown code' } };
      text = ours;
    }
    return { text: text === '' ? (value.default ?? '') : text, column };
  };
}

function sourceOf(value: Value, columns: Columns): (cells: Cells) => Evaluated {
  const { column, concat, constant, firstOf } = value;
  if (column !== undefined) {
    const place = columns(column);
    return (cells) => ({ text: cells[place]?.trim() ?? '', column });
  }
  if (concat) {
    const places = concat.map(columns);
    const label = concat.join('+');
    return (cells) => ({
      text: places
        .map((place) => cells[place]?.trim() ?? '')
        .filter((text) => text !== '')
        .join(value.separator ?? ' '),
      column: label,
    });
  }
  if (firstOf) {
    const values = firstOf.map((one) => compileValue(one, columns));
    return (cells) => {
      let read: Evaluated = { text: '', column: '' };
      for (const one of values) {
        read = one(cells);
        if ('fault' in read || read.text !== '') return read;
      }
      return read;
    };
  }
  return () => ({ text: constant ?? '', column: '' });
}

/** A field with the value that feeds it. */
export interface FedField {
  readonly name: string;
  readonly field: Field;
  /** The checked text, null for nothing, or the fault. What may be left empty although it is wrong comes as null with a remark. */
  read(cells: Cells, today: string): { readonly text: string | null; readonly remark?: Fault } | { readonly fault: Fault };
}

/** Prepares the fields that a mapping feeds, in the order of the target's fields. */
export function compileFields(given: Readonly<Record<string, Value>>, fields: Fields, columns: Columns): FedField[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const value = given[name];
    return value ? [compileField(name, field, value, columns)] : [];
  });
}

function compileField(name: string, field: Field, value: Value, columns: Columns): FedField {
  const evaluate = compileValue(value, columns);
  return {
    name,
    field,
    read(cells, today) {
      const read = evaluate(cells);
      if ('text' in read && read.text === '')
        return field.required ? { fault: { column: read.column || name, class: 'empty', reason: `${name} is required` } } : { text: null };
      const fault = 'fault' in read ? read.fault : faultOf(field, read.text, read.column || name, today);
      if (fault) return value.onInvalid === 'empty' ? { text: null, remark: fault } : { fault };
      return { text: (read as { text: string }).text };
    },
  };
}

/** Prepares the conditions under which a row is passed over: returns the reason, or null. */
export function compilePassOver(conditions: readonly Condition[], columns: Columns): (cells: Cells) => string | null {
  const tests = conditions.map(({ column, is, reason }) => {
    const place = columns(column);
    const text = (cells: Cells) => cells[place]?.trim() ?? '';
    const holds =
      is === 'empty'
        ? (cells: Cells) => text(cells) === ''
        : is === 'not empty'
          ? (cells: Cells) => text(cells) !== ''
          : (cells: Cells) => is.includes(text(cells));
    return { holds, reason };
  });
  return (cells) => tests.find(({ holds }) => holds(cells))?.reason ?? null;
}

const LONGEST_KEY = 200;

/** Prepares the key of a row: its columns joined, or what is wrong with them. */
export function compileKey(
  key: readonly string[],
  columns: Columns,
): (cells: Cells) => { readonly key: string } | { readonly fault: Fault } {
  const places = key.map((column) => ({ column, place: columns(column) }));
  return (cells) => {
    const parts: string[] = [];
    for (const { column, place } of places) {
      const text = cells[place]?.trim() ?? '';
      if (text === '') return { fault: { column, class: 'empty', reason: 'the key is required' } };
      if (text.length > LONGEST_KEY) return { fault: { column, class: 'too long', reason: `longer than ${LONGEST_KEY} characters` } };
      parts.push(text);
    }
    return { key: parts.join('/') };
  };
}
