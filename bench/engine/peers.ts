import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('peers/', import.meta.url));
/** Written by pnpm when an installation is complete. */
const COMPLETE = `${folder}node_modules/.modules.yaml`;
const PNPM = 'pnpm@12.21.0';

/** The command line of Hive Gateway. */
export const HIVE = `${folder}node_modules/@graphql-hive/gateway/dist/bin.js`;
/** Its configuration. */
export const HIVE_CONFIG = `${folder}config.hive.ts`;

/** Installs the gateways of others, unless they are there: 400 MB that nobody needs to run the product. Throws when that fails. */
export function ensurePeers(): void {
  if (existsSync(COMPLETE)) return;
  console.log(`Installing the gateways to compare with into ${folder}node_modules, once (about 400 MB) ...`);
  const { status, stderr } = spawnSync('npx', ['--yes', PNPM, 'install', '--frozen-lockfile'], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`They could not be installed: ${stderr}`);
}

/** Version of a package of theirs. */
export const peerVersion = (name: string): string =>
  (JSON.parse(readFileSync(`${folder}node_modules/${name}/package.json`, 'utf8')) as { version: string }).version;
