-- The backstop behind the decision: the settings of the transaction say who may be seen; missing or empty means nobody.
alter table enrollment enable row level security;
alter table enrollment force row level security;
create policy owner_all on enrollment to :migrator using (true) with check (true);
create policy scope on enrollment to :app using (
  person_id::text = current_setting('access.person', true)
  or (
    area_path <@ any (string_to_array(nullif(current_setting('access.areas', true), ''), ',')::ltree[])
    and (
      (current_setting('access.all_programs', true) = 'on' and not sensitive)
      or program_id = any (string_to_array(nullif(current_setting('access.programs', true), ''), ',')::uuid[])
    )
  )
);
alter table enrollment_event enable row level security;
alter table enrollment_event force row level security;
create policy owner_all on enrollment_event to :migrator using (true) with check (true);
create policy scope on enrollment_event to :app using (
  person_id::text = current_setting('access.person', true)
  or (
    area_path <@ any (string_to_array(nullif(current_setting('access.areas', true), ''), ',')::ltree[])
    and (
      (current_setting('access.all_programs', true) = 'on' and not sensitive)
      or program_id = any (string_to_array(nullif(current_setting('access.programs', true), ''), ',')::uuid[])
    )
  )
);
alter table benefit enable row level security;
alter table benefit force row level security;
create policy owner_all on benefit to :migrator using (true) with check (true);
create policy scope on benefit to :app using (
  person_id::text = current_setting('access.person', true)
  or (
    area_path <@ any (string_to_array(nullif(current_setting('access.areas', true), ''), ',')::ltree[])
    and (
      (current_setting('access.all_programs', true) = 'on' and not sensitive)
      or program_id = any (string_to_array(nullif(current_setting('access.programs', true), ''), ',')::uuid[])
    )
  )
);
alter table subject enable row level security;
alter table subject force row level security;
create policy owner_all on subject to :migrator using (true) with check (true);
create policy scope on subject to :app using (
  person_id::text = current_setting('access.person', true)
  or area_path <@ any (string_to_array(nullif(current_setting('access.areas', true), ''), ',')::ltree[])
);
grant select on program, program_criteria, compatibility, cycle, allowed_transition, coverage_cell, coverage_delta to :app;
grant select, insert, update on enrollment, subject to :app;
grant select, insert on enrollment_event, benefit to :app;
grant update (area_path) on benefit, enrollment_event to :app;
grant insert, delete on coverage_delta to :app;
grant insert, update on coverage_cell to :app;
grant usage on sequence coverage_delta_seq to :app;
