/** Tells how far an import is: a line that is rewritten on a terminal, else one every five seconds. */
export class ImportProgress {
  readonly #stream: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly #began = performance.now();
  #lastShown = 0;
  #what = '';
  #bytes = 0;
  #expected = 0;
  #rows = 0;

  constructor(stream: { write(text: string): unknown; readonly isTTY?: boolean } = process.stderr) {
    this.#stream = stream;
    if (stream.isTTY !== true) this.#lastShown = performance.now();
  }

  /** So many bytes will be read. */
  expect(bytes: number): void {
    this.#expected = bytes;
  }

  read(bytes: number): void {
    this.#bytes += bytes;
  }

  rows(count: number): void {
    this.#rows += count;
    this.#show();
  }

  /** What is being done now. */
  say(what: string): void {
    this.#what = what;
    this.#show();
  }

  /** Leaves the line to what comes next. */
  end(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\x1b[K');
  }

  #show(): void {
    const now = performance.now();
    if (now - this.#lastShown < (this.#stream.isTTY ? 200 : 5000)) return;
    this.#lastShown = now;
    const seconds = (now - this.#began) / 1000;
    const share = this.#expected > 0 ? Math.min(1, this.#bytes / this.#expected) : 0;
    const remaining = share > 0.01 && share < 1 ? `, ${Math.ceil((seconds / share) * (1 - share))} s of reading remain` : '';
    const text = `${this.#what}: ${this.#rows.toLocaleString('en')} rows, ${Math.round(this.#rows / Math.max(seconds, 0.1)).toLocaleString('en')} rows/s, ${Math.floor(share * 100)} % read${remaining}`;
    this.#stream.write(this.#stream.isTTY ? `\r\x1b[K${text.slice(0, 118)}` : `${text}\n`);
  }
}
