import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type TestFront, testFront } from './front.examples.ts';

let front: TestFront;
afterEach(() => front?.stop());

test('the page is served with a strict policy, and nothing beside them', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commonweal-playground-'));
  try {
    writeFileSync(path.join(folder, 'index.html'), '<!doctype html>');
    mkdirSync(path.join(folder, 'assets'));
    writeFileSync(path.join(folder, 'assets/app.js'), 'start()');
    writeFileSync(path.join(path.dirname(folder), 'commonweal-beside.txt'), 'beside');
    front = await testFront({ playgroundFolder: folder });
    const page = await fetch(`${front.url}/playground`);
    expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([
      200,
      'text/html; charset=utf-8',
      '<!doctype html>',
    ]);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|https?:/);
    expect((await fetch(`${front.url}/playground/assets/app.js`)).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    for (const trick of [
      '..%2fcommonweal-beside.txt',
      '%2e%2e/commonweal-beside.txt',
      'assets/..%2f..%2fcommonweal-beside.txt',
      'assets',
      '%00',
      '__proto__',
    ])
      expect([trick, (await fetch(`${front.url}/playground/${trick}`)).status]).toEqual([trick, 404]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(path.join(path.dirname(folder), 'commonweal-beside.txt'), { force: true });
  }
});

test('a page that was not built says how to build it; one that is off is not there', async () => {
  front = await testFront({ playgroundFolder: '/nonexistent' });
  expect(await (await fetch(`${front.url}/playground`)).text()).toMatch(/^The playground is not built\./);
  expect(await (await fetch(`${front.url}/`)).text()).toContain('/playground');
  await front.stop();
  front = await testFront({ env: { COMMONWEAL_PLAYGROUND: 'off' } });
  const { status, headers } = await fetch(`${front.url}/playground`);
  expect([status, headers.get('content-type')]).toEqual([404, 'application/json; charset=utf-8']);
  expect(await (await fetch(`${front.url}/`)).text()).not.toContain('playground');
});
