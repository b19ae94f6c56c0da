import type { Relationship } from './codes.ts';
import type { CountyProfile, SubCounty } from './geography.ts';
import type { Random, UuidSource } from './random.ts';
import type { DuplicateTruth, GeneratedHouseholdRecord, GeneratedIdentifier, GeneratedMembership, GeneratedPerson } from './types.ts';

/** What every draw for one household needs: its streams, and where it stands in the country. `asOf` is a day number. */
export interface Draw {
  random: Random;
  uuids: UuidSource;
  seed: number;
  index: number;
  asOf: number;
}

/** A member of a household being made, with the figures that texts in the finished record would have to be read back for. */
export interface Member {
  person: GeneratedPerson;
  relationship: Relationship;
  /** Age in years at `asOf`, also for the dead. */
  age: number;
  birthDay: number;
  registeredDay: number;
  /** First day in this household. */
  joinedDay: number;
  /** Day of death, or 0. */
  deathDay: number;
  /** Worst severity of a disability, 0 when there is none. */
  severity: number;
  /** Place for identifying numbers. */
  place: number;
  recipientRole: 'PRIMARY' | 'ALTERNATE' | null;
  /** Registered before in another household. */
  isDuplicate: boolean;
}

/** A household being made. */
export interface Draft {
  index: number;
  profile: CountyProfile;
  subCounty: SubCounty;
  urban: boolean;
  refugee: boolean;
  means: number;
  registeredDay: number;
  household: GeneratedHouseholdRecord;
  members: Member[];
  memberships: GeneratedMembership[];
  identifiers: GeneratedIdentifier[];
  duplicates: DuplicateTruth[];
  /** Bits of the members who have a second registration already, by position. */
  takenMembers: number;
}
