import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import path from 'node:path';

/** One thing that must hold before a change is merged. */
interface Check {
  /** What holds when the check passes. */
  name: string;
  /** Arguments of the workspace's Node; the first is the script to run. */
  run: readonly string[];
  /** The command or the deed that mends a failing check. */
  mend: string;
}

const root = path.dirname(import.meta.dirname);
const biome = 'node_modules/@biomejs/biome/bin/biome';
const tsc = 'node_modules/typescript/bin/tsc';

// In this order: the quick ones first, and the types before what is checked against them.
const checks: readonly Check[] = [
  { name: 'format and lint (biome)', run: [biome, 'check', '.'], mend: 'npm run format, and mend by hand what it leaves' },
  { name: 'lint with types (oxlint)', run: ['node_modules/oxlint/bin/oxlint', '--type-aware'], mend: 'mend the lines it names' },
  { name: 'generated types', run: ['scripts/codegen.ts', '--if-stale'], mend: 'npm run compose, then npm run codegen' },
  { name: 'types (tsc)', run: [tsc, '--noEmit'], mend: 'mend the lines it names; after a change of the schema, first npm run compose' },
  ...browserProjects(),
  { name: 'the contract (composition, schema lint, stale files)', run: ['schema/check.ts'], mend: 'npm run compose, and commit schema/' },
  { name: 'the table of settings in the README', run: ['scripts/readme.ts', '--check'], mend: 'npm run readme, and commit README.md' },
];

let failed = 0;
for (const check of checks) {
  const begin = performance.now();
  const problem = run(check);
  const time = `${((performance.now() - begin) / 1000).toFixed(1)} s`;
  console.log(`${problem === undefined ? '✓' : '✗'} ${check.name}  ${time}`);
  if (problem === undefined) continue;
  failed++;
  console.log(`${problem.trimEnd()}\n  To mend: ${check.mend}.\n`);
}
console.log(`${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** What a failing check printed; undefined when it passed. */
function run({ run: args }: Check): string | undefined {
  const [script = ''] = args;
  if (!existsSync(path.join(root, script))) return `  The script ${script} does not exist.`;
  const done = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (done.status === 0) return undefined;
  return done.error?.message ?? done.stdout + done.stderr;
}

// Code for browsers has other globals than code for Node, so each such package has its own tsconfig.json.
function browserProjects(): Check[] {
  return globSync('web/*/tsconfig.json', { cwd: root })
    .toSorted()
    .filter((file) => globSync(path.join(path.dirname(file), 'src/**/*.{ts,tsx}'), { cwd: root }).length > 0)
    .map((file) => ({ name: `types of ${path.dirname(file)} (tsc)`, run: [tsc, '--noEmit', '-p', file], mend: 'mend the lines it names' }));
}
