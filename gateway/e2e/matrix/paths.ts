import type { Catalog, CatalogField } from '@commonweal/schema';

/** Arguments that a field needs or is better asked with. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  'Query.persons': '(first: 40)',
  'Query.households': '(first: 20)',
  'Query.enrollments': '(first: 40)',
  'Query.payments': '(first: 40)',
  'Query.consentRecords': '(first: 40)',
  'Query.accessLog': '(first: 20)',
  'Person.overlap': '(program: "OPCT")',
  'Person.enrollments': '(first: 2)',
  'Person.payments': '(first: 2)',
  'Person.accounts': '(first: 2)',
  'Person.consents': '(first: 2)',
  'Person.memberships': '(first: 2)',
  'Enrollment.benefits': '(first: 2)',
  'Enrollment.history': '(first: 2)',
  'Enrollment.payments': '(first: 2)',
  'Household.members': '(first: 3)',
  'Household.enrollments': '(first: 2)',
  'Payment.history': '(first: 2)',
  'Program.cycles': '(first: 2)',
  'Person.accessLog': '(first: 2)',
};
/** Fields at the top that answer without knowing anything before. The verification needs somebody's number and has tests of its own. */
export const DOORS: readonly string[] = [
  'persons',
  'households',
  'enrollments',
  'payments',
  'consentRecords',
  'me',
  'programs',
  'areas',
  'coverage',
  'accessLog',
  'consumers',
  'sharingPolicies',
  'processingAgreements',
];

/** A field as it is asked for, with arguments, and a selection where it is an object. */
export const asked = (catalog: Catalog, f: CatalogField): string => {
  const name = `${f.coordinate.split('.')[1]}${ARGUMENTS[f.coordinate] ?? ''}`;
  return catalog.types.has(f.type) || catalog.possible.has(f.type) ? `${name} { __typename }` : name;
};

/** The shortest way from the top to each type over fields that may be used: field by field, the last one answering with the type. */
export function waysTo(
  catalog: Catalog,
  usable: (coordinate: string) => boolean,
  doors: readonly string[] = DOORS,
): Map<string, CatalogField[]> {
  const ways = new Map<string, CatalogField[]>();
  let frontier: { type: string; way: CatalogField[] }[] = [];
  const reach = (f: CatalogField, before: CatalogField[]) => {
    if (ways.has(f.type) || !catalog.types.has(f.type) || !usable(f.coordinate)) return;
    const way = [...before, f];
    ways.set(f.type, way);
    frontier.push({ type: f.type, way });
  };
  for (const door of doors) reach(catalog.fields.get(`Query.${door}`)!, []);
  while (frontier.length > 0) {
    const now = frontier;
    frontier = [];
    for (const { type, way } of now)
      for (const f of catalog.types.get(type)!.fields.values()) if (f.coordinate !== `${type}.edges`) reach(f, way);
    for (const { type, way } of now) for (const f of catalog.types.get(type)!.fields.values()) reach(f, way);
  }
  return ways;
}

/** A query that asks for some fields of a type along a way. */
export const along = (way: readonly CatalogField[], selection: string): string =>
  `{ ${way.map((f) => `${f.coordinate.split('.')[1]}${ARGUMENTS[f.coordinate] ?? ''} {`).join(' ')} ${selection} ${'}'.repeat(way.length)} }`;

/** The objects at the end of a way in an answer. */
export function objectsAt(data: unknown, way: readonly CatalogField[]): Record<string, unknown>[] {
  let at: unknown[] = [data];
  for (const f of way) {
    const name = f.coordinate.split('.')[1]!;
    at = at.flatMap((o) => (o as Record<string, unknown> | null)?.[name] ?? []).filter((o) => o !== null);
  }
  return at as Record<string, unknown>[];
}
