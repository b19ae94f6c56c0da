import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import chromium, { inflate } from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

// Nothing but the page under test: no updates, no metrics, no look-ups, and no host but this one.
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-extensions',
  '--no-default-browser-check',
  '--no-first-run',
  '--no-pings',
  '--metrics-recording-only',
  '--font-render-hinting=none',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

/** Opens a headless browser that reaches this computer only. It brings its own libraries, so that nothing has to be installed; they are unpacked at the first use. */
export async function openBrowser(): Promise<Browser> {
  const libraries = path.join(os.tmpdir(), 'al2023', 'lib');
  if (!existsSync(libraries))
    await inflate(path.join(path.dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../bin/al2023.tar.br'));
  const executablePath = await chromium.executablePath();
  // Its libraries are for the browser alone: the servers that the same test starts keep those of the system.
  // biome-ignore lint/style/noProcessEnv: handed on to the browser as it is
  const env = { ...process.env, LD_LIBRARY_PATH: libraries } as Record<string, string>;
  return playwright.launch({ executablePath, args: ARGS, env, headless: true });
}
