import type { Decision } from '@commonweal/schema';
import type { Planned } from './statement.ts';

/** The settings of a transaction, by name. */
export type Settings = Readonly<Record<string, string>>;

const remembered = new WeakMap<Decision, Settings>();

/** The settings that row-level security reads: the widest rows that any alternative of the decision covers. Empty means no rows. Made once for each decision. */
export function rowSettings(decision: Decision): Settings {
  let settings = remembered.get(decision);
  if (!settings) {
    settings = settingsOf(decision);
    remembered.set(decision, settings);
  }
  return settings;
}

function settingsOf(decision: Decision): Settings {
  const rows = decision.alternatives.map((a) => a.rows);
  const wide = rows.filter((r) => r.self === null);
  return Object.freeze({
    'access.person': rows.find((r) => r.self !== null)?.self ?? '',
    'access.areas': [...new Set(wide.flatMap((r) => r.areas))].join(','),
    'access.programs': [...new Set(wide.flatMap((r) => r.programs))].join(','),
    'access.all_programs': wide.some((r) => r.allOrdinaryPrograms) ? 'on' : '',
    'access.providers': [...new Set(wide.flatMap((r) => r.providers))].join(','),
    'access.all_providers': wide.some((r) => r.allProviders) ? 'on' : '',
    'access.consumer': decision.consumer,
    'access.audit_all': decision.alternatives.some((a) => a.actions.has('audit.all')) ? 'on' : '',
  });
}

/** Settings under which exactly one person's rows are seen: for applying what another registry tells of them. */
export const settingsForPerson = (person: string): Settings => ({
  'access.person': person,
  'access.areas': '',
  'access.programs': '',
  'access.all_programs': '',
  'access.providers': '',
  'access.all_providers': '',
  'access.consumer': '',
  'access.audit_all': '',
});

/** How the server is told to plan. */
export const PLAN_MODES: Readonly<Record<Planned, string>> = { 'by key': 'force_generic_plan', 'by value': 'force_custom_plan' };

/** What may be done in a transaction, under which settings, and for how long a statement may run. */
export interface Opening {
  readonly mode: 'read only' | 'read write';
  readonly settings: Settings;
  readonly timeout: string;
  /** How its first statements are planned. */
  readonly planned: Planned;
  /** Locks that it holds to its end. */
  readonly locks?: readonly string[] | undefined;
}

const texts = new Map<string, string>();

/**
 * Statement and values that set the settings of a transaction: those of the rows, how long a statement may take, and how statements are planned. Then it waits for
 * its turn under each lock, in their order; what comes behind it in the transaction sees all that was committed under the same locks before.
 */
export function settingStatement({ settings, timeout, planned, locks }: Opening): { text: string; params: (string | readonly string[])[] } {
  const names = Object.keys(settings);
  const key = `${names.join()} ${locks !== undefined}`;
  let text = texts.get(key);
  if (text === undefined) {
    const all = [...names, 'statement_timeout', 'plan_cache_mode'];
    const parts = all.map((name, n) => `set_config('${plainName(name)}', $${n + 1}, true)`);
    if (locks) parts.push(`(select count(pg_advisory_xact_lock(hashtextextended(k, 1))) from unnest($${all.length + 1}::text[]) k)`);
    text = `select ${parts.join(', ')}`;
    // Names are few: those of the code, not of a caller.
    if (texts.size < 100) texts.set(key, text);
  }
  const params = [...Object.values(settings), timeout, PLAN_MODES[planned]];
  return { text, params: locks ? [...params, locks] : params };
}

function plainName(name: string): string {
  if (!/^[a-z_.]+$/.test(name)) throw new Error(`${name} is no name of a setting`);
  return name;
}
