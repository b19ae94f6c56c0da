import { type TestDatabase, testDatabase } from '@commonweal/kit/testing.ts';
import { SUBGRAPHS } from '@commonweal/schema';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DECLARED, declarationOf, readCatalog, type Table } from './catalog.ts';

/*
 * The rules for tables (design, section 6), held against the catalog of a migrated database: that the same schema can be spread over many
 * nodes, that the code and the database mean the same, and that no row about a person stands without row-level security.
 */

let database: TestDatabase;
let admin: postgres.Sql;
let tables: Table[];

beforeAll(async () => {
  database = await testDatabase(inject('adminUrl'));
  admin = postgres(database.adminUrl, { max: 1, onnotice: () => {} });
  tables = await readCatalog(admin);
});
afterAll(async () => {
  await admin?.end();
  await database?.drop();
});

const nameOf = (t: Table) => `${t.schema}.${t.name}`;
const placementOf = (t: { schema: Table['schema']; name: string }) => declarationOf(t)?.placement ?? { kind: 'undeclared' as const };
const distributedBy = (t: { schema: Table['schema']; name: string }) => {
  const placement = placementOf(t);
  return placement.kind === 'distributed' ? placement.by : null;
};

describe('code and database', () => {
  it.each(SUBGRAPHS)('of %s know the same tables', (schema) => {
    expect(
      tables
        .filter((t) => t.schema === schema)
        .map((t) => t.name)
        .sort(),
    ).toEqual(DECLARED[schema].map((d) => d.name).sort());
  });

  it.each(SUBGRAPHS)('of %s know the same columns, of the same types', (schema) => {
    // A precision that the code leaves open is the database's: numeric(14,2) is numeric.
    const plain = (type: string, openly: boolean) => (openly ? type.replace(/\(\d+(, ?\d+)?\)/, '') : type);
    for (const table of tables.filter((t) => t.schema === schema)) {
      const inCode = declarationOf(table)!.columns;
      const inDatabase = Object.fromEntries(
        table.columns.map((c) => [c.name, `${plain(c.type, !inCode[c.name]?.includes('('))}${c.notNull ? ' not null' : ''}`]),
      );
      expect(inDatabase, nameOf(table)).toEqual(inCode);
    }
  });
});

describe('a distributed table', () => {
  it('has the column it is distributed by, and it is never null', () => {
    const faults = tables
      .filter((t) => distributedBy(t) !== null && !t.columns.some((c) => c.name === distributedBy(t) && c.notNull))
      .map(nameOf);
    expect(faults).toEqual([]);
  });

  it('has that column in each PRIMARY KEY, UNIQUE and EXCLUDE', () => {
    const faults = tables.flatMap((t) =>
      t.unique.filter((u) => distributedBy(t) !== null && !u.columns.includes(distributedBy(t)!)).map((u) => `${nameOf(t)}: ${u.name}`),
    );
    expect(faults).toEqual([]);
  });

  it('has no trigger, and no table has an identity column', () => {
    expect(tables.filter((t) => distributedBy(t) !== null && t.triggers.length > 0).map(nameOf)).toEqual([]);
    expect(tables.filter((t) => t.columns.some((c) => c.identity)).map(nameOf)).toEqual([]);
  });
});

describe('a foreign key', () => {
  it('leads within its own registry, to a reference table or along the distribution column', () => {
    const faults = tables.flatMap((t) =>
      t.foreignKeys.flatMap((f) => {
        const target = { schema: f.toSchema as Table['schema'], name: f.toTable };
        const [from, to] = [placementOf(t), placementOf(target)];
        const along =
          from.kind === 'distributed' &&
          to.kind === 'distributed' &&
          f.columns.indexOf(from.by) >= 0 &&
          f.columns.indexOf(from.by) === f.toColumns.indexOf(to.by);
        const allowed = f.toSchema === t.schema && (to.kind === 'reference' || along || (from.kind === 'local' && to.kind === 'local'));
        return allowed ? [] : [`${nameOf(t)}: ${f.name} (${from.kind} to ${to.kind} ${f.toSchema}.${f.toTable})`];
      }),
    );
    expect(faults).toEqual([]);
  });
});

describe('a column', () => {
  it('holds no floating number, and no moment without a time zone', () => {
    const faults = tables.flatMap((t) =>
      t.columns
        .filter((c) => /^(real|double precision|money)|without time zone/.test(c.type))
        .map((c) => `${nameOf(t)}.${c.name}: ${c.type}`),
    );
    expect(faults).toEqual([]);
  });

  it('of money is exact', () => {
    const money = tables.flatMap((t) =>
      t.columns.filter((c) => /amount/.test(c.name)).map((c) => [`${nameOf(t)}.${c.name}`, c.type.replace(/\(.*/, '')]),
    );
    expect(money.length).toBeGreaterThan(0);
    for (const [column, type] of money) expect([column, type]).toEqual([column, 'numeric']);
  });
});

describe('row-level security', () => {
  it('is on and forced for each table about persons: a migration that takes it away fails here', () => {
    const about = tables.filter((t) => declarationOf(t)?.aboutPersons);
    expect(about.length).toBeGreaterThan(10);
    expect(about.filter((t) => !t.rowSecurity || !t.forced).map(nameOf)).toEqual([]);
  });

  it('is declared of every table that names a person', () => {
    // Who has a number, and who tried to verify it, is found by a keyed hash of that number only: no row is found by its person.
    const byHash = ['persons.identifier_key'];
    const faults = tables
      .filter((t) => t.columns.some((c) => c.name === 'person_id') && !declarationOf(t)?.aboutPersons && !byHash.includes(nameOf(t)))
      .map(nameOf);
    expect(faults).toEqual([]);
  });

  it('is said in plain expressions on the row: no subquery, which a distributed database could not push down', () => {
    const faults = tables.flatMap((t) =>
      t.policies.filter((p) => /\bselect\b/i.test(`${p.using} ${p.check}`)).map((p) => `${nameOf(t)}: ${p.name}`),
    );
    expect(faults).toEqual([]);
  });

  it('lets the app role read no table about persons without a condition', () => {
    const faults = tables.flatMap((t) =>
      declarationOf(t)?.aboutPersons
        ? t.policies.filter((p) => !p.role.endsWith('_migrator') && p.using === 'true').map((p) => `${nameOf(t)}: ${p.name}`)
        : [],
    );
    expect(faults).toEqual([]);
  });

  it('names the roles it is for', () => {
    expect(tables.flatMap((t) => t.policies.filter((p) => p.role === 'public').map((p) => `${nameOf(t)}: ${p.name}`))).toEqual([]);
  });
});
