import { statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { importedId } from './ids.ts';
import { FILES, type ImportBench, importBench } from './import.testing.ts';
import { Report } from './report.ts';

let bench: ImportBench;
beforeEach(async () => {
  bench = await importBench(inject('adminUrl'));
});
afterEach(() => bench.drop());

const person = (key: string) => importedId('other-system', 'persons', key);
const withLine = (file: string, line: string) => ({ [file]: `${FILES[file]}${line}\n` });
const edited = (file: string, from: string, to: string) => ({ [file]: FILES[file]!.replace(from, to) });

describe('the report of an import', () => {
  it('says so when it cannot be written where it should', () => {
    expect(() => new Report('/no/such/folder/report.csv')).toThrow(
      expect.objectContaining({
        message: 'The report cannot be written to /no/such/folder/report.csv (ENOENT).',
        remedy: expect.stringContaining('--report'),
      }),
    );
  });

  it('refuses a row with the character of code zero in whichever cell, and loads the others', async () => {
    const spoiled = (row: string) =>
      row
        .split(',')
        .map((_, at, cells) => cells.map((cell, i) => (i === at ? `${cell}\u0000` : i === 0 ? `${cell}${at}` : cell)).join(','));
    const more = (file: string, row: string) => ({ [file]: `${FILES[file]}${spoiled(row).join('\n')}\n` });
    const { tallies } = await bench.run({
      ...more('people.csv', '90,Spoiled,A,B,F,01/02/1990,S,+254712345678,NN1234,10,no,son,2020-01-01,'),
      ...more('cards.csv', 'c9,103'),
      ...more('grants.csv', '9,c1,old,on,2020-01-01'),
      ...more('homes.csv', '9,2,Lane,'),
      ...more('places.csv', '9,S,South,R,'),
      ...more('schemes.csv', 's,Some,p,2015-01-01,no'),
    });
    expect(tallies.persons).toMatchObject({ rows: 19, created: 4, refused: 14 });
    const stored = await bench.rows<{ row: string }>('persons', 'select to_json(p)::text as row from person p');
    expect(stored.filter(({ row }) => row.includes('u0000'))).toEqual([]);
  });

  it('names file, line, column, class and reason of refused rows, never the value, and the good rows are loaded', async () => {
    const { tallies, lines, report } = await bench.run({
      'people.csv': `${FILES['people.csv']}${[
        '200,Wrongday,A,,F,31/02/1990,S,,,10,no,,2020-01-01,',
        '201,Wrongsex,A,,Q,01/02/1990,S,,,10,no,,2020-01-01,',
        '202,=cmd(),A,,F,01/02/1990,S,,,10,no,,2020-01-01,',
        `203,${'x'.repeat(101)},A,,F,01/02/1990,S,,,10,no,,2020-01-01,`,
        '204,,A,,F,01/02/1990,S,,,10,no,,2020-01-01,',
        '205,Nohome,A,,F,01/02/1990,S,,,77,no,,2020-01-01,',
        '206,Badphone,A,,F,01/02/1990,?,0712,,10,no,,2020-01-01,',
        '100,Again,A,,F,01/02/1990,S,,,10,no,,2020-01-01,',
        '207,Secondhead,A,,F,01/02/1990,S,,,10,yes,,2020-01-01,',
        '208,Short',
        '',
      ].join('\n')}`,
      'grants.csv': `${FILES['grants.csv']}5,c9,old,on,2020-01-01\n6,c1,none,on,2020-01-01\n7,c1,old,wait,2020-01-01\n`,
    });
    expect(lines).toEqual([
      'refused,persons,people.csv,16,,row,2 cells where the header has 14',
      'refused,persons,people.csv,7,born,date,no day written DD/MM/YYYY',
      'refused,persons,people.csv,8,sex,"code ""Q""",unknown code',
      'refused,persons,people.csv,9,surname,formula,begins like a formula',
      'refused,persons,people.csv,10,surname,too long,longer than 100 characters',
      'refused,persons,people.csv,11,surname,empty,surname is required',
      'left empty,persons,people.csv,13,phone,number,no telephone number with + and country code',
      'refused,enrollments,grants.csv,4,card,text,card has no current row with this key',
      'refused,persons,people.csv,14,,text,the key is that of an earlier row (line 2)',
      'refused,memberships,people.csv,12,household,text,"there is no such household in this import, nor was there in an earlier one"',
      'refused,memberships,people.csv,14,,row,its person is refused',
      'refused,memberships,people.csv,15,relationship,"code ""HEAD""",the household has another head (line 2)',
      'refused,enrollments,grants.csv,5,program,text,there is no such program in this import or here',
      'refused,enrollments,grants.csv,6,status,text,the person has another open enrollment in this program (line 2)',
    ]);
    expect(statSync(report.file).mode & 0o777).toBe(0o600);
    expect(tallies.persons).toMatchObject({ rows: 15, created: 7, refused: 7 });
    expect(tallies.enrollments).toMatchObject({ rows: 5, created: 2, refused: 3 });
    expect(await bench.rows('persons', `select marital_status, phones from person where source_key = '206'`)).toEqual([
      { marital_status: 'UNKNOWN', phones: [] },
    ]);
    expect(await bench.rows('persons', `select area_path::text, household_id from person where source_key = '205'`)).toEqual([
      { area_path: 'TT', household_id: null },
    ]);
  });

  it('lists possible duplicates in the files and in the registry, and loads them', async () => {
    await bench.run();
    const newcomers = [
      '300,Ó Brien,ADA,,F,01/02/1980,S,,,11,no,,2020-01-01,',
      '301,Other,Name,,F,01/01/1999,S,,ab1234,11,no,,2020-01-01,',
      '302,Other,Name,,F,01/01/1999,S,,,11,no,,2020-01-01,',
    ];
    const only = `${FILES['people.csv']!.split('\n', 1)[0]}\n${newcomers.join('\n')}\n`;
    const { lines, tallies } = await bench.run({ 'people.csv': only });
    expect(lines).toEqual([
      `possible duplicate,persons,people.csv,3,identifier,"code ""UIN""",the same number as person ${person('100')} in the registry`,
      'possible duplicate,persons,people.csv,4,"name, birthDate, sex",text,"the same name, day of birth and sex as line 3 of people.csv"',
      `possible duplicate,persons,people.csv,2,"name, birthDate, sex",text,"the same name, day of birth and sex as person ${person('100')} in the registry"`,
    ]);
    expect(tallies.persons).toMatchObject({ created: 3, refused: 0 });
    expect(await bench.rows('persons', 'select person_id from registration_review')).toEqual([{ person_id: person('301') }]);
    expect(await bench.rows('persons', `select person_id from identifier_key where person_id = '${person('301')}'`)).toEqual([]);
    expect((await bench.run({ 'people.csv': only })).tallies.persons).toMatchObject({ created: 0, unchanged: 3 });
  });

  it('refuses a state that may not follow the one before', async () => {
    await bench.run(edited('grants.csv', '1,c1,old,on', '1,c1,old,off'));
    const { lines } = await bench.run();
    expect(lines).toEqual(['refused,enrollments,grants.csv,2,status,"code ""ENROLLED""",the state here may not be followed by this one']);
    expect(await bench.rows('programs', `select status from enrollment where person_id = '${person('103')}'`)).toEqual([
      { status: 'EXITED' },
    ]);
  });

  it('does not take over the code of a program that is here already', async () => {
    await bench.rows(
      'programs',
      `insert into program (program_id, code, name, type, target, benefit_type, starts_on) values (gen_random_uuid(), 'T-OLD', 'Ours', 'UNCONDITIONAL_CASH', 'PERSON', 'CASH', '2020-01-01')`,
    );
    const { lines } = await bench.run({ ...withLine('places.csv', '9,N 1,North again,R,') });
    expect(lines).toEqual([
      'refused,areas,places.csv,4,code,text,the code is that of an earlier area at the same place (line 2)',
      'refused,programs,schemes.csv,2,code,text,another program of the registry has this code; give those of this source a prefix',
      'refused,enrollments,grants.csv,2,program,text,there is no such program in this import or here',
    ]);
  });
});
