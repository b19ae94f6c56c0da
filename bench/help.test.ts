import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const bench = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', timeout: 60_000 });
const names = [...bench('--help').stdout.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name!);

test('there are some', () => expect(names).toContain('workers'));

test.each(names)('npm run bench -- %s --help lists its options and measures nothing', (name) => {
  const { status, stdout, stderr } = bench(name, '--help');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('--rounds');
});
