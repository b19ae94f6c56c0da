import type { Entity } from '@commonweal/kit';
import { type TestDatabase, type TestSubgraph, testCatalog, testDatabase, testSubgraph } from '@commonweal/kit/testing.ts';
import { CONSENT_CATEGORIES, categoriesToMask, personaPrincipal, referenceSnapshot } from '@commonweal/schema';
import { cellsOf, profiles } from '@commonweal/schema/permissions.ts';
import { PgDialect } from 'drizzle-orm/pg-core';
import { getNamedType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { EXAMPLES, ID, tellConsent, tellExamples } from './examples.ts';
import { householdEntity, membershipEntity } from './household/household.entity.ts';
import { persons } from './index.ts';
import { identifierEntity, personEntity } from './person/person.entity.ts';

/*
 * schema/permissions.md, proven for this registry in both directions: each profile asks for each field alone. What the matrix gives comes back
 * with a value; what it does not give raises the tripwire, gives nothing, and stands in no statement.
 */

/** Where the fields of a type are asked for, and where its columns are told. */
interface Place {
  readonly ask: (field: string) => string;
  readonly entity: Entity;
  readonly prefix?: string;
}
const person = (inner: string) => `{ persons(first: 100) { nodes { ${inner} } } }`;
const household = (inner: string) => `{ households(first: 100) { nodes { ${inner} } } }`;
const PLACES: Readonly<Record<string, Place>> = {
  Person: { ask: (f) => person(f), entity: personEntity },
  PersonName: { ask: (f) => person(`name { ${f} }`), entity: personEntity, prefix: 'name.' },
  Identifier: { ask: (f) => person(`identifiers { ${f} }`), entity: identifierEntity },
  Disability: { ask: (f) => person(`disabilities { ${f} }`), entity: personEntity, prefix: 'disabilities.' },
  Address: { ask: (f) => person(`address { ${f} }`), entity: personEntity, prefix: 'address.' },
  RecordSource: { ask: (f) => person(`source { ${f} }`), entity: personEntity, prefix: 'source.' },
  Household: { ask: (f) => household(f), entity: householdEntity },
  HouseholdComposition: { ask: (f) => household(`composition { ${f} }`), entity: householdEntity, prefix: 'composition.' },
  PovertyScore: { ask: (f) => household(`povertyScore { ${f} }`), entity: householdEntity, prefix: 'povertyScore.' },
  Membership: { ask: (f) => person(`memberships { nodes { ${f} } }`), entity: membershipEntity },
};
/** Columns by which a row is found or kept from view: each statement names them, whatever it gives. */
const SCOPE = new Set(['person_id', 'household_id', 'area_path', 'program_ids', 'provider_ids', 'member_ids', 'registered_at']);
/** A household has no consent of its own: a consumer that needs consent to know of anybody meets none. */
const NO_ROWS: Readonly<Record<string, readonly string[]>> = {
  'clinic HEALTH_SERVICE': ['Household', 'HouseholdComposition', 'PovertyScore'],
};
/** Fields that are links to rows of another table. */
const TABLES: Readonly<Record<string, RegExp>> = {
  'Person.identifiers': /"identifier"/,
  'Person.memberships': /"membership"/,
  'Household.members': /"roster"/,
};

let database: TestDatabase;
let registry: TestSubgraph;
const catalog = testCatalog();
const IDS = { programs: { OPCT: ID.opct, HSNP: ID.hsnp }, providers: { HIGHLAND: ID.highland } };

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  await tellExamples(database);
  const sql = database.owner('persons');
  // Every column has a value, so that a field which gives none is a fault.
  await sql`update person set second_name = 'Lokai', name_prefix = 'Mzee', name_suffix = 'Jr', death_date = '2025-01-01', education_level = 2, occupation = 'Herder', income_level = 'LOW', languages = '{tuv}', phones = '{+254711000009}',
    emails = '{p@example.org}', address_line1 = 'Road 1', address_line2 = 'Gate 2', locality = 'Lodwar', postal_code = '30500', landmark = 'Borehole', disability_types = '{VIS}', disability_severities = '{2}'`;
  await sql`update person set program_ids = ${[ID.opct, ID.hsnp]}, provider_ids = ${[ID.highland]}`;
  await sql`update household set program_ids = ${[ID.opct, ID.hsnp]}, provider_ids = ${[ID.highland]}`;
  await sql`update identifier set issuer = 'IPRS', issued_on = '2010-01-01', expires_on = '2030-01-01', verified_at = now()`;
  await sql`update household set address_line1 = 'Road 1', children = 1, score_type = 'PMT', score_version = '3', score_assessed_on = '2024-01-01'`;
  for (const table of ['membership', 'roster'])
    await sql`update ${sql(table)} set recipient_role = 'PRIMARY', valid_to = '2025-12-31' where person_id <> ${ID.wanjiru}`;
  await sql`update membership set recipient_role = 'PRIMARY', valid_to = '2025-12-31'`;
  for (const { id } of EXAMPLES) {
    for (const [recipient, purpose] of [
      ['opct-office', 'PROGRAM_MANAGEMENT'],
      ['hsnp-office', 'PROGRAM_MANAGEMENT'],
      ['county-services', 'CASE_MANAGEMENT'],
      ['bank', 'PAYMENT_DELIVERY'],
      ['clinic', 'HEALTH_SERVICE'],
    ] as const) {
      await tellConsent(database, id, recipient, purpose, categoriesToMask(CONSENT_CATEGORIES));
    }
  }
  registry = await testSubgraph(persons, database, referenceSnapshot(IDS));
});
afterAll(async () => {
  await registry?.stop();
  await database?.drop();
});

/** The coordinates of this registry's types, with what to ask for. */
function coordinates(): { coordinate: string; field: string; selection: string; place: Place }[] {
  return Object.entries(PLACES).flatMap(([typeName, place]) => {
    const type = registry.subgraph.schema.getType(typeName);
    if (!isObjectType(type)) throw new Error(`${typeName} is no type of this registry`);
    return Object.values(type.getFields()).map((f) => ({
      coordinate: `${typeName}.${f.name}`,
      field: f.name,
      selection: isObjectType(getNamedType(f.type)) ? `${f.name} { __typename }` : f.name,
      place,
    }));
  });
}

const dialect = new PgDialect();
/** Whether any statement names a column of a field, or has a result of its name. */
function named(coordinate: string, field: string, place: Place): boolean {
  const text = registry.statements.join('\n');
  const paths = Object.entries(place.entity.fields).filter(
    ([path]) => path === `${place.prefix ?? ''}${field}` || path.startsWith(`${place.prefix ?? ''}${field}.`),
  );
  const columns = paths
    .flatMap(([, value]) => [...dialect.sqlToQuery(value).sql.matchAll(/"\w+"\."(\w+)"/g)].map((m) => m[1]!))
    .filter((c) => !SCOPE.has(c));
  return (
    paths.some(([path]) => text.includes(`as "${path}"`)) ||
    columns.some((c) => text.includes(`"${c}"`)) ||
    (TABLES[coordinate]?.test(text) ?? false)
  );
}

/** Whether an answer holds a value at the end of the path that leads to a field. */
function hasValue(data: unknown, field: string): boolean {
  if (Array.isArray(data)) return data.some((d) => hasValue(d, field));
  if (data === null || typeof data !== 'object') return false;
  return Object.entries(data).some(([name, v]) => (name === field && !['nodes'].includes(field) && !isEmpty(v)) || hasValue(v, field));
}
const isEmpty = (v: unknown) => v === null || v === undefined || (Array.isArray(v) && v.length === 0);

async function outcome(
  persona: string,
  purpose: string,
  { coordinate, field, selection, place }: ReturnType<typeof coordinates>[number],
): Promise<string> {
  registry.statements.length = 0;
  const answer = await registry.ask(personaPrincipal(persona, { purpose, person: ID.ekiru }), place.ask(selection));
  const codes = [...new Set((answer.errors ?? []).map((e) => e.extensions?.code))];
  if (codes.length === 0 && hasValue(answer.data, field)) return 'given';
  if (codes.length === 0)
    return JSON.stringify(answer.data).endsWith(':{"nodes":[]}}') && !named(coordinate, field, place) ? 'no row' : 'no value';
  if (codes.join() !== 'FORBIDDEN_FIELD') return `error ${codes.join()}`;
  if (hasValue(answer.data, field)) return 'refused, and yet given';
  return named(coordinate, field, place) ? 'refused, and yet in a statement' : 'refused';
}

describe.each(profiles())('$persona for $purpose', ({ persona, purpose }) => {
  it('is given exactly the fields of the matrix', async () => {
    const cells = cellsOf(catalog, { persona, purpose });
    const got: Record<string, string> = {};
    const want: Record<string, string> = {};
    for (const c of coordinates()) {
      got[c.coordinate] = await outcome(persona, purpose, c);
      const without = NO_ROWS[`${persona} ${purpose}`]?.includes(c.coordinate.split('.')[0]!) ?? false;
      want[c.coordinate] = without ? 'no row' : cells.get(c.coordinate) === 'no' ? 'refused' : 'given';
    }
    expect(got).toEqual(want);
  });
});

it('covers each type of this registry that tells of persons and households', () => {
  const types = Object.values(registry.subgraph.schema.getTypeMap())
    .filter((t) => isObjectType(t) && !t.name.startsWith('_'))
    .map((t) => t.name);
  const structure = /^(Query|Mutation|Area|PageInfo|Money|Refusal|.*(Connection|Edge|Payload|Receipt|Verification))$/;
  const others = ['Program', 'Enrollment', 'Benefit', 'Payment', 'Account', 'ConsentRecord'];
  expect(types.filter((t) => !structure.test(t) && !others.includes(t)).sort()).toEqual(Object.keys(PLACES).sort());
});
