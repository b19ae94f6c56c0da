import { parseArgs } from 'node:util';

/** What a run is asked to do. */
export interface Options {
  readonly seed: string;
  readonly cases: number;
  /** One case only. */
  readonly only: number | undefined;
  readonly workers: number;
  /** Seconds that may be spent on making one failing case smaller. */
  readonly shrink: number;
  /** Folder for the failing cases; they are printed in any case. */
  readonly out: string | undefined;
}

export const HELP = `Usage: npm run fuzz -- [options]

Makes up supergraphs, data, operations and faults, and compares the answers of our engine with those of Apollo's gateway
and, where nothing goes wrong, with those of one server that has all the data.

  --cases <n>     how many cases to run (default 2000)
  --seed <text>   what everything is made from (default 1); the same seed gives the same cases
  --case <n>      run this case of the seed alone, and print it, smaller if it fails
  --workers <n>   processes (default 1)
  --shrink <s>    seconds for making a failing case smaller (default 60; 0: not at all)
  --out <folder>  also write failing cases there, a file for each class
  --help          this text

Ends with 0 when no answer of ours differs without a known reason, with 1 when one does, with 2 when the options are wrong.
`;

/** Reads the options; the text to print instead when they are wrong or help is wanted. */
export function readOptions(args: readonly string[]): Options | { readonly text: string; readonly code: number } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        cases: { type: 'string', default: '2000' },
        seed: { type: 'string', default: '1' },
        case: { type: 'string' },
        workers: { type: 'string', default: '1' },
        shrink: { type: 'string', default: '60' },
        out: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { text: HELP, code: 0 };
    return {
      seed: values.seed,
      cases: natural('cases', values.cases),
      only: values.case === undefined ? undefined : natural('case', values.case),
      workers: Math.max(1, natural('workers', values.workers)),
      shrink: natural('shrink', values.shrink),
      out: values.out,
    };
  } catch (error) {
    return { text: `${error instanceof Error ? error.message : String(error)}\n\n${HELP}`, code: 2 };
  }
}

function natural(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} wants a number, and not "${text}"`);
  return Number(text);
}
