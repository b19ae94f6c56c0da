import type { GeneratedHousehold, GeneratedMembership, GeneratedPerson } from '../country/types.ts';
import { codes } from '../load/text.ts';

/** What stands on a person's row because of other registries, and where the person lives. */
export interface Known {
  readonly person: GeneratedPerson;
  /** The household lived in now; null for the dead. */
  readonly home: GeneratedMembership | null;
  /** Programs that know of the person: of enrollments of their own in any state, and of those of the household lived in. */
  readonly programs: readonly string[];
  /** Who holds an account of the person, or delivers what the person collects. */
  readonly providers: readonly string[];
  /** The same as PostgreSQL's array texts. */
  readonly programsText: string;
  readonly providersText: string;
}

/** A household with what follows from it as a whole. */
export interface KnownHousehold {
  readonly source: GeneratedHousehold;
  readonly members: readonly Known[];
  readonly byId: ReadonlyMap<string, Known>;
}

/** Works out what is known of the persons of a household. An ended membership may name another household; a present one never does. */
export function know(source: GeneratedHousehold): KnownHousehold {
  const { household, enrollments, accounts, payments } = source;
  const homes = new Map<string, GeneratedMembership>();
  for (const membership of source.memberships) if (membership.validTo === null) homes.set(membership.personId, membership);
  const shared = enrollments.filter((one) => one.householdId === household.id).map((one) => one.programId);
  const byId = new Map<string, Known>();
  for (const person of source.persons) {
    const home = homes.get(person.id) ?? null;
    const programs: string[] = [];
    const providers: string[] = [];
    for (const one of enrollments) if (one.personId === person.id) addOnce(programs, one.programId);
    if (home !== null) for (const programId of shared) addOnce(programs, programId);
    for (const one of accounts) if (one.personId === person.id) addOnce(providers, one.providerId);
    for (const one of payments) if (one.recipientId === person.id) addOnce(providers, one.providerId);
    byId.set(person.id, { person, home, programs, providers, programsText: codes(programs), providersText: codes(providers) });
  }
  return { source, members: [...byId.values()], byId };
}

/** Adds to a list of a few what is not in it. */
export function addOnce<T>(list: T[], value: T): void {
  if (!list.includes(value)) list.push(value);
}

/** A person of the household. Throws when the generator named somebody from elsewhere. */
export function memberOf({ byId, source }: KnownHousehold, personId: string): Known {
  const known = byId.get(personId);
  if (known === undefined) throw new Error(`Household ${source.index} has rows about ${personId}, who is none of its persons.`);
  return known;
}
