import { readFileSync } from 'node:fs';

/** One setting: how it is called, what it means, and how its text becomes a value. */
export interface Setting<T> {
  readonly name: string;
  readonly about: string;
  /** The default as it is shown to people. */
  readonly shown: string;
  /** Value when the variable is absent. Throws `Unset` when there must be one. */
  absent(environment: Environment): T;
  /** Value of a text. Throws an Error whose message ends the sentence `<NAME> ...`. */
  parse(raw: string, environment: Environment): T;
  /** Secrets may stand in a file named by `<NAME>_FILE`. */
  readonly fromFile?: boolean;
}

/** Where the program runs: decides which defaults exist. */
export type Environment = 'production' | 'development';

/** Settings by name, nested like the configuration they make. */
export interface Settings {
  readonly [name: string]: Setting<unknown> | Settings;
}

/** The configuration that a table of settings makes. */
export type Config<S> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : Config<S[K]> };

/** Settings that are wrong; the message has a line for each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

const isSetting = (value: unknown): value is Setting<unknown> => typeof (value as Setting<unknown>).parse === 'function';

/** Settings of a table, in its order. */
export const listSettings = (settings: Settings): Setting<unknown>[] =>
  Object.values(settings).flatMap((value) => (isSetting(value) ? [value] : listSettings(value)));

/** The table of settings as Markdown, for the README. */
export function settingsTable(settings: Settings): string {
  const rows = listSettings(settings).map((s) => `| \`${s.name}\` | ${s.shown} | ${s.about} |`);
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

/** The table of settings as text, for `--help`. */
export function settingsHelp(settings: Settings): string {
  const all = listSettings(settings);
  const width = Math.max(...all.map((s) => s.name.length));
  return all.map((s) => `  ${s.name.padEnd(width)}  ${s.about} [${s.shown}]`).join('\n');
}

/** Parses a table of settings from an environment into a frozen configuration; `rules` adds faults that concern several settings. */
export function readSettings<S extends Settings>(
  settings: S,
  env: Readonly<Record<string, string | undefined>>,
  others: readonly string[],
  rules: (config: Config<S>) => readonly string[] = () => [],
): Config<S> {
  const faults: string[] = [];
  const environment: Environment = env.COMMONWEAL_ENV === 'development' ? 'development' : 'production';
  const read = (table: Settings): unknown =>
    Object.freeze(
      Object.fromEntries(
        Object.entries(table).map(([key, value]) => [key, isSetting(value) ? one(value, env, environment, faults) : read(value)]),
      ),
    );
  const config = read(settings) as Config<S>;
  faults.push(...unknownNames(listSettings(settings), env, others));
  if (faults.length === 0) faults.push(...rules(config));
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

function one(
  setting: Setting<unknown>,
  env: Readonly<Record<string, string | undefined>>,
  environment: Environment,
  faults: string[],
): unknown {
  try {
    const raw = env[setting.name] ?? (setting.fromFile ? readSecretFile(setting.name, env) : undefined);
    // An empty variable is what a compose file passes for one that is not set.
    return raw === undefined || raw === '' ? setting.absent(environment) : setting.parse(raw, environment);
  } catch (error) {
    faults.push(`${setting.name} ${(error as Error).message}`);
    return undefined;
  }
}

function readSecretFile(name: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const file = env[`${name}_FILE`];
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new Error(`cannot be read from the file that ${name}_FILE names (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function unknownNames(
  settings: readonly Setting<unknown>[],
  env: Readonly<Record<string, string | undefined>>,
  others: readonly string[],
): string[] {
  const known = new Set([...settings.flatMap((s) => (s.fromFile ? [s.name, `${s.name}_FILE`] : [s.name])), ...others]);
  return Object.keys(env)
    .filter((name) => name.startsWith('COMMONWEAL_') && !known.has(name))
    .map((name) => {
      const near = nearest(name, known);
      return `${name} is not a setting${near ? `; did you mean ${near}?` : '.'} All settings are listed by --help and in the README.`;
    });
}

function nearest(name: string, known: ReadonlySet<string>): string | undefined {
  const ranked = [...known].map((k) => ({ k, d: distance(name, k) })).sort((a, b) => a.d - b.d);
  return ranked[0] && ranked[0].d <= 5 ? ranked[0].k : undefined;
}

// Levenshtein's edit distance, one row at a time.
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}
