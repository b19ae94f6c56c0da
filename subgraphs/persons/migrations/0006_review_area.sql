-- The same, without looking into another table: the area of the person stands on the row, as it does on their numbers and places.
alter table registration_review add column area_path ltree;
update registration_review r set area_path = p.area_path from person p where p.person_id = r.person_id;
alter table registration_review alter column area_path set not null;
drop policy of_known_person on registration_review;
alter policy scope on registration_review using (
  person_id::text = current_setting('access.person', true)
  or _ltree_isparent(array_remove(string_to_array(nullif(current_setting('access.areas', true), ''), ','), '')::ltree[], area_path)
);
grant update (area_path) on registration_review to :app;
