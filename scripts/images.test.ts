import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** The container images of `deploy/`, read and not built: whether what each of them starts finds all that it imports, in the files copied and the packages installed. */

const ROOT = path.dirname(import.meta.dirname);
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

interface Package {
  readonly folder: string;
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
}
const PACKAGES: readonly Package[] = globSync(
  ['schema', 'gateway', 'subgraphs/*'].map((f) => `${f}/package.json`),
  { cwd: ROOT },
).map((file) => {
  const { name, dependencies = {} } = JSON.parse(read(file)) as { name: string; dependencies?: Record<string, string> };
  return { folder: path.dirname(file), name, dependencies };
});
const packageOf = (file: string) => PACKAGES.find(({ folder }) => file.startsWith(`${folder}/`));

interface Image {
  readonly service: string;
  readonly entry: string;
  /** Folders and files that are copied. */
  readonly copied: readonly string[];
  /** Packages of this workspace of which the dependencies are installed. */
  readonly installed: ReadonlySet<string>;
  /** Of what is copied, what is not in the context. */
  readonly ignored: readonly RegExp[];
}

/** The services of `compose.yaml` that are built, as they are built there. */
const SERVICES = [
  ...read('deploy/compose.yaml').matchAll(
    /^ {2}(\w+):(?:(?!^ {2}\w).)*?build: \{ context: \.\., dockerfile: ([\w./]+)(?:, target: (\w+))?(?:, args: \{ SUBGRAPH: (\w+) \})? \}/gms,
  ),
].map(([, service, dockerfile, target, subgraph]) => ({ service: service!, dockerfile: dockerfile!, target, subgraph: subgraph ?? '' }));

/** Follows a Dockerfile as far as its target: each stage has what the one it comes from has. */
function imageOf({ service, dockerfile, target, subgraph }: (typeof SERVICES)[number]): Image {
  interface Stage {
    readonly copied: string[];
    readonly installed: Set<string>;
    start: string;
  }
  const stages = new Map<string, Stage>();
  let stage: Stage = { copied: [], installed: new Set(), start: '' };
  for (const line of read(dockerfile)
    .replaceAll(/\$\{?SUBGRAPH\}?/g, subgraph)
    .split('\n')) {
    const [word, ...rest] = line.split(' ');
    if (word === 'FROM') {
      const base = stages.get(rest[0]!);
      if (rest[2] !== target && stage === stages.get(target ?? '')) break;
      stage = { copied: [...(base?.copied ?? [])], installed: new Set(base?.installed), start: '' };
      stages.set(rest[2] ?? '', stage);
    } else if (word === 'COPY' && rest[0]!.startsWith('--from=')) {
      const from = stages.get(rest[0]!.slice('--from='.length))!;
      stage.copied.push(...from.copied);
      for (const name of from.installed) stage.installed.add(name);
    } else if (word === 'COPY') stage.copied.push(...rest.slice(0, -1));
    else if (word === 'RUN') addWithDependencies(/--filter "([^"]+)\.\.\."/.exec(line)![1]!, stage.installed);
    else if (word === 'CMD' || word === 'ENTRYPOINT') stage.start ||= /[\w./-]+\.ts/.exec(line)?.[0] ?? '';
  }
  const lines = read(`${dockerfile}.dockerignore`)
    .split('\n')
    .filter((l) => l !== '' && !l.startsWith('#'));
  const context = lines.filter((l) => l.startsWith('!')).map((l) => l.slice(1));
  expect(stage.copied.filter((file) => !context.some((c) => file === c || file.startsWith(`${c}/`)))).toEqual([]);
  const ignored = lines.filter((l) => l !== '*' && !l.startsWith('!'));
  return { service, entry: stage.start, copied: stage.copied, installed: stage.installed, ignored: ignored.map(asPattern) };
}

function addWithDependencies(name: string, all: Set<string>): void {
  all.add(name);
  const { dependencies } = PACKAGES.find((p) => p.name === name)!;
  for (const [other, version] of Object.entries(dependencies)) if (version.startsWith('workspace:')) addWithDependencies(other, all);
}

const asPattern = (text: string) =>
  new RegExp(
    `^${text
      .replaceAll('.', '\\.')
      .replaceAll('**/', '(?:.*/)?')
      .replaceAll(/(?<!\.)\*/g, '[^/]*')}(?:/|$)`,
  );

/** What a file imports when it runs: types are gone by then. */
const importsOf = (file: string): readonly string[] =>
  [...read(file).matchAll(/^(?:import|export)(?! type\b)[^;]*?from '([^']+)'|\bimport\(\s*'([^']+)'\s*\)|^import '([^']+)'/gm)].map(
    (m) => (m[1] ?? m[2] ?? m[3])!,
  );

/** The file that an import means, null for a package from elsewhere. Throws with what the image lacks. */
function found(image: Image, file: string, name: string): string | null {
  if (name.startsWith('.')) return present(image, path.join(path.dirname(file), name));
  const owner = packageOf(file);
  const [scope, second] = name.split('/');
  const dependency = name.startsWith('@') ? `${scope}/${second}` : scope!;
  if (!owner || !image.installed.has(owner.name)) throw new Error(`${dependency} is not installed for ${file}`);
  if (!owner.dependencies[dependency]) throw new Error(`${dependency} is no dependency of ${owner.name}`);
  const other = PACKAGES.find((p) => p.name === dependency);
  if (!other) return null;
  const exported = (JSON.parse(read(`${other.folder}/package.json`)) as { exports: Record<string, string> }).exports;
  const inside = name.slice(dependency.length + 1);
  return present(image, path.join(other.folder, inside ? exported['./*']!.replace('*', inside) : exported['.']!));
}

function present({ copied, ignored }: Image, file: string): string {
  if (!existsSync(path.join(ROOT, file))) throw new Error(`${file} does not exist`);
  if (!copied.some((c) => file === c || file.startsWith(`${c}/`)) || ignored.some((p) => p.test(file)))
    throw new Error(`${file} is not copied`);
  return file;
}

/** All that is missing, by file, and the number of files that were followed. */
function follow(image: Image): { readonly missing: readonly string[]; readonly files: number } {
  const missing: string[] = [];
  const files = new Set([present(image, image.entry)]);
  for (const file of files)
    for (const name of importsOf(file)) {
      if (name.startsWith('node:')) continue;
      try {
        const next = found(image, file, name);
        if (next?.endsWith('.ts')) files.add(next);
      } catch (error) {
        missing.push(`${file}: ${(error as Error).message}`);
      }
    }
  return { missing, files: files.size };
}

describe('the images of deploy/', () => {
  it('are a gateway, four registries and what prepares the database', () => {
    expect(SERVICES.map(({ service }) => service)).toEqual(['prepare', 'persons', 'programs', 'payments', 'consent', 'gateway']);
  });

  it.each(SERVICES)('$service has all that it imports', (service) => {
    const { missing, files } = follow(imageOf(service));
    expect(missing).toEqual([]);
    expect(files).toBeGreaterThan(30);
  });

  it('of another registry than the one that is started lack what that imports', () => {
    const [persons] = SERVICES.filter(({ service }) => service === 'persons');
    const image = imageOf({ ...persons!, subgraph: 'kit' });
    expect(() => follow({ ...image, entry: 'subgraphs/persons/src/main.ts' })).toThrow('subgraphs/persons/src/main.ts is not copied');
    expect(follow({ ...image, entry: 'subgraphs/persons/src/main.ts', copied: [...image.copied, 'subgraphs'] }).missing).toContain(
      'subgraphs/persons/src/main.ts: @commonweal/kit is not installed for subgraphs/persons/src/main.ts',
    );
  });
});
