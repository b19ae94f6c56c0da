import { parseArgs } from 'node:util';
import { CASES } from './cases.ts';
import { PRODUCT_CASES } from './product/stage.ts';

/** What the command line asks for. */
export interface Options {
  readonly cases: readonly string[];
  /** Seconds of each run, of the warm-up of each gateway, and number of rounds. */
  readonly seconds: number;
  readonly warmup: number;
  readonly rounds: number;
  /** Connections in place of those that a case has; null: its own. */
  readonly connections: number | null;
  /** Name of the gateway that is profiled in place of a comparison; null: none. */
  readonly profile: string | null;
  /** Whether a floor that is not reached makes the command fail. */
  readonly check: boolean;
  /** Gateways that take part, by name; null: all. */
  readonly only: readonly string[] | null;
}

const NAMES = ['alone', ...[...CASES, ...PRODUCT_CASES].map((one) => one.name)];

/** The help text. */
export const HELP = `Usage: npm run bench -- engine [--query ${NAMES.join(',')}] [--seconds 5] [--warmup 8] [--rounds 5]
                                [--only ours,stock] [--profile ours]

Compares the engine with the stock gateway and with Hive Gateway (planner in JavaScript, and in Rust), each a process of its own on one core.

  --query NAME,...  what is asked [all]
                      alone         engine and stock executor in one process, without any network
${[...CASES, ...PRODUCT_CASES].map(({ name, title }) => `                      ${name.padEnd(13)} ${title}`).join('\n')}
  --seconds S       seconds of each run [5]
  --warmup S        seconds each gateway runs before anything counts [8]
  --rounds R        rounds; the order of the gateways turns with each, and medians are printed [5]
  --connections N   in place of the case's own: fewer on a machine that is busy with other work
  --only NAME,...   only these gateways: stock, Hive, Hive-Rust, ours; bare engine, product
  --profile NAME    no comparison: profiles one gateway, prints where its time goes, writes NAME-QUERY.cpuprofile here
  --check           fail when a floor is not reached
  --help            this text
`;

/** Reads the command line; null when help is asked for. Throws `RangeError` with a sentence for what is wrong. */
export function readOptions(args: readonly string[]): Options | null {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      query: text,
      seconds: text,
      warmup: text,
      rounds: text,
      connections: text,
      only: text,
      profile: text,
      check: flag,
      help: flag,
    },
  });
  if (values.help) return null;
  const cases = values.query?.split(',') ?? NAMES;
  const wrong = cases.find((name) => !NAMES.includes(name));
  if (wrong !== undefined) throw new RangeError(`There is no query "${wrong}"; there are: ${NAMES.join(', ')}.`);
  return {
    cases,
    seconds: whole('--seconds', values.seconds ?? '5'),
    warmup: whole('--warmup', values.warmup ?? '8'),
    rounds: whole('--rounds', values.rounds ?? '5'),
    connections: values.connections === undefined ? null : whole('--connections', values.connections),
    profile: values.profile ?? null,
    check: values.check ?? false,
    only: values.only?.split(',') ?? null,
  };
}

function whole(name: string, given: string): number {
  const n = Number(given);
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`${name} must be a whole number, 1 or more; it is "${given}".`);
  return n;
}
