-- The same rows as before, said so that lists stay fast: the planner may look at no statistics for an operator of ltree under row-level security,
-- takes a row of a hundred for covered, and sorts a whole table for one page; of a function it thinks that a third is covered, and walks an index.
-- An empty area would be above all others, so it is taken out: a list of nothing but commas covers no row.
alter policy scope on person using (
  person_id::text = current_setting('access.person', true)
  or (
    _ltree_isparent(array_remove(string_to_array(nullif(current_setting('access.areas', true), ''), ','), '')::ltree[], area_path)
    and (current_setting('access.all_programs', true) = 'on' or program_ids && array_remove(string_to_array(nullif(current_setting('access.programs', true), ''), ','), '')::uuid[])
    and (current_setting('access.all_providers', true) = 'on' or provider_ids && array_remove(string_to_array(nullif(current_setting('access.providers', true), ''), ','), '')::uuid[])
  )
);
alter policy scope on household using (
  nullif(current_setting('access.person', true), '')::uuid = any (member_ids)
  or (
    _ltree_isparent(array_remove(string_to_array(nullif(current_setting('access.areas', true), ''), ','), '')::ltree[], area_path)
    and (current_setting('access.all_programs', true) = 'on' or program_ids && array_remove(string_to_array(nullif(current_setting('access.programs', true), ''), ','), '')::uuid[])
    and (current_setting('access.all_providers', true) = 'on' or provider_ids && array_remove(string_to_array(nullif(current_setting('access.providers', true), ''), ','), '')::uuid[])
  )
);
alter policy scope on identifier using (
  person_id::text = current_setting('access.person', true)
  or _ltree_isparent(array_remove(string_to_array(nullif(current_setting('access.areas', true), ''), ','), '')::ltree[], area_path)
);
alter policy scope on membership using (
  person_id::text = current_setting('access.person', true)
  or _ltree_isparent(array_remove(string_to_array(nullif(current_setting('access.areas', true), ''), ','), '')::ltree[], area_path)
);
alter policy scope on roster using (
  person_id::text = current_setting('access.person', true)
  or _ltree_isparent(array_remove(string_to_array(nullif(current_setting('access.areas', true), ''), ','), '')::ltree[], area_path)
);
-- A person who moves takes the area of their numbers along.
grant update (area_path) on identifier to :app;
-- Conditions on the area, for which a B-tree knows no way.
drop index person_area;
drop index household_area;
create index person_area on person using gist (area_path);
create index household_area on household using gist (area_path);
