import path from 'node:path';
import type { RegistryUrls } from '@commonweal/kit/db/bootstrap.ts';
import { hopKey } from '@commonweal/schema/access/hop.ts';
import type { SubgraphName } from '@commonweal/schema/subgraphs.ts';
import { StartupProblem } from '../startup-problem.ts';
import { tellDuplicates } from './duplicates.ts';
import { assignFiles } from './mapping.load.ts';
import type { Mapping } from './mapping.ts';
import { writeNumbers } from './numbers.write.ts';
import { resolvePersons } from './persons.resolve.ts';
import {
  lookAgain,
  missingFromFiles,
  noteTouched,
  type Provenance,
  recountHouseholds,
  settlePersons,
  writePersons,
} from './persons.write.ts';
import { writePlaces } from './places.write.ts';
import { resolveEnrollments, resolvePrograms } from './programs.resolve.ts';
import { workOutKnown, writeEnrollments, writePrograms, writeSubjects } from './programs.write.ts';
import { ImportProgress } from './progress.ts';
import { readFiles } from './reading.ts';
import { tellRefused } from './refusing.ts';
import { Report } from './report.ts';
import { Session } from './session.ts';
import { carryConsentSubjects, carryKnown, carrySubjects } from './spread.ts';
import { STAGES } from './staging.ts';
import { refuseFuture, refuseOlder } from './taken-on.ts';
import { noTallies, type Tallies } from './tally.ts';

/** What an import needs to know. */
export interface ImportOptions {
  readonly mapping: Mapping;
  readonly files: readonly string[];
  readonly urls: Readonly<Record<SubgraphName, RegistryUrls>>;
  /** The deployment's secret. */
  readonly secret: Buffer;
  /** Day on which the export was taken, YYYY-MM-DD. */
  readonly takenOn: string;
  readonly reportFile: string;
  readonly dryRun: boolean;
  readonly progress?: ImportProgress;
}

/** What an import did, or would do. */
export interface ImportResult {
  readonly tallies: Tallies;
  readonly report: Report;
  /** Sentences about the import as a whole. */
  readonly notes: readonly string[];
}

const LOCK = 730_112;

/**
 * Imports files. Rows are read and checked first; then each registry is written in one transaction of its own: persons, programs, what
 * programs know of persons, consent. A run that dies between them is completed by running it again. Throws `StartupProblem`.
 */
export async function runImport(options: ImportOptions): Promise<ImportResult> {
  const { mapping, files, urls, secret, dryRun } = options;
  refuseFuture(options.takenOn);
  const readings = assignFiles(mapping, files);
  const progress = options.progress ?? new ImportProgress();
  const tallies = noTallies();
  const from: Provenance = { source: mapping.source, takenOn: options.takenOn };
  const persons = new Session('persons', urls.persons.migratorUrl);
  const programs = new Session('programs', urls.programs.migratorUrl);
  const consent = new Session('consent', urls.consent.migratorUrl);
  const report = new Report(options.reportFile);
  const done = (session: Session) => (dryRun ? Promise.resolve() : session.commit());
  try {
    const [lock] = await persons.run<{ free: boolean }>(`select pg_try_advisory_lock(${LOCK}) as free`);
    if (lock?.free !== true) throw new StartupProblem('Another import is running on this database.', 'Wait until it ends.');
    const hashKey = hopKey(secret, 'identifier-hash');
    await readFiles(mapping, readings, {
      sessions: { persons, programs },
      report,
      tallies,
      progress,
      hashKey,
      today: new Date().toISOString().slice(0, 10),
    });

    await refuseOlder({ persons, programs }, from.takenOn);

    progress.say('writing persons');
    await persons.begin();
    await resolvePersons(persons, mapping, tallies);
    await noteTouched(persons);
    await writePersons(persons, mapping, from, tallies);
    await lookAgain(persons, 'household', 'person');
    await writePlaces(persons, mapping, from.takenOn, tallies.memberships);
    await writeNumbers(persons, hashKey, tallies.identifiers);
    await lookAgain(persons, 'membership', 'roster', 'identifier', 'identifier_key');
    await settlePersons(persons);
    await recountHouseholds(persons);
    await done(persons);

    progress.say('writing programs');
    await programs.begin();
    await carrySubjects(persons, programs);
    await writeSubjects(programs);
    await lookAgain(programs, 'subject');
    await resolvePrograms(programs);
    await writePrograms(programs, mapping, from, tallies);
    await resolveEnrollments(programs);
    await writeEnrollments(programs, mapping, from, tallies);
    await lookAgain(programs, 'enrollment');
    await workOutKnown(programs);
    await done(programs);

    progress.say('telling the registries of each other');
    await persons.begin();
    await carryKnown(programs, persons);
    await recountHouseholds(persons);
    await done(persons);
    await consent.begin();
    await carryConsentSubjects(persons, consent);
    await done(consent);

    progress.say('writing the report');
    for (const stage of Object.values(STAGES))
      await tellRefused(stage.registry === 'persons' ? persons : programs, stage, files, report, tallies);
    await tellDuplicates(persons, files, report);
    const notes = await missingFromFiles(persons, from, mapping);
    return { tallies, report, notes };
  } finally {
    progress.end();
    report.close();
    for (const session of [consent, programs, persons]) {
      await session.rollback().catch(() => {});
      await session.close();
    }
  }
}

/** Where the report of a mapping goes unless told: beside whoever asked. */
export const reportFileOf = (mapping: Mapping, folder: string): string => path.join(folder, `${mapping.name}.report.csv`);
