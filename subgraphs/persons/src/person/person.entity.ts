import type { Entity } from '@commonweal/kit';
import { sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { identifier, person } from './person.table.ts';

/** The person's row in statements. */
export const p = alias(person, 'p');
const i = alias(identifier, 'i');

/** Whole years of age today, as SQL. */
export const ageToday = sql`date_part('year', age(${p.birthDate}))`;
const ageBand = sql`case when ${ageToday} < 5 then 'AGE_0_4' when ${ageToday} < 18 then 'AGE_5_17' when ${ageToday} < 35 then 'AGE_18_34'
  when ${ageToday} < 60 then 'AGE_35_59' when ${ageToday} < 70 then 'AGE_60_69' else 'AGE_70_PLUS' end`;

/** Days of birth between which a person has an age band today, oldest day exclusive: for filters that use the index. */
export const AGE_BANDS = {
  AGE_0_4: [0, 5],
  AGE_5_17: [5, 18],
  AGE_18_34: [18, 35],
  AGE_35_59: [35, 60],
  AGE_60_69: [60, 70],
  AGE_70_PLUS: [70, 150],
} as const;

/** How persons are read. */
export const personEntity: Entity = {
  type: 'Person',
  from: sql`${person} as p`,
  key: sql`${p.personId}`,
  gate: 'Person.id',
  scope: { person: sql`${p.personId}`, area: sql`${p.areaPath}`, programs: sql`${p.programIds}`, providers: sql`${p.providerIds}` },
  parts: { address: sql`coalesce(${p.addressLine1}, ${p.addressLine2}, ${p.locality}, ${p.postalCode}, ${p.landmark}) is not null` },
  fields: {
    'name.full': sql`concat_ws(' ', ${p.namePrefix}, ${p.givenName}, ${p.secondName}, ${p.surname}, ${p.nameSuffix})`,
    'name.surname': sql`${p.surname}`,
    'name.given': sql`${p.givenName}`,
    'name.second': sql`${p.secondName}`,
    'name.prefix': sql`${p.namePrefix}`,
    'name.suffix': sql`${p.nameSuffix}`,
    sex: sql`${p.sex}`,
    birthDate: sql`${p.birthDate}`,
    birthDateEstimated: sql`${p.birthDateEstimated}`,
    ageBand,
    deathDate: sql`${p.deathDate}`,
    maritalStatus: sql`${p.maritalStatus}`,
    status: sql`${p.status}`,
    registeredAt: sql`${p.registeredAt}`,
    updatedAt: sql`${p.updatedAt}`,
    'source.system': sql`coalesce(${p.sourceSystem}, 'Commonweal')`,
    'source.takenOn': sql`coalesce(${p.sourceTakenOn}, ${p.registeredAt}::date)`,
    languages: sql`${p.languages}`,
    educationLevel: sql`${p.educationLevel}`,
    employmentStatus: sql`${p.employmentStatus}`,
    occupation: sql`${p.occupation}`,
    incomeLevel: sql`${p.incomeLevel}`,
    phones: sql`${p.phones}`,
    emails: sql`${p.emails}`,
    'address.line1': sql`${p.addressLine1}`,
    'address.line2': sql`${p.addressLine2}`,
    'address.locality': sql`${p.locality}`,
    'address.postalCode': sql`${p.postalCode}`,
    'address.landmark': sql`${p.landmark}`,
    area: sql`${p.areaPath}::text`,
    household: sql`${p.householdId}`,
    'disabilities.type': sql`${p.disabilityTypes}`,
    'disabilities.severity': sql`${p.disabilitySeverities}`,
  },
};

/** How a person's numbers are read: few, and all of them at once. */
export const identifierEntity: Entity = {
  type: 'Identifier',
  from: sql`${identifier} as i join ${person} as p on ${p.personId} = ${i.personId}`,
  key: sql`${i.identifierId}`,
  gate: 'Identifier.type',
  scope: personEntity.scope,
  fields: {
    type: sql`${i.type}`,
    value: sql`${i.value}`,
    lastFour: sql`${i.lastFour}`,
    issuer: sql`${i.issuer}`,
    issuedOn: sql`${i.issuedOn}`,
    expiresOn: sql`${i.expiresOn}`,
    verifiedAt: sql`${i.verifiedAt}`,
  },
};
/** Column by which numbers belong to a person. */
export const identifierOwner = sql`${i.personId}`;
