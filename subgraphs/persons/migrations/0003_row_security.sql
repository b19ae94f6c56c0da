-- The backstop behind the decision: the settings of the transaction say who may be seen; missing or empty means nobody.
alter table person enable row level security;
alter table person force row level security;
create policy owner_all on person to :migrator using (true) with check (true);
create policy scope on person to :app using (
  person_id::text = current_setting('access.person', true)
  or (
    area_path <@ any (string_to_array(nullif(current_setting('access.areas', true), ''), ',')::ltree[])
    and (current_setting('access.all_programs', true) = 'on' or program_ids && string_to_array(nullif(current_setting('access.programs', true), ''), ',')::uuid[])
    and (current_setting('access.all_providers', true) = 'on' or provider_ids && string_to_array(nullif(current_setting('access.providers', true), ''), ',')::uuid[])
  )
);
alter table identifier enable row level security;
alter table identifier force row level security;
create policy owner_all on identifier to :migrator using (true) with check (true);
create policy scope on identifier to :app using (
  person_id::text = current_setting('access.person', true)
  or area_path <@ any (string_to_array(nullif(current_setting('access.areas', true), ''), ',')::ltree[])
);
alter table household enable row level security;
alter table household force row level security;
create policy owner_all on household to :migrator using (true) with check (true);
create policy scope on household to :app using (
  nullif(current_setting('access.person', true), '')::uuid = any (member_ids)
  or (
    area_path <@ any (string_to_array(nullif(current_setting('access.areas', true), ''), ',')::ltree[])
    and (current_setting('access.all_programs', true) = 'on' or program_ids && string_to_array(nullif(current_setting('access.programs', true), ''), ',')::uuid[])
    and (current_setting('access.all_providers', true) = 'on' or provider_ids && string_to_array(nullif(current_setting('access.providers', true), ''), ',')::uuid[])
  )
);
alter table membership enable row level security;
alter table membership force row level security;
create policy owner_all on membership to :migrator using (true) with check (true);
create policy scope on membership to :app using (
  person_id::text = current_setting('access.person', true)
  or area_path <@ any (string_to_array(nullif(current_setting('access.areas', true), ''), ',')::ltree[])
);
alter table roster enable row level security;
alter table roster force row level security;
create policy owner_all on roster to :migrator using (true) with check (true);
create policy scope on roster to :app using (
  person_id::text = current_setting('access.person', true)
  or area_path <@ any (string_to_array(nullif(current_setting('access.areas', true), ''), ',')::ltree[])
);
alter table registration_review enable row level security;
alter table registration_review force row level security;
create policy owner_all on registration_review to :migrator using (true) with check (true);
create policy scope on registration_review to :app using (person_id::text = current_setting('access.person', true));
grant select on area to :app;
grant select, insert, update on person, household, membership, roster to :app;
grant select, insert on identifier, identifier_key, verification, registration_review to :app;
