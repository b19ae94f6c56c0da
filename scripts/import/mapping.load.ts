import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { StartupProblem } from '../startup-problem.ts';
import { mappingFaults } from './mapping.check.ts';
import type { Entry, Mapping } from './mapping.ts';
import { meant } from './nearest.ts';

const SHIPPED = path.join(import.meta.dirname, 'mappings');

/** Names of the mappings that come with Commonweal. */
export const shippedMappings = (): string[] =>
  readdirSync(SHIPPED)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();

/** Reads a mapping: one of ours by its name, or a file. Throws `StartupProblem` that says what is wrong and where. */
export function loadMapping(nameOrFile: string, folder = process.cwd()): Mapping {
  const names = shippedMappings();
  const ownName = nameOrFile.replace(/\.json$/, '');
  const given = path.resolve(folder, nameOrFile);
  const file =
    existsSync(given) && nameOrFile.endsWith('.json') ? given : names.includes(ownName) ? path.join(SHIPPED, `${ownName}.json`) : null;
  if (file === null)
    throw new StartupProblem(
      `There is no mapping "${nameOrFile}".${meant(ownName, names)}`,
      `Name a JSON file, or one of: ${names.join(', ')}.`,
    );
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new StartupProblem(`The mapping ${file} is not JSON: ${(cause as Error).message}.`, 'Mend the file at the place it names.', {
      cause,
    });
  }
  const faults = mappingFaults(json);
  if (faults.length > 0)
    throw new StartupProblem(
      `The mapping ${file} cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
      'Mend these places.',
    );
  return json as Mapping;
}

/** A file that is read for an entry. `number` tells the files apart in reports. */
export interface Reading {
  readonly entry: Entry;
  readonly file: string;
  readonly number: number;
}

/** Which file is read for which entry: look-ups first, then in the order in which targets are filled. Throws `StartupProblem`. */
export function assignFiles(mapping: Mapping, files: readonly string[]): Reading[] {
  const readings: Reading[] = [];
  for (const [number, file] of files.entries()) {
    if (!existsSync(file)) throw new StartupProblem(`There is no file ${file}.`, 'Mend its name.');
    const takers = mapping.entries.filter((entry) => patternOf(entry.file).test(path.basename(file)));
    if (takers.length === 0) {
      const patterns = [...new Set(mapping.entries.map((entry) => entry.file))];
      throw new StartupProblem(
        `The mapping ${mapping.name} has no entry that takes ${path.basename(file)}.${meant(path.basename(file), patterns)}`,
        `It takes: ${patterns.join(', ')}. Leave the file out, rename it, or add an entry.`,
      );
    }
    for (const entry of takers) readings.push({ entry, file, number });
  }
  const missing = readings
    .flatMap(({ entry }) => Object.keys(entry.join ?? {}))
    .find((name) => !readings.some(({ entry }) => entry.lookup === name));
  if (missing !== undefined) {
    const { file } = mapping.entries.find((entry) => entry.lookup === missing)!;
    throw new StartupProblem(`The file ${file} is missing: other files refer to its rows.`, 'Give it too.');
  }
  const rank = ({ entry }: Reading) => (entry.lookup ? -1 : mapping.entries.indexOf(entry));
  return readings.sort((a, b) => rank(a) - rank(b) || a.number - b.number);
}

const patternOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    'i',
  );
