-- A registration that waits for review is found by its number like any other, by whoever may know of the person: what cannot be found tells that
-- the number is somebody else's. Which persons may be known of is the policy of their table, which holds in the condition too.
create policy of_known_person on registration_review for select to :app using (
  exists (select 1 from person p where p.person_id = registration_review.person_id)
);
create index registration_review_value on registration_review (value_hash);
