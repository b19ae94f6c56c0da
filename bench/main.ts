/** `npm run bench -- <name> [options]`: every figure that is claimed, as a command. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BENCHES = [
  {
    name: 'engine',
    script: 'engine/compare.ts',
    about: 'the federation engine against the stock gateway and Hive Gateway, each on one core',
  },
  {
    name: 'lean',
    script: 'lean/main.ts',
    about: 'a verification as a text, as a registered operation, and by the bare engine, without sockets',
  },
  { name: 'questions', script: 'questions/main.ts', about: 'the three reference questions against registries of up to a million persons' },
  { name: 'seed', script: 'seed/compare.ts', about: 'making the demonstration country against a bare COPY of the same bytes' },
  { name: 'workers', script: 'workers/main.ts', about: 'several workers behind one port against one' },
] as const;

const pathOf = (script: string) => fileURLToPath(new URL(script, import.meta.url));
const there = BENCHES.filter(({ script }) => existsSync(pathOf(script)));
const usage = `Usage: npm run bench -- <name> [options]

${there.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n')}

npm run bench -- <name> --help lists the options.
`;

const [wanted, ...options] = process.argv.slice(2);
const bench = there.find(({ name }) => name === wanted);
if (bench) {
  const child = spawn(process.execPath, [...process.execArgv, pathOf(bench.script), ...options], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
} else {
  const isHelp = wanted === undefined || wanted === '--help';
  (isHelp ? process.stdout : process.stderr).write(isHelp ? usage : `There is no bench "${wanted}".\n\n${usage}`);
  process.exitCode = isHelp ? 0 : 1;
}
