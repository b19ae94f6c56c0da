import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { hopKey, SUBGRAPHS } from '@commonweal/schema';
import type { PopulationOptions } from '../../scripts/seed/country/population.ts';
import { countryReference } from '../../scripts/seed/country/reference.ts';
import { analyzeTables } from '../../scripts/seed/load/analyze.ts';
import { makeAgain } from '../../scripts/seed/load/make-again.ts';
import { type TableKey, tableKeys, tables } from '../../scripts/seed/load/tables.ts';
import { beginLoad, connect, endLoad, type MigratorUrls } from '../../scripts/seed/load/unfinished.ts';
import { throughStreams } from '../../scripts/seed/load-country.ts';
import { type Connections, writeReference } from '../../scripts/seed/rows/reference.ts';
import { streamRows } from '../../scripts/seed/stream.ts';

/** A country, written into files. */
export interface Prepared {
  readonly files: Readonly<Record<TableKey, string>>;
  readonly rows: number;
  readonly bytes: number;
  readonly persons: number;
}

type Country = PopulationOptions & { readonly secret: Buffer };

const CHUNK = 1 << 16;

/** Writes the rows that a seed would send into files of a folder, a file for each table. */
export async function prepare(urls: MigratorUrls, country: Country, folder: string): Promise<Prepared> {
  const agreements = await withConnections(urls, (on) => writeReference(on, countryReference(country)));
  const files = Object.fromEntries(tableKeys.map((key) => [key, path.join(folder, `${key}.copy`)])) as Record<TableKey, string>;
  const open = new Map(tableKeys.map((key) => [key, openSync(files[key], 'w')]));
  const total = { rows: 0, bytes: 0, persons: 0 };
  await streamRows(
    { ...country, hashKey: hopKey(country.secret, 'identifier-hash'), agreements },
    (key, bytes, rows) => {
      writeSync(open.get(key) as number, bytes);
      total.bytes += bytes.length;
      total.rows += rows;
      return undefined;
    },
    ({ persons }) => {
      total.persons += persons.length;
    },
    () => {},
  );
  for (const file of open.values()) closeSync(file);
  return { files, ...total };
}

/** Loads the files as the seed loads what it makes: the same streams, and the same indexes dropped and made again. */
export async function bareLoad(urls: MigratorUrls, country: Country, { files }: Prepared, streamed: () => void): Promise<void> {
  await withConnections(urls, async (on) => {
    for (const name of SUBGRAPHS) {
      await beginLoad(
        on[name],
        name,
        tableKeys.map((key) => tables[key]).filter(({ registry }) => registry === name),
      );
    }
    await writeReference(on, countryReference(country));
    await throughStreams(urls, true, async (streams) => {
      const pump = async (key: TableKey) => {
        const file = openSync(files[key], 'r');
        for (;;) {
          const chunk = Buffer.allocUnsafe(CHUNK);
          const length = readSync(file, chunk);
          if (length === 0) break;
          streams[key].write(chunk.subarray(0, length));
          if (streams[key].isFull) await streams[key].drained();
        }
        closeSync(file);
      };
      await Promise.all(tableKeys.map(pump));
    });
    streamed();
    await makeAgain(urls, () => {});
    await analyzeTables(on, true, () => {});
    for (const name of SUBGRAPHS) await endLoad(on[name], name);
  });
}

async function withConnections<T>(urls: MigratorUrls, work: (on: Connections) => Promise<T>): Promise<T> {
  const on = Object.fromEntries(SUBGRAPHS.map((name) => [name, connect(urls, name)])) as unknown as Connections;
  try {
    return await work(on);
  } finally {
    for (const name of SUBGRAPHS) await on[name].end({ timeout: 5 });
  }
}
