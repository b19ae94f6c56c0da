import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
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

/** Where the browser lies: one for each user, since what one has unpacked another may not be able to run. */
const FOLDER = path.join(import.meta.dirname, `../../../node_modules/.cache/commonweal-browser-${os.userInfo().uid}`);

/** Opens a headless browser that reaches this computer only. It brings its own libraries, so that nothing has to be installed; they are unpacked at the first use. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(FOLDER)) await unpack();
  // Its libraries are for the browser alone: the servers that the same test starts keep those of the system.
  const env = { HOME: FOLDER, FONTCONFIG_PATH: path.join(FOLDER, 'fonts'), LD_LIBRARY_PATH: path.join(FOLDER, 'al2023/lib') };
  return playwright.launch({ executablePath: path.join(FOLDER, 'chromium'), args: ARGS, env, headless: true });
}

/** Unpacks aside, and moves the whole into its place: an interrupted run leaves no half browser behind. */
async function unpack(): Promise<void> {
  await mkdir(path.dirname(FOLDER), { recursive: true });
  const aside = await mkdtemp(`${FOLDER}.`);
  try {
    await promisify(execFile)(process.execPath, [path.join(import.meta.dirname, 'unpack.ts')], { env: { TMPDIR: aside } });
    await rename(aside, FOLDER);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
