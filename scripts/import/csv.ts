import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { parse } from 'csv-parse';
import { StartupProblem } from '../startup-problem.ts';

/** A row of a file: the line on which it ends, counted from 1, and its cells. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** How a file is read. */
export interface CsvOptions {
  readonly delimiter: string;
  /** Hears of a row that cannot be read, and why. */
  readonly onBadRow: (line: number, reason: string) => void;
  /** Hears how many bytes were read. */
  readonly onBytes?: (bytes: number) => void;
}

const LONGEST_ROW = 64 * 1024;
const BATCH = 2000;
const MOST_RESTARTS = 100;
const LF = 10;
const CR = 13;

/** The header of a file: the names of its columns. Throws `StartupProblem`. */
export async function readHeader(file: string, delimiter: string): Promise<string[]> {
  const handle = await open(file).catch((cause: NodeJS.ErrnoException) => {
    throw new StartupProblem(`The file ${file} cannot be read (${cause.code}).`, 'Give this user the right to read it.', { cause });
  });
  const start = Buffer.alloc(4);
  await handle.read(start, 0, 4, 0);
  await handle.close();
  if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)) throw notUtf8(file, 'it is UTF-16', 'UTF-16');
  for await (const [first] of readRows(file, { delimiter, onBadRow: () => {} }, true)) {
    if (!first) break;
    const names = first.cells.map((name) => name.trim());
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined)
      throw new StartupProblem(`The header of ${path.basename(file)} names the column "${twice}" twice.`, 'Rename one of them.');
    return names;
  }
  throw new StartupProblem(`The file ${path.basename(file)} is empty.`, 'Export it again, with a header, or leave it out.');
}

/** A place in a file: how many bytes and lines lie before it. */
interface Place {
  readonly bytes: number;
  readonly lines: number;
}

/** Rows of a file in batches, without holding more of it. A row that cannot be read is told of, and reading goes on behind it. Throws `StartupProblem` when the file is not UTF-8. */
export async function* readRows(file: string, options: CsvOptions, headerOnly = false): AsyncGenerator<CsvRow[]> {
  let from: Place = { bytes: 0, lines: 0 };
  for (let restarts = 0; ; restarts++) {
    const broken: { behind: Place | null } = { behind: null };
    yield* readFrom(file, options, from, broken, headerOnly);
    if (broken.behind === null) return;
    from = await nextLine(file, broken.behind);
    if (restarts === MOST_RESTARTS)
      throw new StartupProblem(
        `In ${path.basename(file)} more than ${MOST_RESTARTS} rows have quotation marks that do not close, the last one in line ${from.lines}.`,
        'Export it again with quotation marks doubled inside of cells, and look whether the delimiter is right.',
      );
    options.onBadRow(from.lines, 'a quotation mark stands inside a cell, or does not close');
  }
}

/**
 * Where the line after this one begins; empty lines are passed over. Any line end will do, so that at worst a piece of the broken row is told of as a row of its own:
 * nothing is left out unsaid.
 */
async function nextLine(file: string, { bytes, lines }: Place): Promise<Place> {
  const place = { bytes, lines };
  let isInLine = false;
  let last = 0;
  for await (const chunk of createReadStream(file, { start: bytes })) {
    for (const byte of chunk as Buffer) {
      const isPair = last === CR && byte === LF;
      if (last === LF || (last === CR && !isPair)) {
        place.lines++;
        if (isInLine) return place;
      }
      if (byte !== CR && byte !== LF) isInLine = true;
      last = byte;
      place.bytes++;
    }
  }
  return { ...place, lines: place.lines + 1 };
}

// After a quotation mark in a wrong place the parser takes all that follows for one cell; so it is started anew on the line behind.
async function* readFrom(
  file: string,
  options: CsvOptions,
  from: Place,
  broken: { behind: Place | null },
  headerOnly: boolean,
): AsyncGenerator<CsvRow[]> {
  const input = createReadStream(file, { highWaterMark: 1 << 18, start: from.bytes });
  const checked = input.pipe(new Utf8(file, from.lines, options.onBytes));
  let isHeader = from.bytes === 0;
  let endOfLast = from;
  // The parser counts the two signs of a line end inside a cell as two lines.
  let countedTwice = 0;
  const parser = parse({
    delimiter: options.delimiter,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: LONGEST_ROW,
    on_record: (record: unknown, info: { lines: number; bytes: number }) => {
      if (broken.behind !== null) return null;
      const cells = record as string[];
      for (const cell of cells) countedTwice += linesEndedByTwo(cell);
      endOfLast = { bytes: from.bytes + info.bytes, lines: from.lines + info.lines - countedTwice };
      // The parser's types know no other result than the record itself.
      return { record: cells, line: endOfLast.lines } as never;
    },
    on_skip: () => {
      if (broken.behind !== null) return undefined;
      broken.behind = endOfLast;
      // Nothing behind is of use to this parser.
      checked.unpipe(parser);
      input.destroy();
      parser.end();
      return undefined;
    },
  });
  checked.on('error', (error) => parser.destroy(error));
  input.on('error', (error) => parser.destroy(error));
  checked.pipe(parser);
  let batch: CsvRow[] = [];
  try {
    for await (const { record, line } of parser as AsyncIterable<{ record: string[]; line: number }>) {
      if (isHeader) {
        isHeader = false;
        if (!headerOnly) continue;
        yield [{ line, cells: record }];
        return;
      }
      batch.push({ line, cells: record });
      if (batch.length === BATCH) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  } finally {
    input.destroy();
    parser.destroy();
  }
}

const linesEndedByTwo = (cell: string): number => {
  let n = 0;
  for (let at = cell.indexOf('\r\n'); at >= 0; at = cell.indexOf('\r\n', at + 2)) n++;
  return n;
};

const notUtf8 = (file: string, what: string, encoding = 'WINDOWS-1252') =>
  new StartupProblem(
    `The file ${path.basename(file)} is not UTF-8: ${what}.`,
    `Convert it, for example: iconv -f ${encoding} -t UTF-8 ${path.basename(file)} > utf8.csv`,
  );

/** Lets bytes pass that are UTF-8. */
class Utf8 extends Transform {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #file: string;
  readonly #onBytes: ((bytes: number) => void) | undefined;
  #line: number;

  constructor(file: string, linesBefore: number, onBytes?: (bytes: number) => void) {
    super();
    this.#file = file;
    this.#line = linesBefore + 1;
    this.#onBytes = onBytes;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#onBytes?.(chunk.length);
    if (this.#decode(chunk)) done(null, chunk);
    else done(notUtf8(this.#file, `line ${this.#line} holds other bytes`));
  }

  override _flush(done: TransformCallback): void {
    done(this.#decode(null) ? null : notUtf8(this.#file, 'its last bytes are cut off'));
  }

  #decode(chunk: Buffer | null): boolean {
    try {
      const text = chunk ? this.#decoder.decode(chunk, { stream: true }) : this.#decoder.decode();
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#line++;
      return true;
    } catch {
      // Which line of the chunk it is: the first part that decodes to the replacement character.
      if (chunk) this.#line += chunk.toString('utf8').split('\ufffd', 1)[0]!.split('\n').length - 1;
      return false;
    }
  }
}
