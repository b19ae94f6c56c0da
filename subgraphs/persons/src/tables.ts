import { byHash, ofPersons, reference } from '@commonweal/kit';
import { area } from './area/area.table.ts';
import { household, membership, roster } from './household/household.table.ts';
import { identifier, identifierKey, person, registrationReview } from './person/person.table.ts';
import { verification } from './verification/verification.table.ts';

/** The tables of the persons registry, with their placement. */
export const tables = [
  reference(area),
  ofPersons(person, 'person_id'),
  ofPersons(identifier, 'person_id'),
  byHash(identifierKey, 'value_hash'),
  ofPersons(household, 'household_id'),
  ofPersons(membership, 'person_id'),
  ofPersons(roster, 'household_id'),
  byHash(verification, 'subject_hash'),
  ofPersons(registrationReview, 'person_id'),
];
