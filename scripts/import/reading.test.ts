import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readHeader, readRows } from './csv.ts';
import { importedId } from './ids.ts';
import { MAPPING } from './import.testing.ts';
import { mappingFaults } from './mapping.check.ts';
import { assignFiles, loadMapping, shippedMappings } from './mapping.load.ts';
import type { Mapping } from './mapping.ts';
import { columnsOf } from './row.ts';
import { applyStep, codeClass, hazardOf } from './value.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'commonweal-csv-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string | Buffer, name = 'rows.csv'): string {
  const made = path.join(folder, name);
  writeFileSync(made, text);
  return made;
}

async function read(text: string | Buffer): Promise<{ rows: unknown[]; bad: string[] }> {
  const rows: unknown[] = [];
  const bad: string[] = [];
  const options = { delimiter: ',', onBadRow: (line: number, reason: string) => void bad.push(`${line}: ${reason}`) };
  for await (const batch of readRows(file(text), options)) rows.push(...batch.map(({ line, cells }) => [line, ...cells]));
  return { rows, bad };
}

const QUOTE = 'a quotation mark stands inside a cell, or does not close';

describe('reading a CSV file', () => {
  it('takes quoted line ends, doubled quotation marks, empty lines and a byte order mark', async () => {
    expect(await read('\ufeffa,b\r\n1,"two\nlines"\r\n\r\n2,"say ""no"""\r\n')).toEqual({
      rows: [
        [3, '1', 'two\nlines'],
        [5, '2', 'say "no"'],
      ],
      bad: [],
    });
    expect(await readHeader(file('\ufeffa , b\n'), ',')).toEqual(['a', 'b']);
  });

  it('tells the line of a row whatever line ends stand in the cells before it', async () => {
    expect(await read('a,b\r\n1,"two\r\n\r\nlines"\r\n2,"x\ny"\r\n3,"p"q\r\n4,"x\r\ny"\r\n5,x\r\n')).toEqual({
      rows: [
        [4, '1', 'two\r\n\r\nlines'],
        [6, '2', 'x\ny'],
        [9, '4', 'x\r\ny'],
        [10, '5', 'x'],
      ],
      bad: [`7: ${QUOTE}`],
    });
  });

  it('goes on behind rows whose quotation marks are wrong', async () => {
    expect(await read('a,b\n1,x\n2,"y"z\n3,x\n4,"never closed\n5,x\n6,x\n')).toEqual({
      rows: [
        [2, '1', 'x'],
        [4, '3', 'x'],
        [6, '5', 'x'],
        [7, '6', 'x'],
      ],
      bad: [`3: ${QUOTE}`, `5: ${QUOTE}`],
    });
  });

  it.each([
    ['line ends of two signs inside a cell', 'a,b\r\n1,"two\r\nlines"\r\n2,"y"z\r\n3,x\r\n4,x\r\n'],
    ['such line ends only inside cells', 'a,b\n1,"two\r\nlines"\n2,"y"z\n3,x\n4,x\n'],
    ['line ends of an old Macintosh', 'a,b\r1,x\r2,"y"z\r3,x\r4,x\r'],
    ['line ends that differ', 'a,b\n1,x\r\n2,"y"z\r\n3,x\r\n4,x\r\n'],
    ['empty lines', 'a,b\n\n1,x\n\n\n2,"y"z\n\n3,x\n4,x\n'],
  ])('leaves out no row behind such a one in a file with %s, and tells of it once', async (_, text) => {
    const { rows, bad } = await read(text);
    expect(rows.map((row) => (row as string[])[1])).toEqual(['1', '3', '4']);
    expect(bad).toHaveLength(1);
  });

  it('goes on behind a row that is longer than any row can be', async () => {
    const { rows, bad } = await read(`a,b\n1,x\n2,${'y'.repeat(100_000)}\n3,x\n`);
    expect(rows).toEqual([
      [2, '1', 'x'],
      [4, '3', 'x'],
    ]);
    expect(bad).toHaveLength(1);
  });

  it('refuses a file that is not UTF-8, with the line and what to do', async () => {
    await expect(read(Buffer.from('a,b\n1,x\n2,\xe9\n', 'latin1'))).rejects.toMatchObject({
      message: 'The file rows.csv is not UTF-8: line 3 holds other bytes.',
      remedy: expect.stringContaining('iconv'),
    });
    await expect(readHeader(file(Buffer.from('a,b\n', 'utf16le').subarray(0)), ',')).resolves.toBeDefined();
    await expect(readHeader(file(Buffer.from('\ufeffa,b\n', 'utf16le')), ',')).rejects.toMatchObject({
      message: expect.stringContaining('it is UTF-16'),
      remedy: 'Convert it, for example: iconv -f UTF-16 -t UTF-8 rows.csv > utf8.csv',
    });
  });

  it('refuses an empty file and a header that names a column twice', async () => {
    await expect(readHeader(file(''), ',')).rejects.toThrow('is empty');
    await expect(readHeader(file('a,b,a\n'), ',')).rejects.toThrow('names the column "a" twice');
  });

  it('names the sign that separates cells when the mapping has another', () => {
    for (const delimiter of [';', '\t', '|'])
      expect(() => columnsOf('people.csv', [['id', 'surname'].join(delimiter)])('id')).toThrow(
        expect.objectContaining({ remedy: expect.stringContaining(`"delimiter": ${JSON.stringify(delimiter)}`) }),
      );
    expect(() => columnsOf('people.csv', ['surname'])('id')).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('It has: surname.') }),
    );
  });

  it('names the nearest column for one that is missing', () => {
    expect(() => columnsOf('people.csv', ['Last_Name', 'DOB'])('LastName')).toThrow(
      'The file people.csv has no column "LastName". Did you mean "Last_Name"?',
    );
  });
});

describe('a mapping', () => {
  it('that comes with Commonweal has no faults', () => {
    expect(shippedMappings()).toEqual(['openimis', 'openspp']);
    for (const name of shippedMappings()) expect(loadMapping(name).name).toBe(name);
    expect(mappingFaults(MAPPING)).toEqual([]);
  });

  it('that does not exist is told with the nearest one', () => {
    expect(() => loadMapping('openimiss')).toThrow('There is no mapping "openimiss". Did you mean "openimis"?');
    expect(() => loadMapping(file('{', 'broken.json'))).toThrow('is not JSON');
  });

  it('tells each fault with its place and what was meant', () => {
    const entry = {
      file: 'p.csv',
      target: 'persons',
      key: ['id'],
      fields: {
        surnam: { column: 'a' },
        given: { column: 'b', constant: 'c' },
        sex: { column: 's', codes: { m: 'MAL' } },
        birthDate: { column: 'd', steps: [{ date: 'D/M/Y' }] },
      },
    };
    expect(
      mappingFaults({ name: 'x', about: 'y', source: 'z', entries: [entry, { file: 'q.csv', target: 'person', key: ['id'] }], extra: 1 }),
    ).toEqual([
      'mapping: "extra" means nothing here.',
      'entries[0].fields: there is no field "surnam". Did you mean "surname"? There are: ' +
        'area, areaCode, addressLine1, addressLine2, locality, postalCode, landmark, registeredAt, surname, given, second, prefix, suffix, sex, birthDate, birthDateEstimated, deathDate, maritalStatus, educationLevel, employmentStatus, occupation, incomeLevel, phone, email, country, latitude, longitude, status.',
      'entries[0].fields.given: must have exactly one of column, concat, constant, firstOf.',
      'entries[0].fields.sex: "MAL" is no code of ours. Did you mean "MALE"? There are: MALE, FEMALE, OTHER, UNKNOWN.',
      'entries[0].fields.birthDate.steps[0]: must be one of trim, upper, lower, number, boolean, {"date": ...} or {"prefix": ...}. Date formats: ISO, DD/MM/YYYY, MM/DD/YYYY, DD.MM.YYYY, DD-MM-YYYY, YYYYMMDD.',
      'entries[0].fields: the field "surname" is required.',
      'entries[0]: persons need an area, an areaCode or the root of the mapping.',
      'entries[1].target: there is no target "person". Did you mean "persons"? There are: areas, households, persons, programs, enrollments.',
    ]);
  });

  it('says which files it takes when none of its entries takes one', () => {
    expect(() => assignFiles(MAPPING, [file('', 'peeple.csv')])).toThrow(
      'The mapping test has no entry that takes peeple.csv. Did you mean "people.csv"?',
    );
    expect(() => assignFiles(MAPPING, [file('', 'grants.csv')])).toThrow('The file cards.csv is missing: other files refer to its rows.');
    expect(() => assignFiles(MAPPING, [path.join(folder, 'nowhere.csv')])).toThrow('There is no file');
    const wide: Mapping = { ...MAPPING, entries: [{ ...MAPPING.entries[0]!, file: '*places*.csv' }] };
    expect(assignFiles(wide, [file('', 'my.places.2025.csv')])).toHaveLength(1);
  });
});

describe('values', () => {
  it('reads days as the source writes them, and only those that exist', () => {
    expect(applyStep('31.12.1999', { date: 'DD.MM.YYYY' })).toBe('1999-12-31');
    expect(applyStep('2/3/2001', { date: 'MM/DD/YYYY' })).toBe('2001-02-03');
    expect(applyStep('2018-03-20T08:24:09.597', { date: 'ISO' })).toBe('2018-03-20');
    expect(applyStep('2019-02-29', { date: 'ISO' })).toBe(null);
    expect(applyStep('20190228', { date: 'YYYYMMDD' })).toBe('2019-02-28');
  });

  it('reads numbers and yes or no', () => {
    expect(['1,234.50', '1 234,5', "12'000", '-3', 'x'].map((text) => applyStep(text, 'number'))).toEqual([
      '1234.50',
      '1234.5',
      '12000',
      '-3',
      null,
    ]);
    expect(['Yes', '0', 'maybe'].map((text) => applyStep(text, 'boolean'))).toEqual(['true', 'false', null]);
  });

  it('refuses what a spreadsheet would run, control characters and what is too long', () => {
    expect(['=1+1', '@x', '+cmd|x', 'a\u0000b', 'toolong'].map((text) => hazardOf(text, 6)?.class)).toEqual([
      'formula',
      'formula',
      'formula',
      'control characters',
      'too long',
    ]);
    expect(['+254712345678', '-', 'Ada'].map((text) => hazardOf(text, 20))).toEqual([null, null, null]);
    expect(codeClass('=x"\u001b[')).toBe('code "?x???"');
  });

  it('gives the same id for the same key, and another for every other', () => {
    expect(importedId('a', 'persons', '1')).toBe(importedId('a', 'persons', '1'));
    expect(importedId('a', 'persons', '1')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(
      new Set([
        importedId('a', 'persons', '1'),
        importedId('b', 'persons', '1'),
        importedId('a', 'households', '1'),
        importedId('a', 'persons', '2'),
      ]).size,
    ).toBe(4);
  });
});
