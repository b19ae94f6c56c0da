import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, type OutputFile, type Plugin } from 'esbuild';
import { QUESTIONS_FOLDER, readQuestions } from './build.questions.ts';

const folder = import.meta.dirname;
const dist = path.join(folder, 'dist');
const stamp = path.join(dist, '.built-from');

/** Builds the playground into `dist/`, unless what is there was built from these very sources. Resolves with whether it built; takes a second or two. */
export async function buildPlaygroundIfStale(): Promise<boolean> {
  const sources = hashOfSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return false;
  const files = await bundle();
  rmSync(dist, { recursive: true, force: true });
  for (const { path: file, contents } of [...files, page(files)]) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
  // Last, so that a build that was broken off counts as none.
  writeFileSync(stamp, sources);
  return true;
}

function hashOfSources(): string {
  const own = globSync(['*.{ts,html,json}', 'src/**/*.{ts,tsx,css,svg}'], { cwd: folder }).map((file) => path.join(folder, file));
  const questions = globSync('*.{graphql,json}', { cwd: QUESTIONS_FOLDER }).map((file) => path.join(QUESTIONS_FOLDER, file));
  const lockfile = path.resolve(folder, '../../pnpm-lock.yaml');
  const hash = createHash('sha256');
  for (const file of [...own, ...questions, lockfile].toSorted())
    hash
      .update(`${path.relative(folder, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

async function bundle(): Promise<OutputFile[]> {
  const result = await build({
    absWorkingDir: folder,
    entryPoints: ['src/main.tsx'],
    outdir: dist,
    entryNames: '[name]-[hash]',
    chunkNames: 'parts/[name]-[hash]',
    assetNames: 'parts/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    jsx: 'automatic',
    // Only what this package names may be bundled, and the licences of what is bundled lie beside it.
    legalComments: 'external',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [questionsAsModule, withoutFonts],
    write: false,
    logLevel: 'silent',
  });
  return result.outputFiles;
}

/** The page, with the names that the build gave to its script and its styles. */
function page(files: readonly OutputFile[]): { path: string; contents: string } {
  const named = (end: string) =>
    files.map((f) => path.relative(dist, f.path)).find((name) => name.startsWith('main-') && name.endsWith(end)) ?? '';
  const template = readFileSync(path.join(folder, 'index.html'), 'utf8');
  return { path: path.join(dist, 'index.html'), contents: template.replace('main.js', named('.js')).replace('main.css', named('.css')) };
}

const questionsAsModule: Plugin = {
  name: 'questions',
  setup(building) {
    building.onResolve({ filter: /^virtual:questions$/ }, ({ path: name }) => ({ path: name, namespace: 'questions' }));
    building.onLoad({ filter: /.*/, namespace: 'questions' }, () => ({ contents: JSON.stringify(readQuestions()), loader: 'json' }));
  },
};

// GraphiQL's styles carry two fonts as data URLs, 300 KB; the page takes those of the system.
const withoutFonts: Plugin = {
  name: 'without-fonts',
  setup(building) {
    building.onLoad({ filter: /graphiql\.css$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8').replaceAll(/@font-face\s*\{[^}]*\}/g, ''),
      loader: 'css',
    }));
  },
};

if (import.meta.main) console.log((await buildPlaygroundIfStale()) ? 'The playground is built.' : 'The playground is up to date.');
