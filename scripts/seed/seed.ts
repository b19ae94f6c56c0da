import type { RegistryUrls } from '@commonweal/kit';
import { SUBGRAPHS, type SubgraphName } from '@commonweal/schema';
import { countryReference } from './country/reference.ts';
import type { ExamplePerson } from './examples.ts';
import { analyzeTables } from './load/analyze.ts';
import { makeAgain } from './load/make-again.ts';
import { type TableKey, tableKeys, tables } from './load/tables.ts';
import { beginLoad, connect, emptyRegistry, endLoad, isUnfinished, mendUnfinished } from './load/unfinished.ts';
import { loadCountry } from './load-country.ts';
import { type Connections, writeReference } from './rows/reference.ts';

/** What to make, and where. */
export interface SeedOptions {
  readonly urls: Readonly<Record<SubgraphName, RegistryUrls>>;
  /** The deployment's secret: numbers are found through a hash that is keyed with it. */
  readonly secret: Buffer;
  readonly households: number;
  /** Any integer: the same one makes the same country. */
  readonly seed: number;
  /** The day on which the country is looked at, ISO. Yesterday when left out, so that nothing lies ahead of the clock. */
  readonly asOf?: string;
  /** Where the truth table of duplicates is written; nowhere when left out. */
  readonly truthFile?: string;
  /** Whether indexes and keys are dropped for the time of the load. Only small countries keep them when left out. */
  readonly dropIndexes?: boolean;
  /** Empties the registries first. Irrevocable. */
  readonly reset?: boolean;
  readonly onProgress?: (progress: SeedProgress) => void;
}

/** How far a seed is. */
export interface SeedProgress {
  readonly phase: 'rows' | 'indexes' | 'statistics';
  /** Of the phase: households, or indexes and keys, or tables. */
  readonly done: number;
  readonly of: number;
  readonly persons: number;
  readonly rows: number;
  readonly bytes: number;
}

/** What a seed has made. */
export interface Seeded {
  readonly households: number;
  readonly persons: number;
  readonly rows: Readonly<Record<TableKey, number>>;
  readonly bytes: number;
  /** Seconds for making and sending rows, and for all of it. */
  readonly rowSeconds: number;
  readonly seconds: number;
  readonly asOf: string;
  /** The person that the demo speaks of: an id of the persons registry, empty when the country is too small to have one. */
  readonly demoBeneficiary: string;
  readonly examples: { readonly beneficiary: string; readonly clinic: ExamplePerson | null } & Partial<Omit<ExamplePerson, 'person'>>;
  readonly truthFile: string | undefined;
}

/** The registries hold persons already; the message says what to do. */
export class AlreadySeeded extends Error {}

/** Below this, keeping indexes and keys costs less than making them again. */
const SMALL = 500;

/** Whether a country was made here and is whole. `migratorUrl` is the persons registry's. */
export async function isSeeded(migratorUrl: string): Promise<boolean> {
  const sql = connect({ persons: { migratorUrl } } as Parameters<typeof connect>[0], 'persons');
  try {
    return !(await isUnfinished(sql, 'persons')) && (await sql`select 1 from person limit 1`).length > 0;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/**
 * Makes the demonstration country and streams it into the four registries, as the migrator of each. Registries must be migrated. A load that died
 * before is cleared away first. Throws `AlreadySeeded` when there are persons and `reset` is not given.
 */
export async function seed(options: SeedOptions): Promise<Seeded> {
  const began = performance.now();
  const asOf = options.asOf ?? yesterday();
  const { urls, households } = options;
  const drops = options.dropIndexes ?? households >= SMALL;
  const on = Object.fromEntries(SUBGRAPHS.map((name) => [name, connect(urls, name)])) as unknown as Connections;
  try {
    await claim(on, options);
    const reference = countryReference({ seed: options.seed, asOf });
    for (const name of SUBGRAPHS) await beginLoad(on[name], name, drops ? tablesOf(name) : []);
    // Only now: a reset that is broken off must be known as unfinished.
    if (options.reset === true) for (const name of SUBGRAPHS) await emptyRegistry(on[name], name);
    const agreements = await writeReference(on, reference);
    const loaded = await loadCountry({ ...options, asOf }, reference, agreements, drops);
    const report = (phase: SeedProgress['phase']) => (done: number, of: number) =>
      options.onProgress?.({ ...loaded.total, phase, done, of });
    await makeAgain(urls, report('indexes'));
    await analyzeTables(on, drops, report('statistics'));
    // The persons registry last: whoever asks there whether all is done hears yes only then.
    for (const name of SUBGRAPHS.toReversed()) await endLoad(on[name], name);
    const { beneficiary, clinic } = loaded.examples;
    const { person, ...rest } = beneficiary ?? { person: '' };
    return {
      households,
      persons: loaded.rows.person,
      rows: loaded.rows,
      bytes: loaded.total.bytes,
      rowSeconds: loaded.seconds,
      seconds: (performance.now() - began) / 1000,
      asOf,
      demoBeneficiary: person,
      examples: { beneficiary: person, ...rest, clinic },
      truthFile: options.truthFile,
    };
  } finally {
    for (const name of SUBGRAPHS) await on[name].end({ timeout: 5 });
  }
}

const tablesOf = (name: SubgraphName) => tableKeys.map((key) => tables[key]).filter(({ registry }) => registry === name);
const yesterday = () => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

/** Makes sure that nobody else seeds, that no half a country lies about, and that nobody lives here yet. */
async function claim(on: Connections, { urls, reset }: SeedOptions): Promise<void> {
  const [lock] = await on.persons<{ taken: boolean }[]>`select pg_try_advisory_lock(730117) as taken`;
  if (lock?.taken !== true) throw new AlreadySeeded('Another seed is running on this database. Wait until it has ended.');
  await mendUnfinished(urls);
  if (reset === true) return;
  const occupied = [
    ...(await on.persons`select 'persons' as what from person limit 1`),
    ...(await on.programs`select 'enrollments' as what from enrollment limit 1`),
    ...(await on.payments`select 'payments' as what from payment limit 1`),
    ...(await on.consent`select 'consents' as what from consent_record limit 1`),
  ];
  if (occupied.length > 0)
    throw new AlreadySeeded(
      `There are ${occupied.map(({ what }) => what).join(', ')} in the registries already. To replace all of them by a new country: npm run seed -- --reset --yes`,
    );
  const programs = await on.programs`select 1 from program limit 1`;
  if (programs.length > 0)
    throw new AlreadySeeded('There are programs already. To replace them by those of a new country: npm run seed -- --reset --yes');
}
