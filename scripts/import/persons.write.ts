import { StartupProblem } from '../startup-problem.ts';
import { type Mapping, rootPath } from './mapping.ts';
import { quoted } from './refusing.ts';
import type { Session } from './session.ts';
import type { Tallies } from './tally.ts';
import { fedColumns, refreshTakenOn, upsert } from './upsert.ts';

/** Where the rows of an import come from. */
export interface Provenance {
  readonly source: string;
  /** Day on which the source said so, YYYY-MM-DD. */
  readonly takenOn: string;
}

/** The columns that say where a row comes from. */
export const provenance = ({ source, takenOn }: Provenance): Record<string, string> => ({
  source_system: quoted(source),
  source_key: 's.source_key',
  source_taken_on: `${quoted(takenOn)}::date`,
});

const ROOT_LEVEL = 'COUNTRY';

/** Notes whom the import may touch, as they were: those of its rows, and those who live with them or in its households. */
export async function noteTouched(session: Session): Promise<void> {
  await session.run('create temporary table affected_household (household_id uuid primary key)');
  await session.run(`
    insert into affected_household
    select id from in_household where refused is null
    union select household from in_membership where refused is null
    union select p.household_id from in_person s join person p on p.person_id = s.id where s.refused is null and p.household_id is not null`);
  await session.run(
    'create temporary table touched (person_id uuid primary key, existed boolean not null, old_area ltree, old_household uuid)',
  );
  await session.run(`
    insert into touched
    select asked.id, p.person_id is not null, p.area_path, p.household_id
    from (
      select id from in_person where refused is null
      union select p.person_id from affected_household h join person p on p.household_id = h.household_id
    ) asked left join person p on p.person_id = asked.id`);
  await session.run('analyze affected_household, touched');
}

/** Writes areas, households and persons. */
export async function writePersons(session: Session, mapping: Mapping, from: Provenance, tallies: Tallies): Promise<void> {
  if (mapping.root) {
    const { under, name } = mapping.root;
    if (under !== undefined && (await session.count('select count(*) as n from area where path::text = $1', [under])) === 0)
      throw new StartupProblem(`There is no area ${under} here.`, 'Give the code of an area, such as KE.23, to --under.');
    await session.run(`insert into area (path, name, level) values (text2ltree($1::text), $2, $3) on conflict (path) do nothing`, [
      rootPath(mapping.root),
      name,
      under === undefined ? ROOT_LEVEL : 'SUB_COUNTY',
    ]);
  }
  await upsert(
    session,
    { table: 'area', stage: 'in_area', key: ['path'], values: { path: 's.path', ...fedColumns(mapping, 'areas') } },
    tallies.areas,
  );
  const rows = { area_path: 's.area_path', ...provenance(from) };
  const common = { once: ['registered_at'], silent: ['source_taken_on'], onChange: 'updated_at = now()' };
  await upsert(
    session,
    {
      table: 'household',
      stage: 'in_household',
      key: ['household_id'],
      values: { household_id: 's.id', ...rows, ...fedColumns(mapping, 'households') },
      ...common,
    },
    tallies.households,
  );
  await refreshTakenOn(session, 'household', 'in_household', 'household_id', from.takenOn);
  const fed = fedColumns(mapping, 'persons');
  // The household of somebody new at once, of others with their places: each row is written as seldom as can be.
  const once = [...common.once, 'household_id', ...('country' in fed ? [] : ['country'])];
  const stage =
    '(select i.*, m.household as new_household from in_person i left join in_membership m on m.person = i.id and m.refused is null)';
  await upsert(
    session,
    {
      table: 'person',
      stage,
      key: ['person_id'],
      values: { person_id: 's.id', household_id: 's.new_household', surname_key: 's.surname_key', country: "'ZZ'", ...rows, ...fed },
      ...common,
      once,
    },
    tallies.persons,
  );
  await refreshTakenOn(session, 'person', 'in_person', 'person_id', from.takenOn);
}

/** Lets PostgreSQL look at tables that this transaction has filled; its plans would still be those for the tables before. */
export const lookAgain = async (session: Session, ...tables: readonly string[]): Promise<void> =>
  void (await session.run(`analyze ${tables.join(', ')}`));

/** Puts on persons and places what follows from their households, and tells the other registries who moved. */
export async function settlePersons(session: Session): Promise<void> {
  await session.run(`
    update person p set area_path = h.area_path, score_band = h.score_band, updated_at = now()
    from affected_household a join household h on h.household_id = a.household_id
    where p.household_id = h.household_id and row(p.area_path, p.score_band) is distinct from row(h.area_path, h.score_band)`);
  await session.run(`
    update roster m set area_path = h.area_path from affected_household a join household h on h.household_id = a.household_id
    where m.household_id = h.household_id and m.valid_to is null and m.area_path <> h.area_path`);
  // Whoever may know of a person may know of their numbers and of the places they had.
  for (const table of ['membership', 'identifier', 'registration_review']) {
    await session.run(
      `update ${table} i set area_path = p.area_path from touched t join person p on p.person_id = t.person_id where i.person_id = p.person_id and i.area_path <> p.area_path`,
    );
  }
  await session.run(`
    insert into outbox (event_id, type, subject, payload)
    select gen_random_uuid(), 'person.moved', p.person_id, jsonb_build_object('area', p.area_path::text, 'household', p.household_id)
    from touched t join person p on p.person_id = t.person_id where t.existed and row(p.area_path, p.household_id) is distinct from row(t.old_area, t.old_household)`);
}

/** Brings what stands on households up to date with their members, by the same rules as a change through the graph. */
export async function recountHouseholds(session: Session): Promise<void> {
  // Joined as wholes: persons have no index by household, so that looking up each would read all of them again and again.
  const union = (column: string) =>
    `(select p.household_id, array_agg(distinct x order by x) as ids from affected_household a join person p on p.household_id = a.household_id, unnest(p.${column}) x group by p.household_id)`;
  await session.run(`
    update household h set member_ids = n.ids, size = n.size, head_person_id = n.head, children = n.children, adults = n.adults, elderly = n.elderly, program_ids = n.programs, provider_ids = n.providers, updated_at = now()
    from (
      select a.household_id, coalesce(m.ids, '{}') as ids, coalesce(m.size, 0) as size, m.head, coalesce(m.children, 0) as children, coalesce(m.adults, 0) as adults,
        coalesce(m.elderly, 0) as elderly, coalesce(g.ids, '{}') as programs, coalesce(v.ids, '{}') as providers
      from affected_household a
      left join (
        select r.household_id, array_agg(r.person_id order by r.person_id) as ids, count(*)::int as size, (array_agg(r.person_id) filter (where r.relationship = 'HEAD'))[1] as head,
          count(*) filter (where p.birth_date > current_date - interval '18 years')::int as children,
          count(*) filter (where p.birth_date <= current_date - interval '18 years' and p.birth_date > current_date - interval '60 years')::int as adults,
          count(*) filter (where p.birth_date <= current_date - interval '60 years')::int as elderly
        from affected_household a join roster r on r.household_id = a.household_id join person p on p.person_id = r.person_id where r.valid_to is null group by r.household_id
      ) m on m.household_id = a.household_id
      left join ${union('program_ids')} g on g.household_id = a.household_id left join ${union('provider_ids')} v on v.household_id = a.household_id
    ) n
    where h.household_id = n.household_id
      and row(h.member_ids, h.size, h.head_person_id, h.children, h.adults, h.elderly, h.program_ids, h.provider_ids)
        is distinct from row(n.ids, n.size, n.head, n.children, n.adults, n.elderly, n.programs, n.providers)`);
}

/** How many rows of this source are in the registry and were in none of the files: nothing is done to them. */
export async function missingFromFiles(session: Session, from: Provenance, mapping: Mapping): Promise<string[]> {
  const found: string[] = [];
  for (const [target, table, stage, id] of [
    ['persons', 'person', 'in_person', 'person_id'],
    ['households', 'household', 'in_household', 'household_id'],
  ] as const) {
    if (!mapping.entries.some((entry) => entry.target === target)) continue;
    const n = await session.count(
      `select count(*) as n from ${table} t where t.source_system = $1 and not exists (select 1 from ${stage} s where s.id = t.${id})`,
      [from.source],
    );
    if (n > 0) found.push(`${n} ${target} of ${from.source} are in the registry and in none of these files. They were left as they are.`);
  }
  return found;
}
