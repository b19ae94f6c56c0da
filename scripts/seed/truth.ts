import { closeSync, openSync, writeSync } from 'node:fs';
import type { DuplicateTruth } from './country/types.ts';

/** A file of duplicates being written. */
export interface TruthFile {
  add(truths: readonly DuplicateTruth[]): void;
  close(): void;
}

const CHUNK = 1 << 16;

/**
 * Opens the truth table: which registrations repeat which, and with what errors. It is for measuring what a search for duplicates finds, and
 * stays out of the database so that no search can look it up. `undefined` writes nothing.
 */
export function openTruth(path: string | undefined): TruthFile {
  if (path === undefined) return { add() {}, close() {} };
  const file = openSync(path, 'w', 0o600);
  let text = 'person_id,duplicate_of,errors\n';
  const flush = () => {
    writeSync(file, text);
    text = '';
  };
  return {
    add(truths) {
      for (const { personId, duplicateOfPersonId, errors } of truths) text += `${personId},${duplicateOfPersonId},${errors.join(' ')}\n`;
      if (text.length > CHUNK) flush();
    },
    close() {
      flush();
      closeSync(file);
    },
  };
}
