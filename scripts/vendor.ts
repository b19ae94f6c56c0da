import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { constants, setPriority } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import { ROOT } from './config.ts';

// Half of the time of a start is spent looking for and opening two thousand files of other people's packages. After the first start they are put
// together into a few, and from then on read from there. Only `npm start` does so; it is an image of what is installed, and never more than that.
const CACHE = path.join(ROOT, 'node_modules/.cache/commonweal-vendor');
const SOURCES = ['schema/**/*.ts', 'gateway/src/**/*.ts', 'subgraphs/*/src/**/*.ts', 'scripts/*.ts', 'scripts/seed/**/*.ts'];
/** Packages that load files of their own while they run. */
const APART = /^(?:pino|esbuild)$/;

/** Which file stands for which import. */
type Manifest = Readonly<Record<string, string>>;

/** Folder of the image of what is installed and imported now: with another import in our sources, or another lockfile, it is another one. */
function folderOfImage(): string {
  const hash = createHash('sha256')
    .update(process.version)
    .update(readFileSync(path.join(ROOT, 'pnpm-lock.yaml')));
  hash.update(readFileSync(import.meta.filename));
  const names = new Set<string>();
  for (const file of globSync(SOURCES, { cwd: ROOT, exclude: (name) => /node_modules|\.test\./.test(name) })) {
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/(?:from |import\(|require\()'([^'.][^']*)'/g)) names.add(name);
  }
  return path.join(
    CACHE,
    hash
      .update([...names].sort().join('\n'))
      .digest('hex')
      .slice(0, 16),
  );
}

/** What our code imports of other people's packages when the system is loaded, and from where. Loading it starts nothing. */
async function imports(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  registerHooks({
    resolve(name, context, next) {
      const to = next(name, context);
      const isOurs = context.parentURL !== undefined && !context.parentURL.includes('/node_modules/');
      if (isOurs && to.url.includes('/node_modules/') && /^[@a-z]/.test(name) && !APART.test(name)) found.set(name, to.url);
      return to;
    },
  });
  await Promise.all([import('./up.database.ts'), import('./up.country.ts'), import('./up.local.ts'), import('./up.server.ts')]);
  return new Map(found);
}

/** Reads packages from their image from now on, when there is one of just what is installed. Says whether there is. */
export function useVendored(): boolean {
  const folder = folderOfImage();
  const file = path.join(folder, 'manifest.json');
  if (!existsSync(file)) return false;
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  registerHooks({
    resolve(name, context, next) {
      const image = Object.hasOwn(manifest, name) ? manifest[name] : undefined;
      if (image === undefined || context.parentURL?.includes('/node_modules/')) return next(name, context);
      return { url: pathToFileURL(path.join(folder, image)).href, format: 'module', shortCircuit: true };
    },
  });
  return true;
}

/** Makes the image in a process of its own that lets everything else go first. Returns what stops it. */
export function vendorAside(): () => Promise<void> {
  const child = spawn(process.execPath, [import.meta.filename], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  return () => {
    child.kill();
    return ended;
  };
}

/** Makes the image, in place of older ones. */
async function vendor(): Promise<void> {
  const folder = folderOfImage();
  if (existsSync(folder)) return;
  const found = await imports();
  const stubs = new Map(await Promise.all([...found].map(async ([name, url]) => [nameOf(name), await stubOf(url)] as const)));
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  const { build } = await import('esbuild');
  await build({
    entryPoints: Object.fromEntries([...stubs.keys()].map((name) => [name, `stub:${name}`])),
    outdir: fresh,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // As Node resolves what is required: two copies of graphql in one process do not recognize each other.
    mainFields: ['main', 'module'],
    conditions: ['node', 'import'],
    minifyWhitespace: true,
    logLevel: 'error',
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    plugins: [stubsPlugin(stubs), oneGraphql],
  });
  writeFileSync(
    path.join(fresh, 'manifest.json'),
    JSON.stringify(Object.fromEntries([...found.keys()].map((name) => [name, `${nameOf(name)}.mjs`]))),
  );
  for (const old of globSync('*', { cwd: CACHE }))
    if (path.join(CACHE, old) !== fresh) rmSync(path.join(CACHE, old), { recursive: true, force: true });
  renameSync(fresh, folder);
}

const nameOf = (name: string) => name.replace(/\W/g, '_');

/** A module that exports what Node finds in a package. */
async function stubOf(url: string): Promise<string> {
  const names = Object.keys((await import(url)) as object);
  const from = JSON.stringify(fileURLToPath(url));
  const named = names.filter((name) => name !== 'default' && name !== 'module.exports');
  const lines = [
    named.length > 0 ? `export { ${named.join(', ')} } from ${from};` : '',
    names.includes('default') ? `export { default } from ${from};` : '',
  ];
  return lines.join('\n');
}

const stubsPlugin = (stubs: ReadonlyMap<string, string>): Plugin => ({
  name: 'stubs',
  setup(build) {
    build.onResolve({ filter: /^stub:/ }, ({ path: name }) => ({ path: name.slice('stub:'.length), namespace: 'stub' }));
    build.onLoad({ filter: /./, namespace: 'stub' }, ({ path: name }) => ({ contents: stubs.get(name) ?? '', resolveDir: ROOT }));
  },
});

const oneGraphql: Plugin = {
  name: 'one graphql',
  setup(build) {
    build.onResolve({ filter: /^graphql(?:\/.*)?$/ }, ({ path: name, importer }) => ({ path: createRequire(importer).resolve(name) }));
  },
};

if (import.meta.main) await vendor();
