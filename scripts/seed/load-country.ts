import { hopKey, SUBGRAPHS } from '@commonweal/schema';
import type { CountryReference } from './country/reference.ts';
import { type Examples, searchExamples } from './examples.ts';
import { type CopyStream, openCopy } from './load/copy.ts';
import { type TableKey, tableKeys, tables } from './load/tables.ts';
import type { MigratorUrls } from './load/unfinished.ts';
import type { AgreementVersion } from './rows/consent.ts';
import type { SeedOptions } from './seed.ts';
import { streamRows } from './stream.ts';
import { openTruth } from './truth.ts';

/** What was loaded. */
export interface Loaded {
  readonly rows: Readonly<Record<TableKey, number>>;
  readonly total: { readonly persons: number; readonly rows: number; readonly bytes: number };
  readonly seconds: number;
  readonly examples: Examples;
}

/** Streams all rows of a country, each table through a connection of its own, so that PostgreSQL works beside the generator. */
export async function loadCountry(
  options: SeedOptions & { readonly asOf: string },
  reference: CountryReference,
  agreements: readonly AgreementVersion[],
  isFresh: boolean,
): Promise<Loaded> {
  const began = performance.now();
  const rows = Object.fromEntries(tableKeys.map((key) => [key, 0])) as Record<TableKey, number>;
  const total = { persons: 0, rows: 0, bytes: 0 };
  const truth = openTruth(options.truthFile);
  const search = searchExamples(reference.providers, options.asOf);
  try {
    await throughStreams(options.urls, isFresh, (streams) =>
      streamRows(
        { ...options, hashKey: hopKey(options.secret, 'identifier-hash'), agreements },
        (key, bytes, count) => {
          const stream = streams[key];
          total.bytes += stream.write(bytes);
          rows[key] += count;
          total.rows += count;
          return stream.isFull ? stream.drained() : undefined;
        },
        (household) => {
          total.persons += household.persons.length;
          truth.add(household.duplicates);
          search.look(household);
        },
        (done) => options.onProgress?.({ ...total, phase: 'rows', done, of: options.households }),
      ),
    );
  } finally {
    truth.close();
  }
  return { rows, total, seconds: (performance.now() - began) / 1000, examples: search.found() };
}

/** Opens a COPY into each table, lets `fill` write to them, and ends them all; when anything fails, nothing of what is not ended stays. */
export async function throughStreams(
  urls: MigratorUrls,
  isFresh: boolean,
  fill: (streams: Readonly<Record<TableKey, CopyStream>>) => Promise<void>,
): Promise<void> {
  const open = new Map<TableKey, CopyStream>();
  try {
    const opened = await Promise.allSettled(
      tableKeys.map(async (key) => open.set(key, await openCopy(urls[tables[key].registry].migratorUrl, tables[key], isFresh))),
    );
    for (const one of opened) if (one.status === 'rejected') throw one.reason;
    await fill(Object.fromEntries(open) as Record<TableKey, CopyStream>);
    // Parents end first: a foreign key that is still there is checked when its own table ends, and must find what it refers to.
    const ended = await Promise.allSettled(SUBGRAPHS.map((name) => finishOf(open, (key) => tables[key].registry === name)));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  } finally {
    for (const stream of open.values()) await stream.abort();
  }
}

async function finishOf(open: Map<TableKey, CopyStream>, belongs: (key: TableKey) => boolean): Promise<void> {
  for (const key of tableKeys.filter(belongs)) {
    const stream = open.get(key);
    open.delete(key);
    await stream?.finish();
  }
}
