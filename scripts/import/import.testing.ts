import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { TEST_SECRET, type TestDatabase, testDatabase } from '@commonweal/kit/testing.ts';
import type { Mapping } from './mapping.ts';
import { ImportProgress } from './progress.ts';
import { type ImportResult, runImport } from './run.ts';

const current = [{ column: 'ended', is: 'not empty', reason: 'history' }] as const;

/** The mapping of a made-up system with all targets. */
export const MAPPING: Mapping = {
  name: 'test',
  about: 'A made-up system.',
  source: 'other-system',
  root: { code: 'TT', name: 'Testland' },
  entries: [
    {
      file: 'places.csv',
      target: 'areas',
      key: ['id'],
      fields: {
        code: { column: 'code' },
        name: { column: 'name' },
        parent: { column: 'above' },
        level: { column: 'kind', codes: { R: 'COUNTY', D: 'SUB_COUNTY' } },
      },
    },
    {
      file: 'homes.csv',
      target: 'households',
      key: ['id'],
      passOver: current,
      fields: { area: { column: 'place' }, addressLine1: { column: 'address' } },
    },
    {
      file: 'people.csv',
      target: 'persons',
      key: ['id'],
      passOver: current,
      fields: {
        surname: { column: 'surname' },
        given: { concat: ['first', 'middle'] },
        sex: { column: 'sex', steps: ['upper'], codes: { M: 'MALE', F: 'FEMALE' } },
        birthDate: { column: 'born', steps: [{ date: 'DD/MM/YYYY' }] },
        maritalStatus: { column: 'civil', codes: { S: 'SINGLE', M: 'MARRIED' }, unknown: 'UNKNOWN', default: 'UNKNOWN' },
        phone: { column: 'phone', onInvalid: 'empty' },
      },
      identifiers: [{ type: { constant: 'UIN' }, value: { column: 'number' } }],
      membership: {
        household: { column: 'home' },
        validFrom: { column: 'since', steps: [{ date: 'ISO' }] },
        relationship: {
          firstOf: [
            { column: 'head', codes: { yes: 'HEAD', no: '' } },
            { column: 'relation', codes: { wife: 'SPOUSE', son: 'CHILD' } },
          ],
          default: 'OTHER',
        },
      },
    },
    {
      file: 'schemes.csv',
      target: 'programs',
      key: ['id'],
      fields: {
        code: { column: 'id', steps: ['upper', { prefix: 'T-' }] },
        name: { column: 'name' },
        type: { constant: 'UNCONDITIONAL_CASH' },
        benefitType: { constant: 'CASH' },
        currency: { constant: 'XXX' },
        target: { column: 'for', codes: { p: 'PERSON', h: 'HOUSEHOLD' } },
        startsOn: { column: 'from', steps: [{ date: 'ISO' }] },
        sensitive: { column: 'secret', steps: ['boolean'], default: 'false' },
      },
    },
    { file: 'cards.csv', lookup: 'card', key: ['id'] },
    {
      file: 'grants.csv',
      target: 'enrollments',
      key: ['id'],
      join: { card: 'card' },
      fields: {
        person: { column: 'card.person' },
        program: { column: 'scheme' },
        status: { column: 'state', codes: { on: 'ENROLLED', off: 'EXITED', wait: 'WAITLISTED' } },
        startsOn: { column: 'from', steps: [{ date: 'ISO' }] },
      },
    },
  ],
};

/** First of January of the year in which somebody of that age was born, as the made-up system writes it. */
const yearsAgo = (age: number): string => `01/01/${new Date().getUTCFullYear() - age}`;

/** Two households: two adults with a child, and an old woman alone; the child's row is history in an older version. */
export const FILES: Readonly<Record<string, string>> = {
  'places.csv': 'id,code,name,kind,above\n1,N 1,North,R,\n2,N1-a,Hill,D,1\n',
  'homes.csv': 'id,place,address,ended\n10,2,"Mill Road 1, left",\n11,1,,\n12,1,,2020-01-01\n',
  'people.csv': [
    'id,surname,first,middle,sex,born,civil,phone,number,home,head,relation,since,ended',
    "100,O'Brien,Ada,,f,01/02/1980,M,+254712345678,AB-1234,10,yes,,2020-05-01,",
    `101,OBRIEN,Bo,Li,m,${yearsAgo(62)},M,,CD 5678,10,no,,2020-05-01,`,
    '102,Obrien,Cy,,M,05/06/2020,S,,,10,no,son,2020-06-05,',
    '103,Étienne,Di,,F,07/08/1940,W,,EF9012,11,yes,,2019-01-01,',
    '102,Obrien,Cyy,,M,05/06/2020,S,,,10,no,son,2020-06-05,2021-01-01',
    '',
  ].join('\n'),
  'schemes.csv': 'id,name,for,from,secret\nold,Old age,p,2015-01-01,no\nfood,Food,h,2016-01-01,yes\n',
  'cards.csv': 'id,person\nc1,103\nc2,100\n',
  'grants.csv': 'id,card,scheme,state,from\n1,c1,old,on,2019-02-01\n2,c2,food,on,2020-07-01\n',
};

/** A database with files to import. */
export interface ImportBench {
  readonly database: TestDatabase;
  /** Writes the files, some of them replaced, and imports them. */
  run(
    changes?: Readonly<Record<string, string>>,
    options?: { dryRun?: boolean; takenOn?: string; mapping?: Mapping },
  ): Promise<ImportResult & { lines: readonly string[] }>;
  /** Rows of a query as the owner of a registry's tables. */
  rows<T = Record<string, unknown>>(registry: 'persons' | 'programs' | 'consent', query: string): Promise<T[]>;
  drop(): Promise<void>;
}

/** Makes a database and a folder for the files. */
export async function importBench(serverUrl: string): Promise<ImportBench> {
  const database = await testDatabase(serverUrl);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commonweal-import-'));
  return {
    database,
    async run(changes = {}, { dryRun = false, takenOn = '2026-01-15', mapping = MAPPING } = {}) {
      const all = Object.entries({ ...FILES, ...changes });
      for (const [name, text] of all) writeFileSync(path.join(folder, name), text);
      const reportFile = path.join(folder, 'report.csv');
      const result = await runImport({
        mapping,
        files: all.map(([name]) => path.join(folder, name)),
        urls: database.urls,
        secret: TEST_SECRET,
        takenOn,
        reportFile,
        dryRun,
        progress: new ImportProgress({ write: () => {} }),
      });
      return { ...result, lines: readFileSync(reportFile, 'utf8').trim().split('\n').slice(1) };
    },
    rows: async <T>(registry: 'persons' | 'programs' | 'consent', query: string) =>
      [...(await database.owner(registry).unsafe(query))] as T[],
    async drop() {
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
