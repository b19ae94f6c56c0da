import { closeSync, fchmodSync, openSync, writeSync } from 'node:fs';
import { StartupProblem } from '../startup-problem.ts';
import type { Fault } from './field.ts';

/** What the report tells of a row. */
export type Outcome = 'refused' | 'left empty' | 'possible duplicate';

/** A line of the report. */
export interface ReportLine extends Fault {
  readonly outcome: Outcome;
  readonly target: string;
  readonly file: string;
  readonly line: number;
}

const HEADER = 'outcome,target,file,line,column,class,reason';
const FIRST_SHOWN = 10;

/** Lines about single rows, in a CSV file that only its owner reads. No line repeats a value from the files, except unknown codes. */
export class Report {
  readonly file: string;
  /** How many lines of each outcome were written. */
  readonly counts: Record<Outcome, number> = { refused: 0, 'left empty': 0, 'possible duplicate': 0 };
  /** The first refused rows, for showing at once. */
  readonly first: ReportLine[] = [];
  readonly #handle: number;
  #waiting = '';

  constructor(file: string) {
    this.file = file;
    try {
      this.#handle = openSync(file, 'w', 0o600);
      // An earlier report may have been opened to others since.
      fchmodSync(this.#handle, 0o600);
    } catch (cause) {
      throw new StartupProblem(
        `The report cannot be written to ${file} (${(cause as NodeJS.ErrnoException).code}).`,
        'Name another file with --report, in a folder that is there and may be written to.',
        { cause },
      );
    }
    this.#waiting = `${HEADER}\n`;
  }

  add(line: ReportLine): void {
    this.counts[line.outcome]++;
    if (line.outcome === 'refused' && this.first.length < FIRST_SHOWN) this.first.push(line);
    this.#waiting += `${[line.outcome, line.target, line.file, String(line.line), line.column, line.class, line.reason].map(cell).join(',')}\n`;
    if (this.#waiting.length > 1 << 16) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#handle);
  }

  #flush(): void {
    writeSync(this.#handle, this.#waiting);
    this.#waiting = '';
  }
}

// Column names and codes come from the files: a spreadsheet must not take them for formulas.
const cell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
