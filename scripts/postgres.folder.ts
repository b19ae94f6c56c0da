import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { postgresEnv, type Runner } from './postgres.runner.ts';
import { StartupProblem } from './startup-problem.ts';

const MAJOR = '18';
const NEEDED_BYTES = 500 * 1024 * 1024;

/** Makes the folder that will hold the data folder, and refuses one that cannot be written or is nearly full. */
export function prepareParent(dataDir: string): string {
  const parent = path.dirname(dataDir);
  try {
    mkdirSync(parent, { recursive: true });
    accessSync(parent, constants.W_OK | constants.X_OK);
    if (existsSync(dataDir)) accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new StartupProblem(
      `The data folder ${dataDir} cannot be written (${code}).`,
      'Give this user the right to write there, or choose another data folder.',
      { cause },
    );
  }
  const disk = statfsSync(parent);
  const free = disk.bavail * disk.bsize;
  if (free < NEEDED_BYTES)
    throw new StartupProblem(
      `The disk of ${dataDir} has ${Math.floor(free / 1024 / 1024)} MB left; PostgreSQL needs at least 500 MB.`,
      'Free some space, or choose a data folder on another disk.',
    );
  return parent;
}

/** Refuses a data folder that a living PostgreSQL uses, or that this PostgreSQL cannot read. */
export function refuseUnusable(dataDir: string): void {
  if (!existsSync(dataDir)) return;
  const running = runningServer(dataDir);
  if (running)
    throw new StartupProblem(
      `PostgreSQL is already running on ${dataDir}: process ${running.pid}, port ${running.port}.`,
      `Use the one that is running, stop it, or choose another data folder.`,
    );
  const version = readIfThere(path.join(dataDir, 'PG_VERSION'))?.trim();
  if (version !== undefined && version !== MAJOR)
    throw new StartupProblem(
      `The data folder ${dataDir} was made by PostgreSQL ${version}; this is PostgreSQL ${MAJOR}.`,
      `Dump it with PostgreSQL ${version} and load the dump into a new folder, or move the folder aside to start empty.`,
    );
  if (version === undefined && readdirSync(dataDir).length > 0)
    throw new StartupProblem(
      `The folder ${dataDir} holds files that are not PostgreSQL's.`,
      'Choose an empty folder, or one that does not exist yet, as data folder.',
    );
}

/** Makes a new data folder when there is none. Returns the superuser's password, which is kept beside the folder, readable by its owner only. */
export function ensureDataFolder(dataDir: string, runner: Runner, log: (line: string) => void): string {
  const parent = path.dirname(dataDir);
  const passwordFile = path.join(parent, `${path.basename(dataDir)}.password`);
  if (existsSync(path.join(dataDir, 'PG_VERSION'))) {
    giveTo(runner, dataDir);
    dropStalePidFile(dataDir, log);
    const password = readIfThere(passwordFile)?.trim();
    if (password) return password;
    throw new StartupProblem(
      `The password of the data folder ${dataDir} is missing; it was in ${passwordFile}.`,
      'Put that file back, or move the data folder aside to start empty.',
    );
  }
  log(`Making a new data folder in ${dataDir}.`);
  const password = randomBytes(24).toString('base64url');
  // initdb writes PG_VERSION early. Made elsewhere and renamed, a folder is complete or absent, even when this process is killed half-way.
  const unfinished = `${dataDir}.initdb-${process.pid}`;
  removeUnfinished(dataDir);
  const unfinishedPassword = `${unfinished}.password`;
  try {
    mkdirSync(unfinished, { mode: 0o700 });
    writeFileSync(unfinishedPassword, `${password}\n`, { mode: 0o600 });
    if (runner.owner) chownSync(unfinished, runner.owner.uid, runner.owner.gid);
    if (runner.owner) chownSync(unfinishedPassword, runner.owner.uid, runner.owner.gid);
    initdb(unfinished, unfinishedPassword, runner);
    if (existsSync(path.join(dataDir, 'PG_VERSION'))) throw twoStarts(dataDir);
    renameSync(unfinishedPassword, passwordFile);
    renameSync(unfinished, dataDir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTEMPTY') throw twoStarts(dataDir);
    throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
    rmSync(unfinishedPassword, { force: true });
  }
  return password;
}

/** Port and state that a running server writes into its data folder; undefined while there is none. */
export function readPidFile(dataDir: string): { pid: number; port: number; isReady: boolean } | undefined {
  const lines = readIfThere(path.join(dataDir, 'postmaster.pid'))?.split('\n');
  if (!lines?.[0]) return undefined;
  return { pid: Number(lines[0]), port: Number(lines[3] ?? 0), isReady: lines[7]?.trim() === 'ready' };
}

function initdb(folder: string, passwordFile: string, runner: Runner): void {
  const [command = '', ...args] = [
    ...runner.prefix,
    path.join(runner.bin, 'initdb'),
    ...['-D', folder, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8'],
    // Byte order instead of a language's: the same everywhere, and twice as fast to sort. A column that needs a language names its collation.
    ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions', '--no-sync'],
  ];
  const made = spawnSync(command, args, { env: postgresEnv, cwd: '/', encoding: 'utf8' });
  if (made.status === 0) return;
  const reason =
    (made.error?.message ?? made.stderr)
      .trim()
      .split('\n')
      .find((line) => /error|fatal/i.test(line)) ?? 'initdb failed';
  throw new StartupProblem(`The data folder ${folder} could not be made: ${reason}.`, 'Choose a data folder that this user may write.');
}

function runningServer(dataDir: string): { pid: number; port: number } | undefined {
  const found = readPidFile(dataDir);
  return found && isPostgres(found.pid, dataDir) ? found : undefined;
}

// A process number is used again, in a container even at once, so a living process alone does not mean a living server.
function isPostgres(pid: number, dataDir: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    // PostgreSQL's working folder is its data folder.
    return readlinkSync(`/proc/${pid}/cwd`) === dataDir;
  } catch {
    return readIfThere(`/proc/${pid}/comm`)?.trim() === 'postgres';
  }
}

function dropStalePidFile(dataDir: string, log: (line: string) => void): void {
  const found = readPidFile(dataDir);
  if (!found || isPostgres(found.pid, dataDir)) return;
  log(`PostgreSQL did not end in order last time (process ${found.pid} is gone); it recovers now.`);
  rmSync(path.join(dataDir, 'postmaster.pid'), { force: true });
}

function removeUnfinished(dataDir: string): void {
  const start = `${path.basename(dataDir)}.initdb-`;
  for (const name of readdirSync(path.dirname(dataDir))) {
    if (!name.startsWith(start)) continue;
    const pid = Number.parseInt(name.slice(start.length), 10);
    if (existsSync(`/proc/${pid}`) && pid !== process.pid) continue;
    rmSync(path.join(path.dirname(dataDir), name), { recursive: true, force: true });
  }
}

// A folder made where user namespaces were allowed belongs to root, one made where they were not belongs to nobody.
function giveTo(runner: Runner, dataDir: string): void {
  if (!runner.owner || statSync(dataDir).uid === runner.owner.uid) return;
  for (const name of readdirSync(dataDir, { recursive: true, encoding: 'utf8' }))
    lchownSync(path.join(dataDir, name), runner.owner.uid, runner.owner.gid);
  chownSync(dataDir, runner.owner.uid, runner.owner.gid);
}

function twoStarts(dataDir: string): StartupProblem {
  return new StartupProblem(
    `Another process made the data folder ${dataDir} at the same moment.`,
    'Use that one, or choose another data folder.',
  );
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
