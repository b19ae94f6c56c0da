import { setImmediate } from 'node:timers/promises';
import { generateHouseholds } from './country/lives.ts';
import type { PopulationOptions } from './country/population.ts';
import type { GeneratedHousehold } from './country/types.ts';
import { noRows, type RowsByTable } from './load/rows.ts';
import { type TableKey, tableKeys } from './load/tables.ts';
import { type AgreementVersion, consentWriter } from './rows/consent.ts';
import { identifierHasher } from './rows/identifier-hash.ts';
import { know } from './rows/known.ts';
import { paymentsWriter } from './rows/payments.ts';
import { personsWriter } from './rows/persons.ts';
import { programsWriter } from './rows/programs.ts';

/** What rows depend on besides the country. */
export interface RowOptions extends PopulationOptions {
  /** Key of the persons registry's identifier hash. */
  readonly hashKey: Buffer;
  readonly agreements: readonly AgreementVersion[];
}

/** Takes rows of a table. A promise makes the generator wait. */
export type Take = (key: TableKey, bytes: Buffer, rows: number) => Promise<void> | undefined;

/** Bytes of rows that are collected before they are sent: large enough that sending costs little, small enough to stay in the cache. */
const CHUNK = 1 << 16;
/** Households after which sockets get their turn, and the caller hears how far it is. */
const TURN = 64;

/** Makes the country's rows one household after the other and hands them on in chunks, each table's in order. Memory stays flat. */
export async function streamRows(
  options: RowOptions,
  take: Take,
  each: (household: GeneratedHousehold) => void,
  turn: (households: number) => void,
): Promise<void> {
  const { seed, asOf } = options;
  const out = noRows();
  const programs = programsWriter(seed);
  const writers = [
    personsWriter(identifierHasher(options.hashKey), asOf),
    programs.write,
    paymentsWriter(seed, asOf),
    consentWriter(seed, options.agreements),
  ];
  let households = 0;
  for (const household of generateHouseholds(options)) {
    const known = know(household);
    for (const write of writers) write(out, known);
    each(household);
    for (const key of tableKeys) if (out[key].length > CHUNK) await send(out, key, take);
    if (++households % TURN !== 0) continue;
    turn(households);
    await setImmediate();
  }
  programs.writeCounts(out);
  for (const key of tableKeys) if (out[key].count > 0) await send(out, key, take);
  turn(households);
}

function send(out: RowsByTable, key: TableKey, take: Take): Promise<void> | undefined {
  const { count } = out[key];
  return take(key, out[key].take(), count);
}
