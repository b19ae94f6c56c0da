import { readFileSync } from 'node:fs';
import type { TestDatabase, TestSubgraph } from '@commonweal/kit/testing.ts';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { startExamples, stopExamples, tellPerson } from '../examples.ts';
import { foldName, foldNumber } from './names.ts';

let database: TestDatabase;
let registry: TestSubgraph;
beforeAll(async () => {
  ({ database, registry } = await startExamples(inject('adminUrl')));
});
afterAll(() => stopExamples({ database, registry }));

it('a name is folded to what is the same however it is typed; a number keeps every letter and digit', () => {
  expect(["Ng'ang'a", 'Ñuñez', 'STRASSE', 'Straße', 'İpek', 'IŞIK', 'ışık', 'Œuvre', 'ŋ', 'አበበ', '王'].map(foldName)).toEqual([
    ...['nganga', 'nunez', 'strasse', 'strasse', 'ipek', 'isik', 'isik', 'oeuvre', 'n', 'አበበ', '王'],
  ]);
  expect(['ab-12/3', '٠١٢٣٤٥٦٧٨٩', '۴۵۶', '𝟎𝟗', '߀߉', '１２', 'Ж-1', '②'].map(foldNumber)).toEqual([
    ...['AB123', '0123456789', '456', '09', '09', '12', 'Ж1', '2'],
  ]);
});

it('names that were folded before are folded by the migration as they are now', async () => {
  const surnames = ['Groß', 'Ægir-Œdip', 'Þór', 'Øłɔđðɖɗħıŋɓƙƴɛƒ', "Ng'ang'a", 'محمد'];
  const sql = database.owner('persons');
  const ids: string[] = [];
  for (const surname of surnames) {
    const id = await tellPerson(database, { surname });
    const before = surname
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, '');
    await sql`update person set surname_key = ${before} where person_id = ${id}`;
    ids.push(id);
  }
  await sql.unsafe(readFileSync(new URL('../../migrations/0010_folded_names.sql', import.meta.url), 'utf8'));
  const after = await sql`select person_id, surname_key from person where person_id = any(${ids})`;
  expect(ids.map((id) => after.find((row) => row.person_id === id)!.surname_key)).toEqual(surnames.map(foldName));
});
