/** Tells a person what is being done, and how long it took. */
export interface Progress {
  /** Does one piece of work; prints a line with its time when it is done. `tell` shows how far it is. */
  step<T>(label: string, work: (tell: (how: string) => void) => Promise<T>): Promise<T>;
  /** Prints a text as it stands. */
  say(text: string): void;
}

/** Where progress is written. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const CLEAR_LINE = '\r\x1b[K';
const BETWEEN_MS = 100;

/** Progress on a terminal, where the line under work is rewritten in place, or in a file, where there is one line a step. */
export function createProgress(stream: ProgressStream = process.stdout): Progress {
  const isTerminal = stream.isTTY === true;
  const width = () => Math.max(20, (stream.columns ?? 80) - 1);
  return {
    async step(label, work) {
      const began = performance.now();
      let lastShown = 0;
      const show = (how: string) => {
        if (!isTerminal || performance.now() - lastShown < BETWEEN_MS) return;
        lastShown = performance.now();
        stream.write(CLEAR_LINE + `  ${label}${how ? `: ${how}` : ' ...'}`.slice(0, width()));
      };
      show('');
      lastShown = 0;
      try {
        const result = await work(show);
        stream.write(`${isTerminal ? CLEAR_LINE : ''}✓ ${label}  ${seconds(performance.now() - began)}\n`);
        return result;
      } catch (error) {
        stream.write(`${isTerminal ? CLEAR_LINE : ''}✗ ${label}\n`);
        throw error;
      }
    },
    say: (text) => void stream.write(`${text}\n`),
  };
}

const seconds = (ms: number): string =>
  ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
