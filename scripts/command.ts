import { StartupProblem } from './startup-problem.ts';

/** Does what the arguments say and says what came of it; false when it was refused. Throws `StartupProblem` when it could not be tried. */
export type RunCommand = (
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  say: (text: string) => void,
) => Promise<boolean>;

/** What `parseArgs` threw, as a problem of whoever called: its first sentence. The others advise on the syntax of options. */
export const wrongArguments = (error: unknown, remedy: string): StartupProblem =>
  new StartupProblem(`${(error as Error).message.split('. ')[0]?.replace(/\.$/, '')}.`, remedy, { cause: error });

/** Runs a command with the arguments of this process: exit code 0, 1 when it was refused, 2 when it could not be tried. */
export async function runAsProcess(run: RunCommand): Promise<void> {
  try {
    process.exitCode = (await run(process.argv.slice(2), process.env, (text) => process.stdout.write(`${text}\n`))) ? 0 : 1;
  } catch (error) {
    const { message, remedy } = error as StartupProblem;
    process.stderr.write(`commonweal: ${message}\n${error instanceof StartupProblem ? `  ${remedy}\n` : ''}`);
    process.exitCode = 2;
  }
}
