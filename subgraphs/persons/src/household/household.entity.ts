import type { Entity } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { p, personEntity } from '../person/person.entity.ts';
import { person } from '../person/person.table.ts';
import { household, membership, roster } from './household.table.ts';

const h = alias(household, 'h');
const m = alias(membership, 'm');
const r = alias(roster, 'r');

/** The household's row in statements. */
export { h };

/** How households are read. */
export const householdEntity: Entity = {
  type: 'Household',
  from: sql`${household} as h`,
  key: sql`${h.householdId}`,
  gate: 'Household.id',
  scope: { members: sql`${h.memberIds}`, area: sql`${h.areaPath}`, programs: sql`${h.programIds}`, providers: sql`${h.providerIds}` },
  hidden: { $persons: sql`${h.memberIds}` },
  parts: {
    address: sql`coalesce(${h.addressLine1}, ${h.addressLine2}, ${h.locality}, ${h.postalCode}, ${h.landmark}) is not null`,
    povertyScore: sql`${h.score} is not null`,
  },
  fields: {
    area: sql`${h.areaPath}::text`,
    'address.line1': sql`${h.addressLine1}`,
    'address.line2': sql`${h.addressLine2}`,
    'address.locality': sql`${h.locality}`,
    'address.postalCode': sql`${h.postalCode}`,
    'address.landmark': sql`${h.landmark}`,
    head: sql`${h.headPersonId}`,
    size: sql`${h.size}`,
    'composition.children': sql`${h.children}`,
    'composition.adults': sql`${h.adults}`,
    'composition.elderly': sql`${h.elderly}`,
    'povertyScore.value': sql`${h.score}`,
    'povertyScore.band': sql`${h.scoreBand}`,
    'povertyScore.type': sql`${h.scoreType}`,
    'povertyScore.version': sql`${h.scoreVersion}`,
    'povertyScore.assessedOn': sql`${h.scoreAssessedOn}`,
    assistanceUnit: sql`${h.assistanceUnit}`,
    registeredAt: sql`${h.registeredAt}`,
    updatedAt: sql`${h.updatedAt}`,
  },
};

const places = (t: typeof m | typeof r) => ({
  relationship: sql`${t.relationship}`,
  recipientRole: sql`${t.recipientRole}`,
  validFrom: sql`${t.validFrom}`,
  validTo: sql`${t.validTo}`,
  person: sql`${t.personId}`,
  household: sql`${t.householdId}`,
});

/** How a person's places in households are read. The person and the household are links: whether the caller may know of them is asked again there. */
export const membershipEntity: Entity = {
  type: 'Membership',
  from: sql`${membership} as m join ${person} as p on ${p.personId} = ${m.personId}`,
  key: sql`${m.membershipId}`,
  gate: 'Membership.relationship',
  scope: personEntity.scope,
  fields: places(m),
};
/** Columns of a person's places. */
export const membershipColumns = m;

/** How the members of a household are read. Reached only from a household that the caller may know of. */
export const rosterEntity: Entity = {
  type: 'Membership',
  from: sql`${roster} as r join ${household} as h on ${h.householdId} = ${r.householdId}`,
  key: sql`${r.membershipId}`,
  gate: 'Membership.relationship',
  scope: householdEntity.scope,
  fields: places(r),
};
/** Columns of a household's members. */
export const rosterColumns = r;
