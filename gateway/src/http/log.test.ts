import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('what fails behind everybody is logged without its text, and the process goes on', async () => {
  const program = `
    const { createLog, logStrays } = await import('./gateway/src/http/log.ts');
    logStrays(createLog('info'));
    Promise.reject(new TypeError('Akai Ekiru, UIN 4711'));
    Promise.reject();
    setTimeout(() => console.log('and on'), 50);
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  const lines = stdout.trim().split('\n');
  expect(lines.at(-1)).toBe('and on');
  expect(lines.slice(0, -1).map((line) => JSON.parse(line))).toMatchObject([
    { level: 'error', err: { fault: 'TypeError' }, msg: 'something failed that nobody waited for' },
    { level: 'error', err: { fault: 'Error' } },
  ]);
  expect(stdout).not.toContain('4711');
});
