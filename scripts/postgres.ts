import { type ChildProcess, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { freePort, isPortFree } from './freeport.ts';
import { ensureDataFolder, prepareParent, readPidFile, refuseUnusable } from './postgres.folder.ts';
import { findRunner, postgresEnv, type Runner } from './postgres.runner.ts';
import { StartupProblem } from './startup-problem.ts';

/** What `startPostgres` needs to know. */
export interface PostgresOptions {
  /** Folder of the data; made when it does not exist. Its password is kept beside it in `<folder>.password`. */
  dataDir: string;
  /** TCP port on 127.0.0.1; 0 takes a free one. */
  port: number;
  /** `durable` survives a power cut; `test` waits for no disk and may lose everything in one. */
  mode: 'durable' | 'test';
  /** Receives what PostgreSQL logs, a line at a time. */
  log?: (line: string) => void;
}

/** A PostgreSQL that runs as a child of this process, and ends with it. */
export interface RunningPostgres {
  /** Connection of the superuser to the database `postgres`, with its password. */
  url: string;
  /** The TCP port it listens on. */
  port: number;
  /** Folder of its unix socket; undefined where the path would be too long for one. */
  socketDir: string | undefined;
  /** Settles when the server has ended, by `stop` or by itself. */
  exited: Promise<void>;
  /** Ends it in order and waits until it is gone. May be called more than once. */
  stop(): Promise<void>;
}

const DURABILITY = {
  durable: [],
  test: ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'],
};
// sun_path holds 108 bytes; the file in it is called .s.PGSQL.<port>.
const LONGEST_SOCKET_DIR = 108 - '/.s.PGSQL.65535.lock'.length - 1;
const START_LIMIT_MS = 10 * 60_000;

/** Starts the embedded PostgreSQL 18 and waits until it answers. Throws `StartupProblem` when it cannot. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const log = options.log ?? (() => {});
  const parent = realpathSync(prepareParent(path.resolve(options.dataDir)));
  const dataDir = path.join(parent, path.basename(options.dataDir));
  refuseUnusable(dataDir);
  if (options.port !== 0 && !(await isPortFree(options.port))) throw portInUse(options.port);
  const runner = findRunner(parent);
  const password = ensureDataFolder(dataDir, runner, log);
  for (let attempt = 1; ; attempt++) {
    const port = options.port || (await freePort());
    try {
      return await launch({ ...options, dataDir, port, log }, runner, password);
    } catch (error) {
      // Between finding a free port and taking it, somebody else may take it.
      if (options.port !== 0 || attempt === 3 || !(error instanceof PortTaken)) throw error;
    }
  }
}

class PortTaken extends StartupProblem {}

async function launch(options: Required<PostgresOptions>, runner: Runner, password: string): Promise<RunningPostgres> {
  const { dataDir, port, log } = options;
  const socketDir = process.platform !== 'win32' && Buffer.byteLength(dataDir) <= LONGEST_SOCKET_DIR ? dataDir : undefined;
  const settings = [
    ...['-p', String(port), '-h', '127.0.0.1', '-k', socketDir ?? ''],
    ...['-c', 'max_connections=300', '-c', 'shared_preload_libraries=pg_stat_statements', '-c', 'timezone=UTC', '-c', 'log_timezone=UTC'],
  ];
  const [command = '', ...args] = [
    ...runner.prefix,
    path.join(runner.bin, 'postgres'),
    '-D',
    dataDir,
    ...settings,
    ...DURABILITY[options.mode],
  ];
  // A session of its own: Ctrl-C in the terminal reaches the parent only, which stops PostgreSQL after those who use it.
  const child = spawn(command, args, { env: postgresEnv, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const output = collect(child, log);
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.once('error', (error) => output.lines.push(error.message));
  const stop = () => end(child, exited);
  try {
    await untilReady(child, dataDir, () => refusal(output.lines, dataDir, port));
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    await tryPassword(url, dataDir);
    return { url, port, socketDir, exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilReady(child: ChildProcess, dataDir: string, why: () => StartupProblem): Promise<void> {
  const giveUpAt = Date.now() + START_LIMIT_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      // The last words may still be in the pipe.
      await sleep(20);
      throw why();
    }
    const state = readPidFile(dataDir);
    if (state?.pid === child.pid && state.isReady) return;
    // After a crash a large database may take minutes to recover.
    if (Date.now() > giveUpAt) throw why();
    await sleep(10);
  }
}

async function tryPassword(url: string, dataDir: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql`select 1`;
  } catch (cause) {
    throw new StartupProblem(
      `PostgreSQL started but refuses the password kept in ${dataDir}.password (${(cause as Error).message}).`,
      'Put the file back that belongs to this data folder, or move both aside to start empty.',
      { cause },
    );
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function end(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.pid === undefined) return;
  // SIGINT breaks off open transactions; SIGQUIT leaves at once and recovers at the next start.
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), 15_000);
  await exited;
  clearTimeout(timer);
}

function collect(child: ChildProcess, log: (line: string) => void): { lines: string[] } {
  const output = { lines: [] as string[] };
  let rest = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) log(line);
    output.lines = [...output.lines, ...lines].slice(-50);
  });
  return output;
}

function refusal(lines: readonly string[], dataDir: string, port: number): StartupProblem {
  const text = lines.join('\n');
  if (/Address already in use/.test(text)) return portInUse(port);
  if (/lock file "postmaster.pid" already exists|lock file .* is empty|pre-existing shared memory block/.test(text))
    return new StartupProblem(
      `PostgreSQL is already running on ${dataDir}.`,
      'Use the one that is running, stop it, or choose another data folder.',
    );
  if (/No space left on device/.test(text))
    return new StartupProblem(`The disk of ${dataDir} is full.`, 'Free some space, or choose a data folder on another disk.');
  if (/could not (create|get) shared memory|Cannot allocate memory/.test(text))
    return new StartupProblem('There is not enough memory for PostgreSQL.', 'Free some memory, or raise the limit of shared memory.');
  const last = lines.findLast((line) => /FATAL|PANIC|ERROR/.test(line)) ?? lines.at(-1) ?? 'it said nothing';
  return new StartupProblem(
    `PostgreSQL did not start on ${dataDir}: ${last.replace(/^.*(FATAL|PANIC|ERROR):\s*/, '')}.`,
    'Read the log above it; if the folder is damaged, move it aside to start empty.',
  );
}

function portInUse(port: number): PortTaken {
  return new PortTaken(`Port ${port} is already in use.`, 'Stop the program that uses it, or choose another port.');
}
