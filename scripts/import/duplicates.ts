import path from 'node:path';
import type { Report } from './report.ts';
import type { Session } from './session.ts';

interface Pair {
  readonly file: number;
  readonly line: number;
  readonly other_file: number | null;
  readonly other_line: number | null;
  readonly other: string;
  readonly type: string | null;
}

// How a given name is folded on the registry's side; the surname is stored folded.
const folded = (column: string) => `regexp_replace(lower(normalize(${column}, NFKD)), '[^[:alnum:]]', '', 'g')`;

/** Reports rows that are possibly the same person as another: an earlier row, or somebody in the registry. None is refused for it. */
export async function tellDuplicates(session: Session, files: readonly string[], report: Report): Promise<void> {
  const queries: readonly (readonly [string, (pair: Pair) => { column: string; class: string; what: string }])[] = [
    [
      `select s.file, s.line, p.file as other_file, p.line as other_line, k.person_id as other, s.type
       from in_identifier s join identifier_key k on k.value_hash = s.value_hash left join in_person p on p.id = k.person_id and p.refused is null
       where s.refused is null and k.person_id <> s.person order by s.file, s.line`,
      ({ type }) => ({ column: 'identifier', class: `code "${type}"`, what: 'the same number' }),
    ],
    [
      `select s.file, s.line, first_file as other_file, first_line as other_line, first_id as other, null as type from (
         select file, line, id, first_value(file) over w as first_file, first_value(line) over w as first_line, first_value(id) over w as first_id
         from in_person where refused is null window w as (partition by surname_key, given_key, birth_date, sex order by file, line)
       ) s where first_id <> id order by file, line`,
      () => ({ column: 'name, birthDate, sex', class: 'text', what: 'the same name, day of birth and sex' }),
    ],
    [
      `select s.file, s.line, null as other_file, null as other_line, p.person_id as other, null as type
       from in_person s join person p on p.surname_key = s.surname_key and p.birth_date = s.birth_date and p.sex = s.sex and p.person_id <> s.id and ${folded('p.given_name')} = s.given_key
       where s.refused is null and not exists (select 1 from in_person o where o.id = p.person_id) order by s.file, s.line`,
      () => ({ column: 'name, birthDate, sex', class: 'text', what: 'the same name, day of birth and sex' }),
    ],
  ];
  for (const [query, describe] of queries) {
    for await (const pairs of session.pages<Pair>(query)) {
      for (const pair of pairs) {
        const { what, ...rest } = describe(pair);
        const whom =
          pair.other_line === null
            ? `person ${pair.other} in the registry`
            : `line ${pair.other_line} of ${path.basename(files[pair.other_file!]!)}`;
        report.add({
          outcome: 'possible duplicate',
          target: 'persons',
          file: path.basename(files[pair.file]!),
          line: pair.line,
          column: rest.column,
          class: rest.class as never,
          reason: `${what} as ${whom}`,
        });
      }
    }
  }
}
