import { expect, test } from 'vitest';
import { createProgress } from './progress.ts';

function record(isTTY: boolean) {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  return { stream: { isTTY, columns: 40, write }, text: () => text };
}

test('a file gets one line a step, with its time', async () => {
  const { stream, text } = record(false);
  const progress = createProgress(stream);
  expect(await progress.step('Tables', async () => 7)).toBe(7);
  await expect(progress.step('Gateway', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(text().replace(/\d+\.\d s/, 'N s')).toBe('✓ Tables  N s\n✗ Gateway\n');
});

test('a terminal sees the line under work rewritten in place, never wider than it is', async () => {
  const { stream, text } = record(true);
  await createProgress(stream).step('Country', async (tell) => tell(`${'long '.repeat(20)}end`));
  expect(text()).toContain('\r\x1b[K  Country ...');
  const lines = text().split('\r\x1b[K');
  expect(lines.every((line) => line.replace('\n', '').length < 40)).toBe(true);
  expect(lines.at(-1)).toMatch(/^✓ Country {2}\d/);
});
