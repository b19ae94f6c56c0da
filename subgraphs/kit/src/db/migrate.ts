import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SubgraphName } from '@commonweal/schema';
import postgres from 'postgres';
import { roles } from './bootstrap.ts';

/** A migration that was changed after it had run: history is append-only. */
export class MigrationChanged extends Error {}

const kitFolder = join(import.meta.dirname, '../../migrations');

/**
 * Brings a registry's schema up to date, as its migrator: numbered SQL files of the kit and of the registry, each in one transaction,
 * one statement a step. Returns the names of those that ran now. Throws MigrationChanged when a file that ran before has another text.
 */
export async function migrate(
  name: SubgraphName,
  migratorUrl: string,
  folder = join(kitFolder, '../..', name, 'migrations'),
): Promise<string[]> {
  const files = [kitFolder, folder].flatMap((f) =>
    readdirSync(f)
      .filter((x) => /^\d{4}_.*\.sql$/.test(x))
      .sort()
      .map((x) => join(f, x)),
  );
  const sql = postgres(migratorUrl, { max: 1, onnotice: () => {}, connection: { search_path: `${name},public` } });
  const done: string[] = [];
  try {
    const lock = (tx: postgres.TransactionSql) => tx`select pg_advisory_xact_lock(hashtext(${name}))`;
    await sql.begin(async (tx) => {
      await lock(tx);
      await tx.unsafe(
        'create table if not exists migration (name text primary key, sha256 text not null, ran_at timestamptz not null default now())',
      );
    });
    const before = new Map((await sql`select name, sha256 from migration`).map((r) => [String(r.name), String(r.sha256)]));
    for (const file of files) {
      const label = file.split('/').at(-1)!;
      const text = readFileSync(file, 'utf8');
      const sha256 = createHash('sha256').update(text).digest('hex');
      if (before.has(label)) {
        if (before.get(label) !== sha256)
          throw new MigrationChanged(`${name}: ${label} has run here with another text. Write a new migration instead of changing it.`);
        continue;
      }
      await sql.begin(async (tx) => {
        await lock(tx);
        if ((await tx`select 1 from migration where name = ${label}`).length > 0) return;
        for (const statement of statements(text, name)) await tx.unsafe(statement);
        await tx`insert into migration (name, sha256) values (${label}, ${sha256})`;
      });
      done.push(label);
    }
  } finally {
    await sql.end();
  }
  return done;
}

/** The statements of a file, with the role names of the registry put in for `:migrator`, `:app` and `:readers`. */
function statements(text: string, name: SubgraphName): string[] {
  const { migrator, app, readers } = roles(name);
  const filled = text.replace(/:(migrator|app|readers)\b/g, (_, r: string) => ({ migrator, app, readers })[r]!);
  return filled
    .split(/;\s*$/m)
    .map((s) => s.replace(/^\s*--.*$/gm, '').trim())
    .filter((s) => s !== '');
}
