import { readSupergraph } from '@commonweal/kit/config.ts';
import { buildCatalog } from '@commonweal/schema';
import { parse } from 'graphql';
import postgres from 'postgres';
import { writeRules } from './publish.ts';

/** Brings purposes, ceilings and classes of fields in the database up to the code, as the consent registry's migrator. Safe to repeat; changes no sharing policy. */
export async function bringRulesUpToDate(migratorUrl: string): Promise<void> {
  const sql = postgres(migratorUrl, { max: 1, onnotice: () => {}, connection: { search_path: 'consent,public' } });
  try {
    await sql.begin((tx) => writeRules(tx, buildCatalog(parse(readSupergraph()))));
  } finally {
    await sql.end();
  }
}
