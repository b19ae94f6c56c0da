-- Who lives in a household is asked by each change of one, and whenever a program comes to know of somebody.
create index person_household on person (household_id) where household_id is not null;
