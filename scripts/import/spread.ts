import type { Session } from './session.ts';

/** Carries to the programs registry where everybody lives whom the import may have touched, and who stands for the households that enrollments name. */
export async function carrySubjects(persons: Session, programs: Session): Promise<void> {
  await programs.run('create temporary table in_subject (person_id uuid primary key, household_id uuid, area_path ltree)');
  await persons.carry(
    'select p.person_id, p.household_id, p.area_path from touched t join person p on p.person_id = t.person_id',
    programs,
    'in_subject',
    ['person_id', 'household_id', 'area_path'],
  );
  // Enrollments may name persons and households of an earlier import.
  await persons.run('create temporary table asked_person (person_id uuid)');
  await programs.carry(
    'select distinct person from in_enrollment where person is not null and not exists (select 1 from in_subject j where j.person_id = person)',
    persons,
    'asked_person',
    ['person_id'],
  );
  await persons.carry(
    'select p.person_id, p.household_id, p.area_path from asked_person a join person p on p.person_id = a.person_id',
    programs,
    'in_subject',
    ['person_id', 'household_id', 'area_path'],
  );
  await persons.run('create temporary table asked_household (household_id uuid)');
  await programs.carry('select distinct household from in_enrollment where household is not null', persons, 'asked_household', [
    'household_id',
  ]);
  await programs.run('create temporary table household_head (household_id uuid primary key, head uuid)');
  await persons.carry(
    'select h.household_id, h.head_person_id from asked_household a join household h on h.household_id = a.household_id',
    programs,
    'household_head',
    ['household_id', 'head'],
  );
  await persons.carry(
    'select p.person_id, p.household_id, p.area_path from asked_household a join person p on p.household_id = a.household_id where not exists (select 1 from touched t where t.person_id = p.person_id) and not exists (select 1 from asked_person q where q.person_id = p.person_id)',
    programs,
    'in_subject',
    ['person_id', 'household_id', 'area_path'],
  );
  await programs.run('analyze in_subject, household_head');
}

/** Carries back which programs know of whom, puts it on persons, and tells the registries that keep it for those who were there before. */
export async function carryKnown(programs: Session, persons: Session): Promise<void> {
  await persons.run('create temporary table in_known (person_id uuid primary key, program_ids uuid[])');
  await programs.carry('select person_id, program_ids from known', persons, 'in_known', ['person_id', 'program_ids']);
  await persons.run('analyze in_known');
  await persons.run(`
    with changed as (
      update person p set program_ids = k.program_ids from in_known k where p.person_id = k.person_id and p.program_ids is distinct from k.program_ids returning p.person_id, p.program_ids
    )
    insert into outbox (event_id, type, subject, payload)
    select gen_random_uuid(), 'programs.known', c.person_id, jsonb_build_object('programs', to_jsonb(c.program_ids))
    from changed c left join touched t on t.person_id = c.person_id where coalesce(t.existed, true)`);
  await persons.run(
    'insert into affected_household select distinct p.household_id from in_known k join person p on p.person_id = k.person_id where p.household_id is not null on conflict do nothing',
  );
}

/** Carries to the consent registry where everybody lives and who knows of them. */
export async function carryConsentSubjects(persons: Session, consent: Session): Promise<void> {
  await consent.run(
    'create temporary table in_subject (person_id uuid primary key, area_path ltree, program_ids uuid[], provider_ids uuid[])',
  );
  await persons.carry(
    'select p.person_id, p.area_path, p.program_ids, p.provider_ids from in_known k join person p on p.person_id = k.person_id',
    consent,
    'in_subject',
    ['person_id', 'area_path', 'program_ids', 'provider_ids'],
  );
  await consent.run('analyze in_subject');
  await consent.run(`
    insert into subject as t (person_id, area_path, program_ids, provider_ids) select person_id, area_path, program_ids, provider_ids from in_subject
    on conflict (person_id) do update set area_path = excluded.area_path, program_ids = excluded.program_ids, provider_ids = excluded.provider_ids
    where row(t.area_path, t.program_ids, t.provider_ids) is distinct from row(excluded.area_path, excluded.program_ids, excluded.provider_ids)`);
  await consent.run(
    'update consent_record r set area_path = s.area_path from in_subject s where r.person_id = s.person_id and r.area_path <> s.area_path',
  );
}
